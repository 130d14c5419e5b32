"""Checks across content files: references between them, placeholders, what is said aloud."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from palmwise.coach import plan
from palmwise.coach.wording import PHRASES, placeholders
from palmwise.language.phrase_matching import file_name

if TYPE_CHECKING:
    from palmwise.coach.content import Content

COMMAND_WORDS = re.compile(
    r"\b(next|stop|pause|skip|repeat|resume|continue|restart|done|slower|faster|louder|quieter|quit|previous)\b",
    re.IGNORECASE,
)
"""Words that a microphone near the speaker could take for the person's own."""
MARKUP = re.compile(r"[*_#`\[\]]")
EAR_WORDS = 60
"""Words that one thing to say may have at most; some 25 seconds."""


def problems(content: Content, folder: Path) -> list[str]:
    """One "file: sentence" a mistake, over all the files."""
    name = folder.name
    found = [
        *_routines(content),
        *_techniques(content, folder),
        *_faqs(content),
        *_symptoms(content),
        *_alarms(content),
        *_phrases(content),
        *_ears(content),
    ]
    if "general" not in content.red_flags:
        found.append('safety/red_flags.yml: a red flag with the id "general" is needed, for what is none of the others')
    return [f"{name}/{problem}" for problem in found]


def _routines(content: Content) -> Iterator[str]:
    for routine in content.routines.values():
        where = f"routines/{routine.id}.yml"
        for index, step in enumerate(routine.steps, 1):
            if step.technique not in content.techniques:
                yield f'{where}: step {index} uses the technique "{step.technique}", which has no file in techniques/'
            if not 1 <= step.keep <= 5:
                yield f"{where}: step {index} has keep: {step.keep}; 1 (goes first) to 5 (always stays) is possible"
            if step.seconds < 10:
                yield f"{where}: step {index} holds for {step.seconds} s; ten is the least that does any good"
        minutes = plan.total(plan.whole(routine), 1.0) / 60
        if not routine.minutes.least <= minutes <= routine.minutes.most:
            said = f"{routine.minutes.least} to {routine.minutes.most}"
            yield f"{where}: its steps take {minutes:.1f} minutes, but it says {said}"
        shortest = plan.fit(plan.whole(routine), plan.LEAST_MINUTES * 60, 1.0)
        if plan.total(shortest, 1.0) > plan.LEAST_MINUTES * 66:
            yield f"{where}: it cannot be done in two minutes; give more of its steps a keep below 5"


def _techniques(content: Content, folder: Path) -> Iterator[str]:
    for technique in content.techniques.values():
        if not (folder / "pictures" / technique.picture.src).is_file():
            yield f"techniques/{technique.id}.yml: the picture {technique.picture.src} is not in pictures/"
        if len(technique.parts) == 1:
            yield f"techniques/{technique.id}.yml: parts wants at least two, spread over the hold"


def _faqs(content: Content) -> Iterator[str]:
    for id in sorted(FAQ_IDS - content.faqs.keys()):
        yield f"faq/{id}.yml: the file is missing; people ask this"
    for id in sorted(content.faqs.keys() - FAQ_IDS):
        yield f"faq/{id}.yml: nobody can ask this; the questions are fixed in the list of intents"
    for faq in content.faqs.values():
        for other in faq.related:
            if other not in content.faqs:
                yield f'faq/{faq.id}.yml: related names "{other}", which has no file in faq/'


def _symptoms(content: Content) -> Iterator[str]:
    for symptom in content.symptoms.values():
        if symptom.routine not in content.routines:
            yield f'symptoms/{symptom.id}.yml: the routine "{symptom.routine}" has no file in routines/'


def _alarms(content: Content) -> Iterator[str]:
    lists = {f"safety/{file_name(kind)}": alarms for kind, alarms in content.alarms.items()}
    for where, alarms in {**lists, "forgetting.yml": content.forgetting, "privacy.yml": content.privacy}.items():
        for name in alarms.unknown_sets:
            yield f'{where}: there is no set with the name "{name}"'
    for kind, alarms in content.alarms.items():
        flags = {flag.id for flag in alarms.rule_groups} if kind == "red_flag" else set()
        for id in sorted((flags | alarms.hints.keys()) - content.red_flags.keys()):
            yield f'safety/{file_name(kind)}: "{id}" is no red flag of red_flags.yml'


def _phrases(content: Content) -> Iterator[str]:
    for key, needed in PHRASES.items():
        for line in content.phrases.lines.get(key, ()):
            for unknown in sorted(placeholders(line) - needed):
                yield f'phrases.yml: "{key}" has {{{unknown}}}, which cannot be filled in there'
        if key not in content.phrases.lines:
            yield f'phrases.yml: "{key}" is missing'
    for key in sorted(content.phrases.lines.keys() - PHRASES.keys()):
        yield f'phrases.yml: "{key}" is never said'


def _ears(content: Content) -> Iterator[str]:
    for where, said in _said(content):
        if word := COMMAND_WORDS.search(said):
            yield f'{where}: what is said aloud has "{word[0]}", which the microphone could take for a command'
        if mark := MARKUP.search(re.sub(r"\{\w+\}", "", said)):
            yield f'{where}: what is said aloud has the mark "{mark[0]}"'
        if len(said.split()) > EAR_WORDS:
            yield f"{where}: {len(said.split())} words are too many to be said at once ({EAR_WORDS} at most)"


def _said(content: Content) -> Iterator[tuple[str, str]]:
    for technique in content.techniques.values():
        for said in (technique.say, technique.tip or "", *(part.say for part in technique.parts)):
            yield f"techniques/{technique.id}.yml", said
    for routine in content.routines.values():
        for said in (routine.prepare.say, routine.finish.say, *(step.say or "" for step in routine.steps)):
            yield f"routines/{routine.id}.yml", said
    for faq in content.faqs.values():
        yield f"faq/{faq.id}.yml", faq.short
    for flag in content.red_flags.values():
        yield f"safety/red_flags.yml ({flag.id})", flag.say
    for name, spoken in (("question", content.contraindications.question), ("help", content.contraindications.help)):
        yield f"safety/contraindications.yml ({name})", spoken.say
    yield "preparation.yml", content.preparation.say
    yield "aftercare.yml", content.aftercare.say
    for key, lines in content.phrases.lines.items():
        if not key.startswith("button_"):
            yield from ((f"phrases.yml ({key})", line.say) for line in lines)


FAQ_IDS = frozenset(
    (
        "arthritis benefits carpal_tunnel circulation environment equipment grip_strength headaches "
        "heat_and_cold how_often medical_advice neuropathy oils pain_relief pain_relief_creams pressure "
        "reflexology reflexology_points session_length sleep sources stress stretching tension_points "
        "warm_up who_should_not "
    ).split()
)
"""The questions of the public vocabulary."""

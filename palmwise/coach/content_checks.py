"""Checks across content files: references, names, answers to questions, placeholders, and what is said aloud."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import is_dataclass

from palmwise.coach import plan
from palmwise.coach.content import PHRASES, Content, placeholders
from palmwise.coach.model import AnswerTopic, KnownAnswer, Routine, Symptom, Technique
from palmwise.language.phrase_matching import UNKNOWN_RED_FLAG, file_name
from palmwise.language.tokens import words_of

PUBLIC_FAQS = frozenset(
    "arthritis benefits carpal_tunnel circulation environment equipment grip_strength headaches heat_and_cold "
    "how_often medical_advice neuropathy oils pain_relief pain_relief_creams pressure reflexology reflexology_points "
    "session_length sleep sources stress stretching tension_points warm_up who_should_not".split()
)
"""The questions of the public vocabulary, which have their examples in `data/nlu/faq.yml`; more are fine."""
REQUIRED = {
    "faq": PUBLIC_FAQS,
    "routines": frozenset({"classic"}),
    "symptoms": frozenset({"soreness"}),
    "vocabulary": frozenset({"body_part", "hand"}),
}
"""Folder -> the files without which the coach cannot answer."""
FEWEST_ASKED = 5
"""A new question is understood only if there are examples to learn it from."""
MOVES = frozenset("next_step previous_step pause resume repeat_step switch_hand slow_down speed_up stop".split())
"""What a client can do by itself while it cannot reach the coach (`web/lead.js`)."""
MARKUP = re.compile(r"[*_#`\[\]]")
MOST_WORDS = 60
"""Words that are said at once; some 25 seconds."""
MOST_WORDS_OF_ANSWER = 19
"""Words of the one sentence that answers a question."""
FEWEST_QUESTIONS = 5
"""A question is found only if there are several ways of asking it to compare with."""
YES_OR_NO = re.compile(r"(yes|no)\b", re.IGNORECASE)
Where = Callable[..., str]
"""(file name, text in it) -> both as messages name them: `content/en/faq/oils.yml:3`."""


def problems(content: Content, where: Where, pictures: AbstractSet[str]) -> Iterator[str]:
    """A "file:line: sentence" for each mistake; `pictures` has the names of the pictures that are there."""
    yield from _required(content, where)
    yield from _routines(content, where)
    yield from _techniques(content, where, pictures)
    yield from _faqs(content, where)
    yield from _answers(content, where)
    yield from _names(content, where)
    yield from _phrase_lists(content, where)
    yield from _cues(content, where)
    yield from _emoji(content, where)
    yield from _moves(content, where)
    yield from _phrases(content, where)
    yield from _spoken(content, where)


def _required(content: Content, where: Where) -> Iterator[str]:
    there = {
        "faq": content.faqs.keys(),
        "routines": content.routines.keys(),
        "symptoms": content.symptoms.keys(),
        "vocabulary": {words.entity for words in content.words},
    }
    for folder, ids in REQUIRED.items():
        for id in sorted(ids - there[folder]):
            yield f"{where(f'{folder}/{id}.yml')}: the file is missing; the coach cannot do without it"
    if UNKNOWN_RED_FLAG not in content.red_flags:
        file = where("safety/red_flags.yml")
        yield f'{file}: a red flag with the id "{UNKNOWN_RED_FLAG}" is needed, for what is none of the others'


def _routines(content: Content, where: Where) -> Iterator[str]:
    for routine in content.routines.values():
        name = f"routines/{routine.id}.yml"
        for index, step in enumerate(routine.steps, 1):
            at = where(name, step.technique)
            if step.technique not in content.techniques:
                yield f'{at}: step {index} uses the technique "{step.technique}", which has no file in techniques/'
            if not 1 <= step.keep <= 5:
                yield f"{at}: step {index} has keep: {step.keep}; 1 (goes first) to 5 (always stays) is possible"
            if step.seconds < plan.SHORTEST_HOLD:
                yield f"{at}: step {index} holds for {step.seconds} s; ten is the least that does any good"
        minutes = plan.routine_seconds(routine) / 60
        if not routine.minutes.least <= minutes <= routine.minutes.most:
            told = f"{routine.minutes.least} to {routine.minutes.most}"
            yield f"{where(name)}: its steps take {minutes:.1f} minutes, but it says {told}"
        shortest = plan.fit(plan.whole(routine.steps), plan.LEAST_MINUTES * 60, 1.0)
        if plan.total(shortest, 1.0) > plan.LEAST_MINUTES * 66:
            yield f"{where(name)}: it cannot be done in two minutes; give more of its steps a keep below 5"
    for symptom in content.symptoms.values():
        if symptom.routine not in content.routines:
            at = where(f"symptoms/{symptom.id}.yml", symptom.routine)
            yield f'{at}: the routine "{symptom.routine}" has no file in routines/'


def _techniques(content: Content, where: Where, pictures: AbstractSet[str]) -> Iterator[str]:
    for technique in content.techniques.values():
        name = f"techniques/{technique.id}.yml"
        if technique.picture.src not in pictures:
            yield f"{where(name, technique.picture.src)}: the picture {technique.picture.src} is not in pictures/"
        if len(technique.parts) == 1:
            yield f"{where(name, technique.parts[0].say)}: parts wants at least two, spread over the hold"


def _faqs(content: Content, where: Where) -> Iterator[str]:
    for faq in content.faqs.values():
        name = f"faq/{faq.id}.yml"
        if faq.id not in PUBLIC_FAQS and len(faq.asked) < FEWEST_ASKED:
            yield f"{where(name)}: asked wants {FEWEST_ASKED} or more ways in which people ask this, to learn from"
        for other in faq.related:
            if other not in content.faqs:
                yield f'{where(name, other)}: related names "{other}", which has no file in faq/'


def _names(content: Content, where: Where) -> Iterator[str]:
    """A name means one thing; otherwise it would be ambiguous."""
    owners: dict[str, tuple[str, str]] = {}
    folders: Mapping[str, Mapping[str, Routine | Technique | Symptom]]
    folders = {"routines": content.routines, "techniques": content.techniques, "symptoms": content.symptoms}
    for folder, items in folders.items():
        for id, item in items.items():
            file = f"{folder}/{id}.yml"
            for name in dict.fromkeys(item.names):
                plain = " ".join(name.lower().split())
                owner = owners.setdefault(plain, (file, name))
                if owner != (file, name):
                    yield f'{where(file, name)}: the name "{name}" is taken already, in {where(*owner)}'
    for routine in content.routines.values():
        for text in (routine.title, routine.summary, *routine.names):
            if word := content.cues.command.search(text):
                at = where(f"routines/{routine.id}.yml", text)
                yield f'{at}: "{text}" has "{word[0]}" in it, which is a command; say it in other words'


def _phrase_lists(content: Content, where: Where) -> Iterator[str]:
    lists = {f"safety/{file_name(kind)}": alarms for kind, alarms in content.alarms.items()}
    lists |= {"safety/phrases_hold.yml": content.holding}
    lists |= {"forgetting.yml": content.forgetting, "privacy.yml": content.privacy}
    lists |= {f"questions/{id}.yml": answers for id, answers in content.questions.items()}
    lists |= {f"readings/{id}.yml": meanings for id, meanings in content.readings.items()}
    for name, phrases in lists.items():
        for unknown in phrases.unknown_sets:
            yield f'{where(name, f"@{unknown}")}: there is no set with the name "{unknown}"'
    for kind, phrases in content.alarms.items():
        ids = {group.id for group in phrases.rule_groups} if kind == "red_flag" else set()
        name = f"safety/{file_name(kind)}"
        for id in sorted((ids | phrases.hints.keys()) - content.red_flags.keys()):
            yield f'{where(name, id)}: "{id}" is no red flag of red_flags.yml'


def _cues(content: Content, where: Where) -> Iterator[str]:
    """Cues that no message could have: they are compared with its single words."""
    for each in content.words:
        for value in sorted(each.not_before.keys() - each.values.keys()):
            file = where(f"vocabulary/{each.entity}.yml", value)
            yield f'{file}: not_before has "{value}", which is none of the values'
    for name, cues in (("cues.yml", content.cues), ("comparing.yml", content.comparing)):
        for word in sorted(_words_in(cues)):
            if words_of(word) != [word]:
                yield f'{where(name, word)}: "{word}" is to be written as one plain word in small letters'


def _words_in(cues: object) -> Iterator[str]:
    for value in vars(cues).values():
        yield from value if isinstance(value, frozenset) else _words_in(value) if is_dataclass(value) else ()


def _emoji(content: Content, where: Where) -> Iterator[str]:
    """Emoji that stand for two things."""
    for words, emoji in content.emoji.items():
        for each in emoji:
            if content.words_of_emoji[each] != words:
                yield f'{where("emoji.yml", words)}: {each} stands for "{content.words_of_emoji[each]}", too'


def _moves(content: Content, where: Where) -> Iterator[str]:
    """Moves that no client can make, and messages that mean two of them, or tell of pain or danger."""
    able = ", ".join(sorted(MOVES))
    for intent in sorted(content.moves.keys() - MOVES):
        yield f'{where("moves.yml", intent)}: a client cannot do "{intent}" by itself; it can do {able}'
    alarms = [content.alarms[kind] for kind in ("pain", "red_flag") if not list(content.alarms[kind].unknown_sets)]
    owners: dict[str, str] = {}
    for intent, phrases in content.moves.items():
        for phrase in phrases:
            at = where("moves.yml", phrase)
            if " ".join(words_of(phrase)) != phrase:
                yield f'{at}: "{phrase}" is to be written in plain words: small letters, single blanks, no marks'
            if owners.setdefault(phrase, intent) != intent:
                yield f'{at}: "{phrase}" means "{owners[phrase]}" already'
            if any(each.match(words_of(phrase)) for each in alarms):
                yield f'{at}: "{phrase}" is of pain or danger, which the coach has to hear'


def _phrases(content: Content, where: Where) -> Iterator[str]:
    lines = content.phrases.lines
    for key, known in PHRASES.items():
        for line in lines.get(key, ()):
            for unknown in sorted(placeholders(line) - known):
                at = where("phrases.yml", line.text)
                yield f'{at}: "{key}" has {{{unknown}}}, which cannot be filled in there'
        if key not in lines:
            yield f'{where("phrases.yml")}: "{key}" is missing'
    for key in sorted(lines.keys() - PHRASES.keys()):
        yield f'{where("phrases.yml", lines[key][0].text)}: "{key}" is never said'


def _spoken(content: Content, where: Where) -> Iterator[str]:
    for name, said in _said(content):
        at = where(name, said)
        if word := content.cues.command.search(said):
            yield f'{at}: what is said aloud has "{word[0]}", which the microphone could take for a command'
        if mark := MARKUP.search(re.sub(r"\{\w+\}", "", said)):
            yield f'{at}: what is said aloud has the mark "{mark[0]}"'
        if len(said.split()) > MOST_WORDS:
            yield f"{at}: {len(said.split())} words are too many to be said at once ({MOST_WORDS} at most)"


def _said_in_answer(content: Content) -> Iterator[tuple[str, str]]:
    for faq in content.faqs.values():
        yield f"faq/{faq.id}.yml", faq.short
    for id, answer in content.answers.items():
        yield from ((f"answers/{content.topic_of[id].topic}.yml", said) for said in answer.said)


def _said(content: Content) -> Iterator[tuple[str, str]]:
    """(file name, what is said aloud)."""
    for technique in content.techniques.values():
        for said in (
            technique.title,
            technique.say,
            technique.tip or "",
            *technique.details,
            *(part.say for part in technique.parts),
        ):
            yield f"techniques/{technique.id}.yml", said
    for routine in content.routines.values():
        steps = (text for step in routine.steps for text in (step.title, step.say) if text)
        for said in (routine.prepare.say, routine.finish.say, *steps):
            yield f"routines/{routine.id}.yml", said
    yield from _said_in_answer(content)
    for flag in content.red_flags.values():
        yield "safety/red_flags.yml", flag.say
    for spoken in (content.contraindications.question, content.contraindications.help):
        yield "safety/contraindications.yml", spoken.say
    yield "preparation.yml", content.preparation.say
    yield "aftercare.yml", content.aftercare.say
    for key, lines in content.phrases.lines.items():
        if not key.startswith("button_"):
            yield from (("phrases.yml", line.say) for line in lines)


# Answers to single questions


def _answers(content: Content, where: Where) -> Iterator[str]:
    for topic in content.topics.values():
        name = f"answers/{topic.topic}.yml"
        if topic.faq and topic.faq not in content.faqs:
            yield f'{where(name, topic.faq)}: "{topic.faq}" has no file in faq/'
        for answer in topic.answers:
            yield from (f"{where(name, text)}: {problem}" for text, problem in _wording(answer))
            yield from (f"{where(name, text)}: {problem}" for text, problem in _references(content, answer))
    yield from _asked_twice(content, where)


def _wording(answer: KnownAnswer) -> Iterator[tuple[str, str]]:
    """(text, what is wrong with it)."""
    begins = YES_OR_NO.match(answer.say)
    expected = answer.polarity if answer.polarity in ("yes", "no") else None
    if (begins[0].lower() if begins else None) != expected:
        yield (
            answer.say,
            f"say begins with Yes or No where that is its polarity, and only there; it is {answer.polarity}",
        )
    for text in (answer.say, answer.short):
        if len(text.split()) > MOST_WORDS_OF_ANSWER:
            most = f"{MOST_WORDS_OF_ANSWER} at most"
            yield text, f"{len(text.split())} words are too many for an answer in one sentence ({most})"
    if len(answer.questions) < FEWEST_QUESTIONS:
        yield answer.id, f"questions wants {FEWEST_QUESTIONS} or more ways in which people ask this"


def _references(content: Content, answer: KnownAnswer) -> Iterator[tuple[str, str]]:
    """(text, what is wrong with it)."""
    for other in answer.see:
        if other not in content.answers:
            yield other, f'see names "{other}", which is no answer'
    if answer.routine and answer.routine not in content.routines:
        yield answer.routine, f'the routine "{answer.routine}" has no file in routines/'
    for movement in answer.movements:
        if movement not in content.techniques:
            yield movement, f'movements names "{movement}", which has no file in techniques/'
    if answer.condition and answer.condition not in content.symptoms.keys() | content.red_flags.keys():
        yield answer.condition, f'"{answer.condition}" is neither a symptom nor a red flag'


def _asked_twice(content: Content, where: Where) -> Iterator[str]:
    """Ids and questions that two answers have: it would be ambiguous which is meant."""
    ids: dict[str, AnswerTopic] = {}
    asked: dict[str, KnownAnswer] = {}
    for topic in content.topics.values():
        for answer in topic.answers:
            if answer.id in content.faqs:
                yield f'{where(f"answers/{topic.topic}.yml", answer.id)}: "{answer.id}" has a file in faq/ already'
            if (first := ids.setdefault(answer.id, topic)) is not topic:
                at = where(f"answers/{topic.topic}.yml", answer.id)
                yield f'{at}: there is an answer "{answer.id}" already, in {first.topic}.yml'
            for question in (answer.asks, *answer.questions):
                if (owner := asked.setdefault(" ".join(words_of(question)), answer)) is not answer:
                    at = where(f"answers/{topic.topic}.yml", question)
                    yield f'{at}: "{question}" is asked already, for the answer "{owner.id}"'

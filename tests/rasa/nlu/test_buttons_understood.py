"""What the coach's buttons show, and what its prompts suggest to say, works when it is typed or said as well."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest

from palmwise.coach import replies
from palmwise.coach.cards import Button
from palmwise.coach.commands import State
from palmwise.coach.scene import Scene
from palmwise.coach.session import Session
from palmwise.language.tokens import words_of
from palmwise.resources import content
from voice.words import NOT_UNDERSTOOD

Label = Callable[[str], str]

WIDGET = Path("web/texts.js")
PAGE = Path("web/index.html")
GUIDE = Path("docs/voice.md")

# What the suggestions mean: those in bold print in the prompts, those of the page and of the guide. A new one needs its
# meaning here.
MEANT = {
    "again": {"repeat_step"},
    "are you a doctor": {"faq/medical_advice", "bot_challenge"},
    "back": {"previous_step"},
    "carry on": {"resume", "next_step"},
    "faster": {"speed_up"},
    "go on": {"resume", "next_step"},
    "gently": {"slow_down", "resume", "affirm", "next_step", "report_pain"},
    "hold on": {"pause"},
    "how exactly": {"explain_step"},
    "how long": {"how_long"},
    "how long?": {"how_long"},
    "i have five minutes": {"set_duration"},
    "let's begin": {"start_routine"},
    "louder please": {"speak_up"},
    "my hands are sore": {"report_symptom"},
    "next": {"next_step"},
    "no": {"deny"},
    "none of them": {"deny"},
    "only the left": {"switch_hand"},
    "only the right": {"switch_hand"},
    "other hand": {"switch_hand"},
    "ouch": {"report_pain"},
    "pause": {"pause"},
    "put it back in": {"undo"},
    "ready": {"affirm"},
    "say that again": {"repeat_step"},
    "skip": {"next_step"},
    "slower": {"slow_down"},
    "start a hand massage": {"start_routine"},
    "start a massage": {"start_routine"},
    "start over": {"restart"},
    "stop": {"stop"},
    "stop the massage": {"stop"},
    "that hurts": {"report_pain"},
    "what are the steps": {"list_steps"},
    "what else is there": {"list_routines"},
    "when should i not massage": {"faq/who_should_not"},
    "what oil should i use": {"faq/oils"},
    "what routines are there": {"list_routines"},
    "which oil is good": {"faq/oils"},
    "why": {"explain_benefit"},
    "yes": {"affirm"},
}

# What the ear is told it can say or ask has no marks: words of the prompts, what a person makes of them, the meaning.
HEARD = [
    ("tell me when to move on", "move on", {"next_step", "resume"}),
    ("move on", "let's move on", {"next_step", "resume"}),
    ("or return", "return", {"previous_step"}),
    ("ask me to wait", "wait", {"pause"}),
    ("how exactly to do it", "how exactly do I do it", {"explain_step"}),
    ("say it once more", "say it once more", {"repeat_step"}),
    ("change hands", "change hands", {"switch_hand"}),
    ("ask how long", "how long", {"how_long"}),
    ("how exactly, or why", "why", {"explain_benefit"}),
    ("tell me to carry on", "carry on", {"resume", "next_step"}),
    ("go on more gently", "go on more gently", {"resume", "slow_down", "next_step"}),
    ("leave this one out", "leave this one out", {"next_step"}),
    ("end here", "end here", {"stop"}),
    ("tell me to start over", "start over", {"restart"}),
    ("which routines there are", "which routines are there", {"list_routines"}),
    ("ask for a massage", "a massage please", {"start_routine"}),
    ("ask for the steps", "the steps please", {"list_steps"}),
    ("which oil is good", "which oil is good", {"faq/oils"}),
    ("tell me when you're set", "I'm set", {"affirm"}),
    ("if anything hurts, tell me", "it hurts", {"report_pain"}),
    ("a plain yes or no", "yes", {"affirm"}),
]

# Labels of the widget that stand for more than one thing, or whose key is not their payload.
AFTER_A_RED_FLAG = {"My doctor allows it": "allowed", "No, not yet": "no", "You got me wrong": "wrong"}
"""What is read against the coach's question of a doctor's permission, whatever intent it seems to be."""
WIDGET_LABELS = {"help": "help", "massagePoint": "go_to_step"}
WIDGET_TEMPLATES = {"goTo": "go_to_step", "tellMe": "explain_technique"}
VOICE = {"what's next": "next_step", "say that again": "repeat_step", "hold on a moment": "pause"}


def sessions() -> Iterator[Session]:
    new = Session.new("0123456789abcdef")
    for state in get_args(State):
        yield replace(new, state=state)
    yield replace(new, state="stopped", flagged=True)
    yield replace(new, state="stopped", flagged=True, flag="chest_pain")
    yield replace(new, state="paused", easing=True)
    yield replace(new, state="running", switch_to="classic")


ASKED = {"yes": "affirm", "no": "deny", "undo": "undo"}
"""Buttons beside a question, or after a tap."""


def usual() -> frozenset[Button]:
    scenes = [Scene(content(), session, 0.0) for session in sessions()]
    asked = [Button(content().phrases.line(f"button_{name}", 0).text, f"/{to}") for name, to in ASKED.items()]
    return frozenset([*asked, *(each for scene in scenes for each in replies.usual_buttons(scene))])


def every_button() -> list[Button]:
    asked = [Button(faq.question, replies.payload(f"faq/{id}")) for id, faq in content().faqs.items()]
    return sorted({*usual(), *replies.routine_buttons(content()), *asked}, key=lambda each: (each.title, each.payload))


def intent_of(payload: str) -> str:
    return payload.removeprefix("/").partition("{")[0]


def suggested() -> set[str]:
    lines = [line.text for variants in content().phrases.lines.values() for line in variants]
    bold = {phrase for line in lines for phrase in re.findall(r"\*\*([^*{}]+)\*\*", line)}
    listed = PAGE.read_text(encoding="utf-8").partition('<ul class="said"')[2].partition("</ul>")[0]
    guide = GUIDE.read_text(encoding="utf-8").partition("## What to say")[2].partition("\n##")[0]
    bold |= {*re.findall(r"<li>(.+?)</li>", listed), *re.findall(r"\*([^*]+)\*", guide)}
    return {" ".join(phrase.lower().split()) for phrase in bold}


def labels() -> list[tuple[str, str]]:
    """Label and intent of the widget's own buttons."""
    script = WIDGET.read_text(encoding="utf-8")
    found = [(text, payload) for payload, text in re.findall(r'"/(\w+)": "(.+?)"', script)]
    for key, intent in WIDGET_LABELS.items():
        found += [(text, intent) for text in re.findall(rf'\b{key}: "(.+?)"', script)]
    for key, intent in WIDGET_TEMPLATES.items():
        for before, after in re.findall(rf"\b{key}: \(title\) => `(.*?)\$\{{title\}}(.*?)`", script):
            found += [(f"{before}{each.title}{after}", intent) for each in content().techniques.values()]
    return found


def test_every_button_of_the_phrases_is_tried() -> None:
    lines = content().phrases.lines
    known = {line.text for key, variants in lines.items() if key.startswith("button_") for line in variants}
    assert known <= {each.title for each in usual()} | AFTER_A_RED_FLAG.keys()


@pytest.mark.parametrize("button", every_button(), ids=lambda each: f"{each.title} {each.payload}")
def test_a_buttons_words_do_what_it_does(label: Label, button: Button) -> None:
    if button.title in AFTER_A_RED_FLAG:
        answer = content().questions["permission"].match(words_of(button.title))
        assert answer is not None
        assert answer.id == AFTER_A_RED_FLAG[button.title]
        return
    meant = intent_of(button.payload)
    assert label(button.title) in ({"resume", "next_step"} if button.title == "Go on" else {meant})


def test_the_buttons_of_the_routines_name_them(parse: Callable[[str], dict[str, list[dict[str, str]]]]) -> None:
    for id, routine in content().routines.items():
        assert id in {each["value"] for each in parse(routine.title)["entities"] if each["entity"] == "routine"}


@pytest.mark.parametrize("phrase", sorted(suggested()))
def test_what_the_prompts_suggest_is_understood(label: Label, phrase: str) -> None:
    assert label(phrase) in MEANT[phrase]


def test_no_meaning_is_missing_or_left_over() -> None:
    assert set(MEANT) == suggested()


@pytest.mark.parametrize(("prompt", "answer", "meant"), HEARD)
def test_what_the_prompts_tell_the_ear_is_understood(label: Label, prompt: str, answer: str, meant: set[str]) -> None:
    said = [line.say.lower() for variants in content().phrases.lines.values() for line in variants]
    assert any(prompt in line for line in said)
    assert label(answer) in meant


@pytest.mark.parametrize(("text", "meant"), labels())
def test_the_widgets_labels_are_understood(label: Label, text: str, meant: str) -> None:
    assert label(text) == meant


def test_the_widgets_labels_are_found() -> None:
    assert {meant for _, meant in labels()} >= {"pause", "stop", "help", *WIDGET_TEMPLATES.values()}


def test_what_the_voice_client_suggests_is_understood(label: Label) -> None:
    (spoken,) = [line.partition("You can say: ")[2].rstrip(".") for line in NOT_UNDERSTOOD if "You can say: " in line]
    suggestions = [each.removeprefix("or ") for each in spoken.split(", ")]
    assert {each: label(each) for each in suggestions} == VOICE

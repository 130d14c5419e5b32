"""What Rasa understood, as a command for the coach."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, cast

from palmwise.coach.commands import By, ClockReport, Command
from palmwise.coach.content import Content
from palmwise.coach.talk import is_privacy_question
from palmwise.language.sentences import is_hedged, says_yes
from palmwise.language.tokens import words_of

SPEAKERS = ("person", "button", "timer")
RETRIEVAL = "faq"
LONGEST_VALUE = 60
MINUTES = re.compile(r"\d{1,6}(\.\d{1,3})?")
HALTING = frozenset({"report_red_flag", "report_pain", "stop"})
"""Intents that count even if the text was typed with a slash before it, as if it were a payload."""
FALLBACK = "nlu_fallback"
LIKELY = 0.15
"""Probability from which on an intent is one that may have been meant."""
STEP = re.compile(r"last(-\d{1,2})?|[+-]?\d{1,6}")


def command(message: Mapping[str, Any], content: Content) -> Command:
    """The command in `message`, a tracker's latest message.

    Nothing in a message is trusted: what does not fit is left out, never an error.
    """
    metadata: Any = message.get("metadata")
    fields: Mapping[str, Any] = metadata if isinstance(metadata, Mapping) else {}
    token, said = fields.get("token"), message.get("text")
    text = said if isinstance(said, str) else ""
    words = words_of(text)
    is_slashed = bool(fields.get("slashed"))
    is_worded = bool(text) and not (text.startswith("/") or is_slashed)
    return Command(
        intent=_intent(message, is_slashed=is_slashed),
        entities=_entities(message, content),
        text=text if is_worded else "",
        confidence=_confidence(message.get("intent")),
        **(_read_from_words(message, content) if is_worded else {}),
        by=cast(By, fields.get("by")) if fields.get("by") in SPEAKERS else "person",
        token=token if isinstance(token, str) else None,
        clock=_clock(fields.get("clock")),
        mixed=says_yes(words),
        hedged=is_hedged(words),
        private=is_privacy_question(content, text),
    )


def _read_from_words(message: Mapping[str, Any], content: Content) -> dict[str, Any]:
    """What is read from the words of a message beside its intent; buttons and payloads have none."""
    parts, meant = message.get("parts"), message.get("meant")
    clauses = [part for part in parts if isinstance(part, Mapping)] if isinstance(parts, list) else []
    return {
        **_answer(message.get("answer"), content),
        "meant": meant if isinstance(meant, str) else "",
        "across": message.get("correction") == "across",
        "parts": tuple(command(part, content) for part in clauses),
        "others": _others(message),
        "answers": _answers(message),
        "acts": _acts(message),
    }


def _intent(message: Mapping[str, Any], *, is_slashed: bool) -> str:
    """The intent, a retrieval intent with its id; text typed as if it were a payload is not understood."""
    found: Any = message.get("intent")
    name = found.get("name") if isinstance(found, Mapping) else None
    if not isinstance(name, str) or (is_slashed and name not in HALTING):
        return FALLBACK
    return _question(message) if name == RETRIEVAL else name


def _confidence(intent: Any) -> float:
    value = intent.get("confidence") if isinstance(intent, Mapping) else None
    return float(value) if isinstance(value, (int, float)) else 1.0


def _others(message: Mapping[str, Any]) -> tuple[str, ...]:
    ranking = [each for each in message.get("intent_ranking") or () if isinstance(each, Mapping)]
    likely = (each.get("name") for each in ranking if _confidence(each) >= LIKELY)
    return tuple(name for name in likely if isinstance(name, str) and name != FALLBACK)


def _answers(message: Mapping[str, Any]) -> dict[str, tuple[str, float]]:
    found = (message.get("reading") or {}).get("answers") or {}
    return {question: (meaning, float(share)) for question, (meaning, share) in found.items()}


def _acts(message: Mapping[str, Any]) -> dict[str, float]:
    return dict((message.get("reading") or {}).get("acts") or {})


def _question(message: Mapping[str, Any]) -> str:
    """`faq/<id>`, from the text of a button or from the response selector; bare `faq` if neither knows."""
    text = message.get("text")
    if isinstance(text, str) and text.startswith(f"/{RETRIEVAL}/"):
        return text[1:]
    full: Any = message.get("response_selector")
    for key in (RETRIEVAL, "response", "intent_response_key"):
        full = full.get(key) if isinstance(full, Mapping) else None
    return full if isinstance(full, str) and full.startswith(f"{RETRIEVAL}/") else RETRIEVAL


def _answer(found: Any, content: Content) -> dict[str, Any]:
    """The answer that was found, and those that come near; nothing where there is none."""
    fields: Mapping[str, Any] = found if isinstance(found, Mapping) else {}
    id, near, chances = fields.get("id"), fields.get("near"), fields.get("chances")
    known = [each for each in near if each in content.answers] if isinstance(near, list) else []
    shares = {id: _share(chance) for id, chance in chances.items()} if isinstance(chances, Mapping) else {}
    needed = _share(fields.get("needed"))
    return {
        "answer": id if id in content.answers else None,
        "near": tuple(known),
        "chances": {id: share for id, share in shares.items() if share is not None and id in content.answers},
        "needed": 1.0 if needed is None else needed,
    }


def _share(value: Any) -> float | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number and 0 <= value <= 1 else None


def _clock(report: Any) -> ClockReport | None:
    if not isinstance(report, Mapping):
        return None
    token, elapsed = report.get("token"), report.get("elapsed")
    if not isinstance(token, str) or isinstance(elapsed, bool) or not isinstance(elapsed, (int, float)):
        return None
    step = report.get("step")
    led_to = step if isinstance(step, int) and not isinstance(step, bool) else None
    return ClockReport(token, float(elapsed), led_to) if math.isfinite(elapsed) else None


def _entities(message: Mapping[str, Any], content: Content) -> dict[str, tuple[str, ...]]:
    found = [entity for entity in message.get("entities") or () if isinstance(entity, Mapping)]
    found.sort(key=lambda entity: entity["start"] if isinstance(entity.get("start"), int) else 0)
    values: dict[str, tuple[str, ...]] = {}
    for entity in found:
        name = entity.get("entity")
        reader = _reader(name, content) if isinstance(name, str) else None
        for text in _texts(entity.get("value")) if reader else ():
            value = reader(text) if reader else None
            if isinstance(name, str) and value is not None and value not in values.get(name, ()):
                values[name] = (*values.get(name, ()), value)
    return values


def _texts(value: Any) -> Iterator[str]:
    """A value as short texts; a button may send a number or a list where the recogniser sends a text."""
    for item in value if isinstance(value, list) else (value,):
        if isinstance(item, (str, int, float)) and not isinstance(item, bool):
            text = (f"{item:g}" if isinstance(item, float) else str(item)).strip()
            if text and len(text) <= LONGEST_VALUE:
                yield text


def _reader(name: str, content: Content) -> Callable[[str], str | None] | None:
    if name == "minutes":
        return lambda text: text if MINUTES.fullmatch(text) else None
    if name == "step_number":
        return lambda text: text if STEP.fullmatch(text) else None
    names = dict(content.vocabulary.get(name, {}))
    if name == "symptom":
        # Which red flag somebody tells of is a symptom, too; its id comes from the phrases of content/en/safety.
        names |= dict.fromkeys(content.red_flags, ())
    return None if not names else lambda text: _canonical(text, names)


def _canonical(text: str, names: Mapping[str, tuple[str, ...]]) -> str | None:
    """The name that the content knows a thing by, from that name or from what people call it."""
    if text in names:
        return text
    spoken = text.casefold()
    for canonical, called in names.items():
        if spoken == canonical.casefold() or spoken in (word.casefold() for word in called):
            return canonical
    return None

"""Generates docs/behaviour.md from the guards and the table of `palmwise.coach.behaviour`: `make docs`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from palmwise.coach.behaviour import GUARDS, INTERPRETED, QUESTIONS, TABLE
from palmwise.coach.content import Content
from palmwise.coach.rules import Handler, Row
from palmwise.coach.talk import Say
from palmwise.resources import ROOT, content

DOCUMENT = ROOT / "docs" / "behaviour.md"


def main() -> None:
    """Write the document anew."""
    DOCUMENT.write_text(behaviour_markdown(content()), encoding="utf-8")


def behaviour_markdown(content: Content) -> str:
    """docs/behaviour.md: the guards, and for each command and state what happens, in a few words."""
    return "\n".join(_markdown(content)) + "\n"


def _markdown(content: Content) -> Iterator[str]:
    yield "# Behaviour"
    yield ""
    yield "What happens for each command in each state; generated from `palmwise/coach/behaviour.py` by `make docs`."
    yield "Sentences in quotes are said and change nothing."
    yield ""
    yield "## Open questions"
    yield ""
    yield "What a person says is read against them first. The words of the answers are in `content/en/questions/`."
    yield 'Where commands are listed, buttons and sentences are read by them; a maybe is the answer "unsure" then.'
    for question in QUESTIONS:
        yield f"\n**{question.name[:1].upper()}{question.name[1:]}** (when: {question.when})\n"
        yield from (f"- {meaning}: {_summary(content, handler)}" for meaning, handler in question.answers.items())
        yield from _commands(content, question.commands)
    yield ""
    yield "## Guards"
    yield ""
    yield "Asked next, in this order. After them one more guard holds for every outcome: what would prepare or run a"
    yield "massage asks the safety question first, unless it has been answered with a clear no."
    for guard in GUARDS:
        yield f"\n**{guard.name[:1].upper()}{guard.name[1:]}** (when: {guard.when})\n"
        yield from _commands(content, guard.answers)
    yield ""
    yield "## Commands by state"
    yield from _rows(content, TABLE)
    yield ""
    yield "## What is read in the conversation"
    yield ""
    yield "No single sentence has these intents: the readers of `palmwise/coach/interpretation.py` and"
    yield "`palmwise/coach/references.py` find them in the light of what is on, by the phrases of"
    yield "`content/en/readings/`."
    yield from _rows(content, INTERPRETED)


def _commands(content: Content, handlers: Mapping[str, Handler]) -> Iterator[str]:
    """An item for each thing that happens, with the commands that it happens for."""
    grouped: dict[str, list[str]] = {}
    for intent, handler in handlers.items():
        name = "any other command" if intent == "*" else f"`{intent}`"
        grouped.setdefault(_summary(content, handler), []).append(name)
    yield from (f"- {', '.join(intents)}: {summary}" for summary, intents in grouped.items())


def _rows(content: Content, table: Mapping[str, Row]) -> Iterator[str]:
    states = Row.__dataclass_fields__
    for intent, row in table.items():
        yield f"\n### `{intent}`\n"
        by_summary: dict[str, list[str]] = {}
        for state in states:
            by_summary.setdefault(_summary(content, getattr(row, state)), []).append(state)
        for summary, where in by_summary.items():
            yield f"- {'in every state' if len(where) == len(states) else ', '.join(where)}: {summary}"


def _summary(content: Content, handler: Handler) -> str:
    """What a handler does: its sentence, or the first line of its docstring."""
    if isinstance(handler, Say):
        return f'"{content.phrases.lines[handler.key][0].text}"'
    summary = (handler.__doc__ or "").strip().splitlines()[0]
    return summary[:1].lower() + summary[1:].removesuffix(".")


if __name__ == "__main__":
    main()

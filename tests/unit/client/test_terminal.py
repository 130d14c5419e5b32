from __future__ import annotations

import io
from typing import Any

import pytest

from palmwise.client.terminal import Chat, Keyboard, Line, Screen
from palmwise.errors import RefusedError, UnreachableError


class FakeTalk:
    """Answers with the messages that were laid out for it."""

    def __init__(self, *answers: list[dict[str, Any]] | Exception) -> None:
        self.answers = list(answers)
        self.ids: list[str | None] = []
        self.heard: list[tuple[str, str, dict[str, Any]]] = []

    def open(self) -> None:
        self.ids.append(None)
        self.heard.append(("open", "", {}))

    def say(self, text: str, **more: Any) -> list[dict[str, Any]]:
        return self._answer("say", text, more)

    def press(self, payload: str, **more: Any) -> list[dict[str, Any]]:
        return self._answer("press", payload, more)

    def ring(self, token: str, **more: Any) -> list[dict[str, Any]]:
        return self._answer("ring", token, more)

    def look(self) -> dict[str, Any]:
        return {"messages": self._answer("look", "", {})}

    def _answer(self, kind: str, what: str, more: dict[str, Any]) -> list[dict[str, Any]]:
        self.ids.append(more.pop("id", None))
        self.heard.append((kind, what, more))
        answer = self.answers.pop(0) if self.answers else []
        if isinstance(answer, Exception):
            raise answer
        return answer


class FakeKeyboard(Keyboard):
    """Types one entry a look, then ends; time goes on by a second at each."""

    def __init__(self, *typed: list[str]) -> None:
        self.line = Line()
        self.live = False
        self.typed = list(typed)
        self.now = 0.0

    def lines(self, seconds: float) -> list[str]:
        del seconds
        self.now += 1
        if not self.typed:
            self.line.ended = True
            return []
        return self.typed.pop(0)


STEP: list[dict[str, Any]] = [
    {"text": "Knead **well**", "buttons": [{"title": "Done", "payload": "/next_step"}]},
    {
        "custom": {
            "title": "Kneading",
            "session": {"token": "t1"},
            "clock": {"duration": 3, "elapsed": 0, "running": True},
            "cues": [{"at": 0, "say": "Begin"}, {"at": 2, "say": "Soon done"}],
        }
    },
]
END: list[dict[str, Any]] = [{"text": "Well done"}, {"custom": {"session": {"token": None}}}]


def chat(talk: FakeTalk, *typed: list[str]) -> str:
    out = io.StringIO()
    keyboard = FakeKeyboard(*typed)
    Chat(talk, Screen(out, live=False), keyboard, lambda: keyboard.now, lambda _: None).run()  # type: ignore[arg-type]
    return out.getvalue()


def test_a_step_moves_on_by_itself() -> None:
    talk = FakeTalk(STEP, END)
    shown = chat(talk, [], [], [], [], [])
    assert [(kind, what) for kind, what, _ in talk.heard] == [("open", ""), ("say", "hello"), ("ring", "t1")]
    assert talk.heard[-1][2] == {"clock": {"token": "t1", "elapsed": 3.0}}
    assert shown.index("(Begin)") < shown.index("(Soon done)") < shown.index("Well done")


def test_a_timer_that_gets_no_word_looks_what_is_on() -> None:
    longer = [{"custom": {**STEP[-1]["custom"], "clock": {"duration": 5, "elapsed": 3, "running": True}}}]
    talk = FakeTalk(STEP, [], longer, END)
    chat(talk, [], [], [], [], [], [])
    assert [kind for kind, _, _ in talk.heard] == ["open", "say", "ring", "look", "ring"]
    assert talk.heard[-1][2] == {"clock": {"token": "t1", "elapsed": 5.0}}


def test_a_number_presses_its_button_and_words_are_said() -> None:
    talk = FakeTalk(STEP, [], END)
    chat(talk, ["how long"], ["1"])
    assert [(kind, what) for kind, what, _ in talk.heard[2:]] == [("say", "how long"), ("press", "/next_step")]


AWAY = [RefusedError(503, "busy", "Out of reach.", 3), UnreachableError("Nobody answers.")]


@pytest.mark.parametrize("trouble", AWAY)
def test_a_timer_that_is_refused_rings_again_and_the_chat_goes_on(trouble: Exception) -> None:
    talk = FakeTalk(STEP, trouble, trouble, END)
    shown = chat(talk, *[[] for _ in range(14)])
    assert [kind for kind, _, _ in talk.heard] == ["open", "say", "ring", "ring", "ring"]
    assert len(set(talk.ids[2:])) == 1  # done once, even if the first had arrived
    assert "Well done" in shown
    assert shown.count("Out of reach.") + shown.count("does not answer") == 1


@pytest.mark.parametrize("trouble", AWAY)
def test_words_that_were_lost_are_sent_again_by_the_same_name(trouble: Exception) -> None:
    talk = FakeTalk(STEP, trouble, [])
    chat(talk, ["how long"], ["next"])
    assert [what for _, what, _ in talk.heard[2:]] == ["how long", "how long", "next"]
    assert talk.ids[2] == talk.ids[3] != talk.ids[4]


def test_words_that_stay_lost_are_told_so() -> None:
    talk = FakeTalk(STEP, *AWAY)
    assert "does not answer" in chat(talk, ["how long"])


@pytest.mark.parametrize("number", ["0", "2", "77"])
def test_a_number_without_a_button_is_said(number: str) -> None:
    talk = FakeTalk(STEP)
    chat(talk, [number])
    assert talk.heard[-1][:2] == ("say", number)


def test_leaving_is_one_word() -> None:
    talk = FakeTalk(STEP)
    chat(talk, ["/quit"], ["never said"])
    assert len(talk.heard) == 2


@pytest.mark.parametrize(
    ("keys", "finished", "left"),
    [
        ("next\nhow", ["next"], "how"),
        ("nexx\x7ft\r", ["next"], ""),
        ("abc\x15stop\n", ["stop"], ""),
        ("a\x1b[Db\x1bOAc", [], "abc"),
        ("grüße 👍\n", ["grüße 👍"], ""),
        ("\x00\x07x", [], "x"),
    ],
)
def test_keys_make_lines(keys: str, finished: list[str], left: str) -> None:
    line = Line()
    assert (line.feed(keys), line.text) == (finished, left)


def test_ctrl_d_ends_on_an_empty_line_only() -> None:
    line = Line()
    line.feed("a\x04")
    assert not line.ended
    line.feed("\n\x04")
    assert line.ended


def test_the_line_below_is_drawn_again_only_when_it_changed() -> None:
    out = io.StringIO()
    screen = Screen(out, live=True)
    for clock in ("[0:03] ", "[0:03] ", "[0:02] "):
        screen.line(clock, "ne")
    assert out.getvalue().count("\r") == 2

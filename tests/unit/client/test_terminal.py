from __future__ import annotations

import contextlib
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from prompt_toolkit import PromptSession
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from palmwise.client.terminal import Chat, format_paragraph, live_terminal, read_plain_line, run
from palmwise.errors import RefusedError, UnreachableError


class FakeClient:
    """Answers each request with the next of the given messages, or raises the next error."""

    def __init__(self, *answers: list[dict[str, Any]] | Exception) -> None:
        self.answers = list(answers)
        self.ids: list[str | None] = []
        self.requests: list[tuple[str, str, dict[str, Any]]] = []

    def open(self) -> None:
        self.requests.append(("open", "", {}))
        self.ids.append(None)

    def say(self, text: str, **fields: Any) -> list[dict[str, Any]]:
        return self._answer("say", text, fields)

    def send(self, message: dict[str, Any]) -> list[dict[str, Any]]:
        fields = dict(message)
        if "text" in fields:
            return self._answer("say", fields.pop("text"), fields)
        assert fields.pop("by") == "button"
        return self._answer("press", fields.pop("payload"), fields)

    def end_step(self, token: str, **fields: Any) -> list[dict[str, Any]]:
        return self._answer("end_step", token, fields)

    def current_card(self) -> list[dict[str, Any]]:
        return self._answer("current_card", "", {})

    def _answer(self, kind: str, what: str, fields: dict[str, Any]) -> list[dict[str, Any]]:
        self.ids.append(fields.pop("id", None))
        self.requests.append((kind, what, fields))
        answer = self.answers.pop(0) if self.answers else []
        if isinstance(answer, Exception):
            raise answer
        return answer


STEP: list[dict[str, Any]] = [
    {"text": "Knead **well**", "buttons": [{"title": "Done", "payload": "/next_step"}]},
    {
        "custom": {
            "card": "step",
            "title": "Kneading",
            "session": {"state": "running", "token": "t1"},
            "clock": {"duration": 3, "elapsed": 0, "running": True},
            "cues": [{"at": 0, "say": "Begin"}, {"at": 2, "say": "Soon done"}],
        }
    },
]
END: list[dict[str, Any]] = [
    {"text": "Well done"},
    {"custom": {"card": "finished", "session": {"state": "finished", "token": None}}},
]


class Script:
    """Plays a chat: each entry is what is typed within a second, None is a second in which nothing is."""

    def __init__(self, client: FakeClient, *typed: str | None) -> None:
        self.now = 0.0
        self.shown: list[str] = []
        self.chat = Chat(client, self.shown.append, lambda: self.now, lambda _: None)  # type: ignore[arg-type]
        self.chat.begin()
        for line in typed:
            self.chat.tick()
            self.now += 1
            if line is not None:
                self.chat.answer(line)


def test_the_chat_goes_on_to_the_next_step_by_itself() -> None:
    client = FakeClient(STEP, END)
    shown = Script(client, *[None] * 5).shown
    assert [(kind, what) for kind, what, _ in client.requests] == [("open", ""), ("say", "hello"), ("end_step", "t1")]
    assert client.requests[-1][2] == {"clock": {"token": "t1", "elapsed": 3.0}}
    assert shown.index("(Begin)") < shown.index("(Soon done)") < shown.index("Well done")


def test_an_empty_answer_to_the_timer_fetches_the_current_card() -> None:
    longer = [{"custom": {**STEP[-1]["custom"], "clock": {"duration": 5, "elapsed": 3, "running": True}}}]
    client = FakeClient(STEP, [], longer, END)
    Script(client, *[None] * 6)
    assert [kind for kind, _, _ in client.requests] == ["open", "say", "end_step", "current_card", "end_step"]
    assert client.requests[-1][2] == {"clock": {"token": "t1", "elapsed": 5.0}}


def test_a_number_presses_its_button_and_words_are_said() -> None:
    client = FakeClient(STEP, [], END)
    Script(client, "how long", "1")
    assert [(kind, what) for kind, what, _ in client.requests[2:]] == [("say", "how long"), ("press", "/next_step")]


FAILURES = [RefusedError(503, "busy", "Out of reach.", 3), UnreachableError("Nobody answers.")]


@pytest.mark.parametrize("failure", FAILURES)
def test_a_timer_that_fails_is_sent_again_and_the_chat_goes_on(failure: Exception) -> None:
    client = FakeClient(STEP, failure, failure, END)
    shown = Script(client, *[None] * 14).shown
    assert [kind for kind, _, _ in client.requests] == ["open", "say", "end_step", "end_step", "end_step"]
    assert len(set(client.ids[2:])) == 1  # with one id the server goes on once, even if the first had arrived
    assert "Well done" in shown
    assert len([text for text in shown if text == "Out of reach." or "does not answer" in text]) == 1


@pytest.mark.parametrize("failure", FAILURES)
def test_words_that_were_lost_are_sent_again_with_the_same_id(failure: Exception) -> None:
    client = FakeClient(STEP, failure, [])
    Script(client, "how long", "next")
    assert [what for _, what, _ in client.requests[2:]] == ["how long", "how long", "next"]
    assert client.ids[2] == client.ids[3] != client.ids[4]


def test_words_that_stay_lost_are_reported() -> None:
    assert "does not answer" in Script(FakeClient(STEP, *FAILURES), "how long").shown[-1]


def test_words_that_are_refused_are_explained_and_not_repeated() -> None:
    client = FakeClient(STEP, RefusedError(429, "too_many", "Please wait."))
    assert Script(client, "how long").shown[-1] == "Please wait."
    assert len(client.requests) == 3


@pytest.mark.parametrize("number", ["0", "2", "77"])
def test_a_number_without_a_button_is_said(number: str) -> None:
    client = FakeClient(STEP)
    Script(client, number)
    assert client.requests[-1][:2] == ("say", number)


def test_the_status_shows_the_step_and_the_time_that_is_left() -> None:
    script = Script(FakeClient(STEP), None)
    assert script.chat.status() == "Kneading 0:02"
    assert Script(FakeClient(END)).chat.status() == ""


def test_paragraphs_are_wrapped_and_bold_text_is_marked() -> None:
    assert format_paragraph("Knead **well**\n  [1] Done", bold=r"<\1>") == "  Knead <well>\n  [1] Done\n"
    assert format_paragraph("  [1] Done", bold=r"\1") == "    [1] Done\n"
    assert all(len(line) <= 88 for line in format_paragraph("word " * 100, bold=r"\1").split("\n"))


def lines_of(*typed: str) -> Callable[[], str]:
    lines = iter(typed)

    def read_line() -> str:
        for line in lines:
            return line
        raise EOFError

    return read_line


@pytest.mark.parametrize("typed", [("next",), ("next", "/quit", "never said"), ("next", " /EXIT ", "never said")])
def test_the_chat_ends_with_its_input_or_a_quit_command(typed: tuple[str, ...]) -> None:
    client = FakeClient(STEP)
    run(Chat(client, lambda _: None), lines_of(*typed))  # type: ignore[arg-type]
    assert [what for kind, what, _ in client.requests if kind == "say"] == ["hello", "next"]


def test_lines_are_read_from_a_pipe_and_written_for_the_transcript(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = iter(["next\n", ""])
    monkeypatch.setattr(sys, "stdin", type("Pipe", (), {"readline": lambda _: next(lines)})())
    assert read_plain_line() == "next"
    with pytest.raises(EOFError):
        read_plain_line()
    assert capsys.readouterr().out == "\n> next\n"


@contextlib.contextmanager
def typing(keys: str) -> Iterator[Callable[[], str]]:
    """A live terminal in which these keys are pressed."""
    keyboard = create_pipe_input()
    keyboard.send_text(keys)
    try:
        with live_terminal(lambda: "Kneading 1:05", PromptSession(input=keyboard, output=DummyOutput())) as read_line:
            yield read_line
    finally:
        keyboard.close()


@pytest.mark.parametrize(("keys", "line"), [("nexx\x7ft\r", "next"), ("a\x1b[Dö\r", "öa"), ("abc\x15stop\r", "stop")])
def test_a_line_can_be_edited_in_a_live_terminal(keys: str, line: str) -> None:
    with typing(keys) as read_line:
        assert read_line() == line


@pytest.mark.parametrize(("keys", "error"), [("\x04", EOFError), ("\x03", KeyboardInterrupt)])
def test_ctrl_d_and_ctrl_c_end_a_live_terminal(keys: str, error: type[BaseException]) -> None:
    with typing(keys) as read_line, pytest.raises(error):
        read_line()


def test_only_one_request_is_under_way_at_a_time() -> None:
    """The timer's thread and the keyboard's share the client, and the server answers in order."""
    client = FakeClient(STEP)
    chat = Chat(client, lambda _: None)  # type: ignore[arg-type]
    chat.begin()
    with chat._lock:
        answering = threading.Thread(target=chat.answer, args=("next",))
        answering.start()
        answering.join(0.05)
        assert answering.is_alive()
    answering.join(5)
    assert client.requests[-1][:2] == ("say", "next")

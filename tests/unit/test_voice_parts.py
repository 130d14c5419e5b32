"""The small parts of the voice client: language files, endpointing, settings, what is meant for the coach."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from coach.content import load_content
from voice import echo
from voice.ears import weights
from voice.endpointing import PIECE, SileroEndpointer, Thresholds
from voice.errors import LanguageError, ModelError
from voice.events import Event, MicrophoneBack, MicrophoneLost, SpeechBegan, SpeechEnded
from voice.judging import Situation, Verdict, judge
from voice.language.commands import INTENTS, commands, shortlist
from voice.language.grammar import jsgf
from voice.language.ngrams import arpa
from voice.language.pronouncing import Pronunciations
from voice.language.reading import Line, lines
from voice.language.store import language
from voice.language.wording import similarity, spoken, word_errors
from voice.microphone import Listening
from voice.protocols import Clip, Heard
from voice.sentences import LONGEST, Respelling
from voice.sentences import lines as sentences
from voice.settings import read

ROOT = Path(__file__).resolve().parent.parent.parent


class Sound:
    """A clip."""

    def __init__(self, raw: bytes) -> None:
        self.raw = raw

    def get_raw_data(self, convert_rate: int | None = None, convert_width: int | None = None) -> bytes:
        assert convert_rate in (None, 16_000)
        assert convert_width in (None, 2)
        return self.raw


@pytest.mark.parametrize(
    ("written", "heard"),
    [
        ("I've got 5 minutes!", "i've got five minutes"),
        ("Jump to the 3rd one", "jump to the third one"),
        ("OK \N{EM DASH} what\N{RIGHT SINGLE QUOTATION MARK}s next?", "okay what's next"),
        ("25 mins", "twenty five mins"),
        ("", ""),
    ],
)
def test_what_is_written_becomes_what_is_heard(written: str, heard: str) -> None:
    assert spoken(written) == heard


def test_word_errors_are_counted_as_usual() -> None:
    assert word_errors("go back please", "go back please") == 0
    assert word_errors("go back please", "go pack") == 2
    assert word_errors("stop", "") == 1


def test_what_sounds_alike_is_similar() -> None:
    assert similarity("next one", "nextone") == 1
    assert similarity("next one", "carry on") < 0.5


def test_the_training_data_are_read_without_marks_for_entities() -> None:
    read_lines = lines(ROOT)
    assert Line("next_step", "next") in read_lines
    assert {line.intent for line in read_lines} > INTENTS
    assert not [line.text for line in read_lines if set(line.text) & set("[](){}0123456789")]


def test_a_folder_without_data_is_told(tmp_path: Path) -> None:
    with pytest.raises(LanguageError):
        lines(tmp_path)


def test_the_language_model_is_a_distribution() -> None:
    text = arpa({"go back": 2, "go on": 1, "carry on": 1})
    unigrams = text.split("\\1-grams:")[1].split("\\2-grams:")[0].split("\n")
    chances = [10 ** float(line.split("\t")[0]) for line in unigrams if "\t" in line]
    assert sum(chances) == pytest.approx(1, abs=0.01)
    assert "ngram 2=" in text
    after = dict.fromkeys(("back", "on"), 0.0)
    for line in text.split("\\2-grams:")[1].split("\n"):
        for word in after:
            if line.endswith(f"\tgo {word}"):
                after[word] = 10 ** float(line.split("\t")[0])
    assert after["back"] > after["on"] > 0


def test_a_grammar_shares_beginnings() -> None:
    text = jsgf(["go back", "go on", "go", "stop"])
    assert "go [ back | on ]" in text
    assert "stop" in text
    with pytest.raises(ValueError, match="phrases"):
        jsgf([])


def test_every_command_keeps_its_intent_and_steps_get_all_numbers() -> None:
    known = commands(lines(ROOT))
    assert known["next"] == "next_step"
    assert known["ouch"] == "report_pain"
    assert known["go to step seven"] == "go_to_step"
    assert set(shortlist(known)) <= set(known)
    assert len(shortlist(known)) < 1000


def test_the_names_of_all_techniques_can_be_heard_and_pronounced(tmp_path: Path) -> None:
    dictionary = tmp_path / "words.dict"
    dictionary.write_text("go G OW\nback B AE K\nback(2) B AE K\n")
    own = Pronunciations.read(dictionary)
    for word in ("effleurage", "petrissage", "reflexology", "arnica"):
        assert own.of(word)
    assert own.of("backs") == (("B", "AE", "K", "S"), ("B", "AE", "K", "S"))
    assert own.of("xyzzy") == ()
    assert "back B AE K\n" in own.dictionary(["back", "xyzzy"])
    said = Respelling().of("Effleurage, then petrissage.")
    assert "effleurage" not in said.lower()
    assert "effleurage" in load_content(ROOT / "content").techniques


def test_the_language_is_made_once_and_anew_when_its_sources_change(tmp_path: Path) -> None:
    root = tmp_path / "project"
    (root / "data" / "nlu").mkdir(parents=True)
    file = root / "data" / "nlu" / "moves.yml"
    file.write_text("nlu:\n- intent: next_step\n  examples: |\n    - go on\n    - go\n    - go on go\n    - on go on\n")
    dictionary = tmp_path / "words.dict"
    dictionary.write_text("go G OW\non AA N\nback B AE K\n")
    first = language(root, dictionary, tmp_path / "cache")
    assert first.commands()["go on"] == "next_step"
    assert language(root, dictionary, tmp_path / "cache") == first
    file.write_text(file.read_text() + "    - go on on\n")
    assert language(root, dictionary, tmp_path / "cache") != first


def test_long_texts_are_cut_into_lines_that_can_be_said_again() -> None:
    assert sentences("One. **Two**! Three?") == ("One.", "Two!", "Three?")
    assert all(len(line) <= LONGEST for line in sentences("word, " * 100))
    assert sentences(" ... ") == ()


def pieces(*runs: tuple[float, int]) -> list[tuple[float, bytes]]:
    """Probability of speech and a piece of sound, for runs of so many pieces."""
    loud = {0.9: b"\x00\x20", 0.1: b"\x05\x00"}
    return [(chance, loud[chance] * PIECE) for chance, count in runs for _ in range(count)]


def fed(policy: str, run: list[tuple[float, bytes]], *, speaking: bool = False) -> list[Event]:
    chances = iter([chance for chance, _ in run])
    endpointer = SileroEndpointer(policy, Sound, lambda _: next(chances), Thresholds())  # type: ignore[arg-type]
    endpointer.mode(speaking=speaking)
    return [event for _, piece in run for event in endpointer.feed(piece)]


def test_a_phrase_has_a_beginning_and_an_end_and_what_came_before() -> None:
    began, ended = fed("headset", pieces((0.1, 30), (0.9, 20), (0.1, 30)))
    assert began == SpeechBegan()
    assert isinstance(ended, SpeechEnded)
    assert ended.seconds == pytest.approx(20 * 0.032, abs=0.04)
    assert len(ended.clip.get_raw_data(16_000, 2)) > 20 * 2 * PIECE


def test_a_click_is_no_speech_and_a_pause_within_a_phrase_is_no_end() -> None:
    assert fed("headset", pieces((0.9, 2), (0.1, 30))) == []
    assert len(fed("headset", pieces((0.9, 10), (0.1, 10), (0.9, 10), (0.1, 30)))) == 2


def test_with_half_nothing_is_heard_while_the_coach_speaks() -> None:
    assert fed("half", pieces((0.9, 100), (0.1, 30)), speaking=True) == []


def test_with_gate_a_voice_must_be_louder_than_the_echo() -> None:
    steady = fed("gate", pieces((0.9, 200)), speaking=True)
    assert steady.count(SpeechBegan()) <= 1
    assert fed("gate", pieces((0.1, 100), (0.9, 20), (0.1, 30)), speaking=True)[0] == SpeechBegan()


def test_speech_without_end_is_cut() -> None:
    events = fed("headset", pieces((0.9, 400)))
    assert any(isinstance(event, SpeechEnded) for event in events)


@pytest.mark.parametrize(
    ("source", "sink", "policy"),
    [
        ("alsa_input.pci", "alsa_output.pci", "half"),
        ("echo-cancel-source", "echo-cancel-sink", "gate"),
        ("bluez_input.1", "bluez_output.AirPods", "headset"),
        ("", "", "half"),
    ],
)
def test_the_echo_policy_is_what_the_machine_allows(source: str, sink: str, policy: str) -> None:
    def told(question: str) -> str:
        return source if "source" in question else sink

    assert echo.policy("auto", told) == policy
    assert echo.policy("headset", told) == "headset"


@pytest.mark.parametrize(
    ("heard", "seconds", "situation", "verdict"),
    [
        (Heard("next", "next_step"), 0.4, Situation("running"), Verdict.SEND),
        (Heard("can i use coconut oil"), 1.5, Situation("running"), Verdict.SEND),
        (Heard("what are the steps", "list_steps"), 1.0, Situation("paused"), Verdict.IGNORE),
        (Heard("lighter"), 0.5, Situation("paused", awaited=True), Verdict.SEND),
        (Heard("carry on", "resume"), 0.5, Situation("paused"), Verdict.SEND),
        (Heard(""), 0.6, Situation("running"), Verdict.MUMBLE),
        (Heard(""), 0.6, Situation("paused"), Verdict.IGNORE),
        (Heard("what", "repeat_step"), 2.4, Situation("running"), Verdict.IGNORE),
        (Heard("yes", "affirm"), 0.4, Situation("paused"), Verdict.IGNORE),
        (Heard(""), 6.0, Situation("running"), Verdict.IGNORE),
        (Heard(""), 0.6, Situation("running", "Knead gently.", cut=True), Verdict.IGNORE),
        (Heard("need gently"), 0.6, Situation("running", "Knead gently.", cut=True), Verdict.IGNORE),
    ],
)
def test_what_is_meant_for_the_coach(heard: Heard, seconds: float, situation: Situation, verdict: Verdict) -> None:
    assert judge(heard, seconds, situation) is verdict


def test_settings_come_from_words_or_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read(["--echo", "gate", "--rate", "120", "--no-mic"]).rate == 120
    monkeypatch.setenv("PALMWISE_VOICE_EAR", "vosk")
    assert read([]).ear == "vosk"
    for wrong in (["--ear", "horn"], ["--rate", "9"], ["--device", "x"], ["--echo", "shout"]):
        with pytest.raises(SystemExit):
            read(wrong)


def test_a_model_that_is_not_the_right_one_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="missing"):
        weights.check(tmp_path, {"a.onnx": "00"})
    (tmp_path / "a.onnx").write_text("x")
    with pytest.raises(ModelError, match="checksum"):
        weights.check(tmp_path, {"a.onnx": "00"})
    assert "voice-extra" in weights.missing("moonshine")


class Script:
    """A microphone that delivers so many pieces and then stalls or fails."""

    def __init__(self, count: int, then: Callable[[], bytes]) -> None:
        self.count, self.then = count, then

    def read(self) -> bytes:
        self.count -= 1
        return b"\x05\x00" * PIECE if self.count >= 0 else self.then()

    def close(self) -> None:
        """Nothing to give back."""


class Deaf:
    """An endpointer that finds nothing."""

    def feed(self, piece: bytes) -> list[Event]:
        assert piece
        return []

    def mode(self, *, speaking: bool) -> None:
        """Does not matter."""


def test_a_microphone_that_stalls_is_noticed_and_left_behind() -> None:
    stalled = threading.Event()
    events: queue.Queue[Event] = queue.Queue()
    now = [0.0]

    def stall() -> bytes:
        stalled.wait(20)
        return b"\x05\x00" * PIECE

    sources = iter([Script(5, stall), Script(10_000_000, stall)])
    listening = Listening(lambda: next(sources), Deaf(), events.put, lambda: now[0])
    listening.start()
    try:
        while not isinstance(_next(events, now), MicrophoneLost):
            pass
        assert isinstance(_next(events, now), MicrophoneBack)
    finally:
        listening.close()
        stalled.set()


def _next(events: queue.Queue[Event], now: list[float]) -> Event:
    """The next event; scripted time goes on meanwhile."""
    for _ in range(1000):
        if not events.empty():
            return events.get()
        time.sleep(0.02)
        now[0] += 0.3
    raise AssertionError("nothing happened")


def test_clips_fit_their_protocol() -> None:
    clip: Clip = Sound(b"12")
    assert clip.get_raw_data() == b"12"

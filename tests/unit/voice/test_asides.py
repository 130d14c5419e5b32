"""Talk to somebody else: a tone instead of words, and patience."""

from __future__ import annotations

from typing import Any

from palmwise.speech.events import Effect, PlayTone, Transcript
from palmwise.speech.player import TONE_RATE, TONE_SECONDS, Earcon, Player, tone
from tests.unit.voice.fake_coach import FakeCoach
from tests.unit.voice.scripted import ScriptedSession
from voice.relevance import ASIDE_SECONDS, GIVE_WAY_SECONDS, Listener, Situation, Verdict, judge


class AsideCoach(FakeCoach):
    """Takes "not you" for talk to somebody else, as the real one does."""

    def answer(self, message: dict[str, Any]) -> list[dict[str, Any]]:
        if message.get("text") != "not you":
            return super().answer(message)
        card = {**super().answer({})[-1]["custom"], "card": "note", "say": "All right.", "aside": True}
        return [{"text": "All right."}, {"custom": {key: value for key, value in card.items() if key != "cues"}}]


class Noting(ScriptedSession):
    """Keeps all effects."""

    def __init__(self) -> None:
        self.effects: list[Effect] = []
        super().__init__()
        self.server = AsideCoach(lambda: self.now)

    def do(self, effects: list[Effect]) -> None:
        self.effects += effects
        super().do(effects)


def test_an_aside_gets_a_tone_and_no_words() -> None:
    session = Noting()
    session.started()
    session.quiet()
    before = len(session.begun)
    session.hear("not you")
    session.run(1.0)
    assert sum(isinstance(effect, PlayTone) for effect in session.effects) == 1
    assert not any("All right" in text for _, text in session.begun[before:])


def test_after_an_aside_only_commands_are_meant_for_the_coach() -> None:
    session = Noting().started()
    session.quiet()
    session.hear("not you")
    session.quiet()
    asked = len(session.asked)
    session.hear("did you feed the cat")
    session.hear("", seconds=1.0)
    assert len(session.asked) == asked
    assert "did not catch" not in session.heard_of
    session.hear("next", "next_step")
    assert len(session.asked) == asked + 1
    session.quiet()
    session.hear("which oil is it")
    assert session.asked[-1][1]["text"] == "which oil is it"


def test_the_coach_waits_longer_for_people_who_talk_to_each_other() -> None:
    listener = Listener(gap=0.0, echoes=False)
    listener.speech_began("", 0.0)
    assert not listener.is_persons_turn(GIVE_WAY_SECONDS + 1)
    listener.aside_came(0.0)
    assert listener.is_persons_turn(GIVE_WAY_SECONDS + 1)
    assert not listener.is_persons_turn(ASIDE_SECONDS)


def test_an_answer_that_is_expected_counts_among_others_as_well() -> None:
    said = Transcript("the green one")
    assert judge(said, 0.8, Situation("running", among_others=True)) is Verdict.IGNORE
    assert judge(said, 0.8, Situation("running", among_others=True, answer_expected=True)) is Verdict.SEND
    assert judge(Transcript("x", red_flag=True), 0.8, Situation("running", among_others=True)) is Verdict.SEND


def test_the_tone_is_short_and_soft() -> None:
    sound = tone()
    assert len(sound.pcm) == 2 * int(TONE_RATE * TONE_SECONDS / 2) * 2
    assert max(abs(int.from_bytes(sound.pcm[at : at + 2], "little", signed=True)) for at in range(0, 4000, 2)) < 3000
    silent = Earcon(Player(lambda _: ["true"]))
    silent.play()

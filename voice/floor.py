"""Knows whose turn to speak it is."""

from __future__ import annotations

from voice.cards import Card
from voice.events import Recognise, SpeechEnded, Understood
from voice.judging import Situation, Verdict, judge
from voice.patience import Patience
from voice.recall import Recall
from voice.script import Line


class Floor:
    """Held by the person from their first sound until it is known what they said. Times in seconds of one clock."""

    def __init__(self, *, gap: float, echoes: bool) -> None:
        """`gap`: seconds of silence after each line of the coach; `echoes`: it may hear itself."""
        self._gap = gap
        self._echoes = echoes
        self._patience = Patience()
        self._recall = Recall()
        self._over = ""
        self._cut = False
        self._judging = 0
        self._not_before = 0.0

    def taken(self, saying: str, now: float) -> bool:
        """Somebody began to speak while the coach was `saying` a line, or nothing; whether it falls silent for them."""
        self._over = saying or self._recall.echo(now)
        self._cut = bool(saying)
        return self._patience.began(now, speaking=self._cut)

    def left(self, speech: SpeechEnded) -> Recognise:
        """They stopped; the order to find out what they said."""
        self._patience.ended()
        self._judging += 1
        order = Recognise(speech.clip, speech.seconds, self._over, self._cut, speech.number)
        self._over, self._cut = "", False
        return order

    def judged(self, understood: Understood, state: str, now: float) -> Verdict:
        """Whether what they said is for the coach; `state` of the session."""
        self._judging = max(0, self._judging - 1)
        over = understood.over if self._echoes else ""
        situation = Situation(state, over, understood.cut, self._recall.awaiting(now))
        verdict = judge(understood.heard, understood.seconds, situation)
        self._patience.judged(now, meant=verdict is Verdict.SEND, over=understood.cut)
        return verdict

    def answered(self, card: Card, now: float) -> None:
        """The coach has a card to speak, which may ask for an answer."""
        self._recall.told(now, asking=bool(card.choices) and card.kind not in ("step", "paused"))

    def spoken(self, line: Line, now: float) -> None:
        """The coach has spoken a line to its end."""
        self._recall.spoken(line, now)
        self._not_before = now + self._gap

    def deaf(self) -> None:
        """Nobody can be heard any more."""
        self._patience.reset()
        self._judging = 0

    def ear_failed(self) -> bool:
        """What they said will not be known; whether that was the first time."""
        self._judging = 0
        return self._patience.first_ear_failure()

    def theirs(self, now: float) -> bool:
        """Whether somebody is speaking, or has spoken and it is not known yet what."""
        return self._judging > 0 or self._patience.listening(now)

    def pausing(self, now: float) -> bool:
        """Whether the silence after the coach's last line is not over yet."""
        return now < self._not_before

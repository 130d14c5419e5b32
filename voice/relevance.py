"""Decides whether something heard was meant for the coach, and whether the coach falls silent for it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from palmwise.client.answers import Answer
from palmwise.speech.events import Recognize, Recognized, SpeechEnded, Transcript
from palmwise.speech.vocabulary import similarity, spoken_form
from voice import words
from voice.distance import Distance
from voice.playback import Line

INTENTS_WHILE_PAUSED = frozenset(
    "resume stop goodbye next_step previous_step restart go_to_step start_routine report_pain".split()
)
"""What acts while the massage is paused, beside red flags and deletion requests; all else is talk in the room."""
HALTING_INTENTS = frozenset("stop goodbye pause report_pain".split())
"""They must not be missed, and hold even while the server cannot be reached."""
INTENTS_FROM_AFAR = HALTING_INTENTS - {"goodbye"}
"""What acts even when others farther away seem to have said it: a television says "good night" every evening."""
HALTING_WORDS = frozenset("stop|pause|wait|hold on|ouch|ow|it hurts|that hurts|goodbye|bye".split("|"))
"""The same for what is typed, which no recognizer gives an intent."""
ECHO_SIMILARITY = 0.8
"""Likeness (0 to 1) to what the coach was saying from which on it has heard itself."""
SHORTEST_SPEECH, LONGEST_SPEECH = 0.2, 8.0
"""Seconds: a shorter sound is no word, a longer speech is not for the coach."""
LONGEST_MUMBLE = 2.0
"""Seconds: what was not understood and lasted longer was talk in the room."""
SLOW_START, SLOWEST_WORD = 1.0, 0.8
"""Seconds, and seconds a word: the text of a longer speech can only be a piece of it."""
MOST_WORDS = 22
"""More in one breath is talk in the room."""
UNHELPFUL_CARDS = ("note", "help")
"""Kinds of cards that may say no more than that nothing was understood."""


class Verdict(Enum):
    """What to do about something heard."""

    SEND = auto()
    IGNORE = auto()
    ASK_AGAIN = auto()
    """It may have been for the coach, and could not be understood."""


@dataclass(frozen=True)
class Situation:
    """What was going on when it was heard."""

    state: str
    """Of the session."""
    over: str = ""
    """The line that the coach was speaking or had just spoken when it began, where it may hear itself."""
    interrupted: bool = False
    """Whether the coach fell silent for it."""
    answer_expected: bool = False
    """Whether the coach has just asked something."""
    among_others: bool = False
    """Whether people have just spoken to each other."""
    far: bool = False
    """Whether the voice is one of several that are farther away than the person."""


def judge(transcript: Transcript, seconds: float, situation: Situation) -> Verdict:
    """Return what to do about a speech of so many seconds."""
    text, words_said = transcript.text, len(transcript.text.split())
    if not text or seconds > SLOW_START + SLOWEST_WORD * words_said:
        return _judge_mumble(seconds, situation)
    if situation.over and is_echo(transcript, situation.over):
        return Verdict.IGNORE
    if transcript.red_flag or transcript.deletion_request:
        return Verdict.SEND
    if situation.far and (transcript.doubtful or transcript.intent not in INTENTS_FROM_AFAR):
        return Verdict.IGNORE
    if transcript.doubtful and situation.state != "running":
        return Verdict.IGNORE
    if situation.state == "paused" and not situation.answer_expected and transcript.intent not in INTENTS_WHILE_PAUSED:
        return Verdict.IGNORE
    if transcript.intent is None and situation.among_others and not situation.answer_expected:
        return Verdict.IGNORE
    if transcript.intent is None and (seconds > LONGEST_SPEECH or words_said > MOST_WORDS):
        return Verdict.IGNORE
    return Verdict.SEND


def _judge_mumble(seconds: float, situation: Situation) -> Verdict:
    quiet = situation.interrupted or situation.state == "paused" or situation.among_others or situation.far
    if quiet or not SHORTEST_SPEECH <= seconds <= LONGEST_MUMBLE:
        return Verdict.IGNORE
    return Verdict.ASK_AGAIN


def is_echo(transcript: Transcript, line: str) -> bool:
    """Return whether a text is much like a stretch of the line with as many words."""
    said, text = spoken_form(line).split(), transcript.text.split()
    stretches = [said[i : i + len(text)] for i in range(max(1, len(said) - len(text) + 1))]
    if text in stretches:
        return True
    # "Stop" is like "top", "ouch" like "touch": with so few letters, likeness is not enough.
    if transcript.intent in HALTING_INTENTS or len(text) == 1:
        return False
    if len(text) == 2:
        stretches = [stretch for stretch in stretches if any(map(str.__eq__, text, stretch))]
    return any(similarity(transcript.text, " ".join(stretch)) >= ECHO_SIMILARITY for stretch in stretches)


def halting_reply(transcript: Transcript) -> str:
    """Return what to say while the server is unreachable, if the speech means that hands come off; else nothing."""
    if transcript.red_flag:
        return words.DANGER
    return words.HANDS_OFF if transcript.intent in HALTING_INTENTS else ""


def halting_reply_to_typed(text: str) -> str:
    """Return the same for something typed."""
    return words.HANDS_OFF if spoken_form(text) in HALTING_WORDS else ""


class Misunderstandings:
    """Counts misunderstandings in a row, of the recognizer and of the server, so that they are not all mentioned."""

    def __init__(self) -> None:
        self._count = 0
        self._known = True

    def note_sent(self, *, known: bool) -> None:
        """Note that words go to the server, and whether they are a known command."""
        self._known = known

    def ask_again(self) -> str:
        """Return what to say when nothing was understood; empty when that was said often enough."""
        self._count += 1
        return words.NOT_UNDERSTOOD[self._count - 1] if self._count <= len(words.NOT_UNDERSTOOD) else ""

    def is_worth_saying(self, answer: Answer, *, by_person: bool) -> bool:
        """Return whether to speak an answer; `by_person` if it is to what somebody said."""
        if not by_person or self._known or answer.kind not in UNHELPFUL_CARDS:
            self._count = 0
            return True
        self._count += 1
        return self._count <= len(words.NOT_UNDERSTOOD) or not answer.at_a_step


ANSWER_SECONDS = 20.0
"""For which an answer is expected after the coach asked."""
ECHO_SECONDS = 1.0
"""For which a line that was spoken may still be heard as speech."""
GIVE_WAY_SECONDS = 6.0
"""For which the coach waits for somebody to finish; whoever goes on is not speaking to it."""
ASIDE_SECONDS = 30.0
"""After talk to somebody else, for which more is expected: only known commands act, and the coach waits longer."""
GIVE_WAY_TO_OTHERS_SECONDS = 15.0
"""For which it waits then for somebody to finish."""
FALSE_INTERRUPTIONS = 2
"""Which within `FALSE_WITHIN` seconds make the coach speak on for `FIRM_SECONDS` whoever speaks."""
FALSE_WITHIN = 20.0
FIRM_SECONDS = 20.0


class Listener:
    """Follows who speaks and whether it was meant for the coach. Times are in seconds of one monotonic clock."""

    def __init__(self, *, gap: float, echoes: bool) -> None:
        """`gap` is the silence in seconds after each line of the coach; `echoes`: whether it may hear itself."""
        self._gap = gap
        self._echoes = echoes
        self._distance = Distance()
        self._in_phrase = False
        self._speaking_since: float | None = None
        self._over = ""
        self._interrupted = False
        self._unrecognized = 0
        self._false_interruptions: list[float] = []
        self._firm_until = 0.0
        self._recognizer_failures = 0
        self._last_line = ""
        self._echo_until = 0.0
        self._answer_until = 0.0
        self._gap_until = 0.0
        self._aside_until = 0.0

    def speech_began(self, line: str, now: float, level: float = 0.0) -> bool:
        """Note that somebody began to speak over a line, or into silence; return whether the coach stops speaking.

        Called again in the same phrase when somebody nearer joins in.
        """
        goes_on, self._in_phrase = self._in_phrase, True
        if not goes_on:
            self._over, self._interrupted = "", False
        self._over = line or self._over or (self._last_line if now < self._echo_until else "")
        if self._distance.is_far(level, now):
            return False
        self._speaking_since = now
        self._interrupted = self._interrupted or bool(line)
        return bool(line) and now >= self._firm_until

    def speech_ended(self, event: SpeechEnded, now: float) -> Recognize:
        """Note that they stopped; return the order to recognize what they said.

        What comes after the end of a phrase is what others said in it, farther away.
        """
        if not self._in_phrase:
            self._distance.note_others(event.level, now)
        self._speaking_since, self._in_phrase = None, False
        self._unrecognized += 1
        return Recognize(event.clip, event.seconds, self._over, self._interrupted, event.pause, event.level)

    def judge(self, event: Recognized, state: str, now: float) -> Verdict:
        """Return what to do about what they said, in a `state` of the session."""
        self._unrecognized = max(0, self._unrecognized - 1)
        over = event.over if self._echoes else ""
        situation = Situation(
            state,
            over,
            event.interrupted,
            now < self._answer_until,
            among_others=now < self._aside_until,
            far=self._distance.is_far(event.level, now),
        )
        verdict = judge(event.transcript, event.seconds, situation)
        if event.transcript.intent is None:
            self._distance.note_talk(event.level, now)
        if verdict is Verdict.SEND:
            if event.transcript.intent is not None:
                self._distance.note_command(event.level)
            self._aside_until = 0.0
            self._false_interruptions.clear()
            self._firm_until = 0.0
        elif event.interrupted:
            self._note_false_interruption(now)
        return verdict

    def _note_false_interruption(self, now: float) -> None:
        recent = [at for at in self._false_interruptions if now - at < FALSE_WITHIN]
        self._false_interruptions = [*recent, now]
        if len(self._false_interruptions) >= FALSE_INTERRUPTIONS:
            self._firm_until = now + FIRM_SECONDS
            self._false_interruptions.clear()

    def aside_came(self, now: float) -> None:
        """Note that what was said was for somebody else, as far as the coach can tell."""
        self._aside_until = now + ASIDE_SECONDS

    def card_came(self, answer: Answer, now: float) -> None:
        """Note that the coach has something to say, to which an answer may be expected."""
        asks = answer.buttons > 0 and answer.kind not in ("step", "paused")
        self._answer_until = now + ANSWER_SECONDS if asks else 0.0

    def echo_cancelled(self) -> None:
        """Note that people are heard while the coach speaks, so that it need not leave gaps."""
        self._gap = self._gap_until = 0.0

    def line_spoken(self, line: Line, now: float) -> None:
        """Note that the coach has spoken a line to its end."""
        self._last_line, self._echo_until = line.text, now + ECHO_SECONDS
        self._gap_until = now + self._gap
        if line.kind == "card" and now < self._answer_until:
            # The answer to a long card is expected from its last word on.
            self._answer_until = now + ANSWER_SECONDS

    def microphone_changed(self) -> None:
        """Note that the microphone is lost, mute or back: whatever was being said will not be recognized."""
        self._speaking_since, self._in_phrase = None, False
        self._unrecognized = 0

    def recognizer_failed(self) -> bool:
        """Note that something said will not be recognized; return whether that is the first time."""
        self._unrecognized = 0
        self._recognizer_failures += 1
        return self._recognizer_failures == 1

    def is_persons_turn(self, now: float) -> bool:
        """Return whether somebody is speaking, or has spoken and it is not known yet what."""
        since = self._speaking_since
        patience = GIVE_WAY_TO_OTHERS_SECONDS if now < self._aside_until else GIVE_WAY_SECONDS
        speaking = since is not None and now - since < patience and now >= self._firm_until
        return speaking or self._unrecognized > 0

    def in_gap(self, now: float) -> bool:
        """Return whether the silence after the coach's last line is not over yet."""
        return now < self._gap_until

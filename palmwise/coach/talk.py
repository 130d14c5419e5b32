"""Handlers that say one sentence: of small talk, of what is out of scope or was not understood, and of privacy."""

from __future__ import annotations

from dataclasses import dataclass, replace

from palmwise.coach.cards import Button, NoteBody
from palmwise.coach.commands import HALTING, URGENT, Command
from palmwise.coach.content import PHRASES, Content
from palmwise.coach.model import Spoken
from palmwise.coach.replies import BARE_INTENTS, Reply, payload, render
from palmwise.coach.scene import Draft, Outcome, Scene, listed, spoken
from palmwise.coach.session import Session
from palmwise.coach.transitions import note
from palmwise.language.sentences import is_hedged, says_yes
from palmwise.language.tokens import words_of

BARE = frozenset(map(payload, BARE_INTENTS))
"""Payloads that a button may send without entities."""
MISSES = ("miss_first", "miss_second", "miss_third")
"""What to say of the first, second and every further message in a row that was not understood."""

LONGEST_YES = 5
"""Words of a plain yes: "yes please delete it all"."""
ASKING = "faq explain_technique list_steps list_routines how_long help".split()
"""Questions that are answered after a red flag, if they are meant as such: "come on, it's just a hand massage"."""
TOLD = 0.8
"""Probability of a statement from which on it is no question, whatever its words."""
HARDLY = 0.5
"""Probability of an intent below which what is said after a red flag may be anything."""


@dataclass(frozen=True)
class Say:
    """A handler that changes nothing and says one sentence, then where the person is."""

    key: str
    """Key of the sentence in phrases.yml."""
    card: str = "note"

    def __call__(self, scene: Scene, _: Command) -> Outcome:
        """Says it."""
        outcome = note(scene, self.key)
        return outcome if self.card == "note" else replace(outcome, draft=Draft("progress", outcome.draft.lines))


def chat(scene: Scene, command: Command) -> Outcome:
    """Answers thanks, praise, a complaint, or whether this is a machine."""
    return note(scene, command.intent)


def out_of_scope(scene: Scene, command: Command) -> Outcome:
    """Says that hands are the field, or of a hand that there is no answer; of a symptom, what reflexology believes."""
    is_of_hands = command.is_asked and any(command.first(name) for name in ("body_part", "technique", "hand"))
    lines = [scene.line("no_answer" if is_of_hands else "out_of_scope")]
    symptom = scene.symptom(command.first("symptom"))
    if symptom and symptom.belief:
        lines.append(spoken(symptom.because))
    return Outcome(scene.session, Draft("note", tuple(lines), tells_place=True))


def let_it_pass(scene: Scene, command: Command) -> Outcome:
    """Says very little: the message was not meant for the coach, or asked for nothing."""
    line = scene.line("aside" if command.doubt == "aside" else "remark")
    return Outcome(scene.session, Draft("note", (line,), NoteBody(aside=True)))


def ask_whether(scene: Scene, command: Command) -> Outcome:
    """Asks whether what seems to be asked for is meant."""
    entities = {name: values[0] for name, values in command.entities.items()}
    session = replace(scene.session, doubted=payload(command.intent, **entities))
    line = scene.line("ask_whether", action=scene.line(f"action_{command.intent}"))
    buttons = tuple(Button(scene.line(f"button_{name}").text, to) for name, to in (("yes", "/affirm"), ("no", "/deny")))
    return Outcome(session, Draft("note", (line,), buttons=buttons))


def not_understood(scene: Scene, command: Command) -> Outcome:
    """Says so with a hint; twice in a row, with buttons; from the third time on, what can be said."""
    misses = scene.session.misses + 1
    session = replace(scene.session, misses=misses)
    line = scene.line(MISSES[min(misses, len(MISSES)) - 1], hint=scene.line(f"hint_{scene.situation}"))
    known = (each for each in command.others if f"action_{each}" in PHRASES and payload(each) in BARE)
    meant = [each for each in known if each not in HALTING | URGENT][:2]
    if meant and misses < len(MISSES):
        actions = [scene.line(f"action_{each}") for each in meant]
        text = Spoken(listed([each.text for each in actions], "or"), listed([each.say for each in actions], "or"))
        doubted = payload(meant[0]) if len(meant) == 1 else ""
        buttons = tuple(
            Button(_titled(action.text), payload(each)) for each, action in zip(meant, actions, strict=True)
        )
        line = scene.line("did_you_mean", actions=text)
        return Outcome(replace(session, doubted=doubted), Draft("note", (line,), buttons=buttons))
    if misses >= len(MISSES):
        return Outcome(session, Draft("help", (line, scene.line(f"help_{scene.situation}"))))
    return Outcome(session, Draft("note", (line,), buttons=() if misses == 1 else None))


def tell_privacy(scene: Scene, command: Command) -> Outcome:
    """Tells how what is said is kept, and how it is deleted."""
    return note(scene, "kept")


def deletion_reply(content: Content, session: Session, now: float) -> Reply:
    """The reply once everything has been deleted; `session` is a new one, `now` in unix seconds."""
    scene = Scene(content, session, now)
    return render(scene, Draft("note", (scene.line("forgotten"),), NoteBody(forgotten=True)))


def deletion_question(content: Content, session: Session, now: float) -> Reply:
    """The question whether everything is to be deleted, for a request that was only heard."""
    scene = Scene(content, session, now)
    return render(scene, Draft("note", (scene.line("shall_forget"),)))


def confirms_deletion(content: Content, text: str) -> bool:
    """Whether the answer to that question is a plain yes."""
    words = words_of(text)
    return (
        len(words) <= LONGEST_YES
        and says_yes(words)
        and not is_hedged(words)
        and content.cues.refusing.isdisjoint(words)
    )


def is_deletion_request(content: Content, text: str) -> bool:
    """Whether the text plainly asks that everything said be deleted.

    Phrases alone decide, before anything else is done with the text: it must not be stored or counted. Danger and pain
    in the same text take priority.
    """
    words = words_of(text)
    if not content.forgetting.match(words):
        return False
    return not any(content.alarms[kind].match(words) for kind in ("red_flag", "pain"))


def is_privacy_question(content: Content, text: str) -> bool:
    """Whether the text asks what becomes of what is said, or vaguely for its deletion."""
    return content.privacy.match(words_of(text)) is not None


def _titled(text: str) -> str:
    return text[:1].upper() + text[1:]


def asks_after_flag(scene: Scene, command: Command) -> bool:
    """Whether a red flag has ended the massage, and a question with an answer is put."""
    after_flag = scene.session.flagged and scene.session.state == "stopped"
    return after_flag and command.asks_outright and command.answer is not None


def insists_after_flag(scene: Scene, command: Command) -> bool:
    """Whether a red flag has ended the massage, and what is said is hardly the question or praise it is taken for."""
    after_flag = scene.session.flagged and scene.session.state == "stopped" and command.by == "person"
    is_told = not command.is_asked or command.acts.get("statement", 0.0) >= TOLD
    is_no_question = command.intent.partition("/")[0] in ASKING and is_told
    return after_flag and bool(command.text) and (is_no_question or command.confidence < HARDLY)

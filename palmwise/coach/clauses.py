"""Clauses: what a message is as a whole, by what is said beside its commands, and which of them counts alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from palmwise.coach.commands import (
    ANSWERING,
    ASIDE,
    CERTAIN,
    COURTEOUS,
    EMPTY,
    HALTING,
    HARDLY_SURE,
    LEAST_SURE,
    LEAVING,
    MOVING,
    PLACING,
    SURE,
    URGENT,
    Command,
)
from palmwise.coach.content import Content
from palmwise.coach.session import Session
from palmwise.language.marking import mark
from palmwise.language.phrase_matching import PhraseMatch
from palmwise.language.tokens import words_of

UNCHANGING = ("resume", "stay")
"""Intents by which a running step goes on as it is."""
WISHED = ("have", "instead", "more", "less", "longer", "shorter", "wait", "until", "quick")
"""Readings of a time that is wished for, or waited for, rather than told."""
BEGINNING = frozenset({"start", "begin", "go"})
BESIDE_BEGINNING = frozenset(
    {"ok", "okay", "please", "now", "then", "and", "so", "just", "let's", "yes", "anyway", "on"}
)
"""Words of a clause that begins something at once, and those that may stand beside them."""
NOT_YOU = "not_you"
"""Reading of what takes back a command that was for somebody else; an answer to the coach was for the coach."""
PLAIN = 0.98
"""Probability at which a clause says by itself what is wanted before a massage: "mine aren't swollen, let's begin"."""
ACCEPTING = frozenset({"affirm", "resume", "start_routine"})
"""Intents that take an offer."""
LONGEST_NO = 2
"""Words of a no that pauses a running step; a longer one denies something else: "no, it's fine"."""
TO_OTHERS = 0.7
"""Probability from which on a yes that stands first is for somebody else as well: "yeah, you can take the car"."""


def insists(content: Content, session: Session, command: Command) -> bool:
    """Whether a move is said twice with a no between: "other side, no, the other side", as people guide a hand."""
    if command.across or not command.meant or command.intent not in MOVING - ANSWERING or command.intent in HALTING:
        return False
    support = content.corrections.support
    said = [word for word in command.words if word not in support]
    meant = [word for word in words_of(command.meant) if word not in support]
    return bool(meant) and session.at_a_step and all(said.count(word) > 1 for word in meant)


def is_for_others(content: Content, session: Session, command: Command, wanted: Sequence[Command]) -> bool:
    """Whether a clause is plainly said to somebody else, and nothing beside it plainly to the coach."""
    is_obeyed = command.intent in URGENT or (command.intent in HALTING and command.confidence >= CERTAIN)
    if is_obeyed or len(command.parts) < 2 or session.state == "screening":
        return False
    aside = content.readings["aside"]
    rest = [part for part in command.parts if aside.match(part.words) is None]
    return len(rest) < len(command.parts) and not any(part.counts for part in rest) and len(wanted) == 1


def takes_leave(command: Command, sure: Sequence[Command]) -> bool:
    """Whether it is a goodbye, whatever else is told beside it: "we are finished now. until tomorrow"."""
    is_plain = command.intent == "goodbye" and command.confidence >= SURE
    asks_nothing = is_plain and not any(part.asks_outright or part.intent in URGENT for part in sure)
    says_goodbye = any(part.intent == "goodbye" for part in sure)
    if all(part.intent in LEAVING for part in sure):
        return says_goodbye or (asks_nothing and len(command.parts) > 1)
    return says_goodbye and asks_nothing


def begins_at_the_end(content: Content, session: Session, command: Command) -> bool:
    """Whether what is told before a massage, or in a pause, ends with the wish to begin: "no oil here, just go"."""
    is_open = session.state in ("offered", "preparing") or (session.state == "paused" and not session.easing)
    if not is_open or session.switch_to is not None or command.has_question_mark:
        return False
    words = mark(command.words).words
    wish, time = content.readings["wishes"].match(words), content.readings["time"].match(words)
    is_wished = time is not None and time.id in WISHED
    names_time = command.minutes is not None and (is_wished or (time is None and command.intent == "set_duration"))
    names_other = command.first("routine") not in (None, session.routine)
    others = (part for part in (command, *command.parts) if part.counts and part.confidence >= SURE)
    is_urgent = any(part.intent in URGENT | {"stop", "goodbye", "undo"} for part in others)
    is_bare = len(command.parts) > 1 and _is_bare_begin(command.parts[-1])
    says_begin = is_bare or (wish is not None and wish.id == "begin")
    return says_begin and not (names_time or names_other or is_urgent)


def _is_bare_begin(clause: Command) -> bool:
    """Whether a clause has no other words than those that begin something: "ok, go"."""
    words = set(clause.words)
    return bool(words & BEGINNING) and words <= BEGINNING | BESIDE_BEGINNING


def plain_intent(content: Content, session: Session, command: Command) -> str | None:
    """The intent of a message whose form is plain, whatever its clauses sound like; None if it has no such form."""
    if begins_at_the_end(content, session, command) and command.answer is None:
        return "resume" if session.at_a_step else "affirm"
    if _asks_back_after_talk(content, session, command):
        return "repeat_step"
    wish = content.readings["wishes"].match(mark(command.words).words)
    asks_where = wish is not None and wish.id == "where" and command.intent not in URGENT
    # "Where were we" ends a pause.
    is_open = session.at_a_step and content.questions["go_on"].match(command.words) is None
    return "ask_progress" if asks_where and (is_open or session.state == "running") else None


def _asks_back_after_talk(content: Content, session: Session, command: Command) -> bool:
    """Whether somebody who talked to others asks what to do: "sorry, I was on the phone, what do I do now?"."""
    aside = content.readings["aside"].match(command.words)
    asked = [part for part in command.parts if part.asks_outright and part.intent in (*PLACING, *EMPTY, "repeat_step")]
    is_back = aside is not None and aside.id == NOT_YOU and bool(asked)
    return is_back and session.at_a_step and asked[-1].answer is None


def wishing_time(content: Content, session: Session, part: Command) -> Command:
    """A clause that wishes for more time, whatever it sounds like: "the left one is sore, give it a bit longer"."""
    found = content.readings["time"].match(mark(part.words).words)
    is_wish = found is not None and found.id in ("more", "longer") and not part.asks_outright
    is_open = part.confidence < HARDLY_SURE or part.intent in ("set_duration", "slow_down")
    is_open = is_open and session.at_a_step and part.intent not in URGENT
    return replace(part, intent="set_duration", confidence=1.0, acts={}) if is_wish and is_open else part


def is_of_first_hand(content: Content, session: Session, command: Command, distinct: Sequence[Command]) -> bool:
    """Whether clauses say together which hand comes first: "the left one hurts more. Can you begin with this?"."""
    found = content.readings["hands"].match(mark(command.words).words)
    is_first = session.at_a_step and found is not None and found.id == "first"
    return is_first and all(part.intent in ("switch_hand", "start_routine", "restart") for part in distinct)


def is_remark_on_hand(content: Content, part: Command) -> bool:
    """Whether a clause that sounds like a change of hands only tells of one: "my right hand is the bad one"."""
    found = content.readings["hands"].match(mark(part.words).words)
    return part.intent == "switch_hand" and found is not None and found.id == "remark"


def is_for_later(content: Content, command: Command) -> bool:
    """Whether the last thing that is said is to follow the one before: "the other hand, and then we stop"."""
    words = " ".join(command.words)
    return any(f" {cue} " in f" {words} " for cue in content.clauses.following)


def leaves_rest_out(content: Content, command: Command, clause: Command) -> bool:
    """Whether the end it seems to ask for is of all but what it names: "just the wrists, skip the rest"."""
    names_step = command.first("body_part") is not None or command.first("technique") is not None
    extent = content.readings["extent"].match(clause.words)
    skips = not content.cues.leaving_out.isdisjoint(clause.words)
    return names_step and skips and extent is not None and extent.id == "rest"


def what_is_denied(content: Content, command: Command) -> PhraseMatch | None:
    """What is said with "don't" against a move; that of another clause is not: "I don't have oil, skip that"."""
    keep = content.readings["keep"]
    found = keep.match(command.words)
    return None if len(command.parts) > 1 and not any(keep.match(part.words) for part in command.parts) else found


# The one clause that counts


def one_or_whole(
    content: Content, session: Session, command: Command, distinct: Sequence[Command]
) -> tuple[Command, ...]:
    """The one clause that counts, by the first of `CLAUSE_RULES` that holds; else the whole message."""
    clause = _one_clause(command, distinct)
    rule = next((rule for rule in CLAUSE_RULES if clause and rule.holds(content, session, command, clause)), None)
    return (clause,) if clause and rule and rule.clause_counts else (command,)


def _one_clause(command: Command, distinct: Sequence[Command]) -> Command | None:
    """The clause that may count alone: the only one that asks for something, else what is above all meant."""
    found = list(distinct)
    if not found and command.intent in EMPTY and command.answer is None:
        # "Good morning. My neighbour told me about you" is a greeting above all.
        found = [part for part in command.parts[:1] if part.intent == "greet" and part.confidence >= SURE]
    if not found and command.intent in COURTEOUS:
        others = (part for part in command.parts if part.intent == "out_of_scope")
        found = [part for part in others if part.confidence >= LEAST_SURE or part.first("symptom")]
    return found[0] if len(found) == 1 else None


def only_begins_with_no(session: Session, message: Command, said: Command) -> bool:
    """Whether a no, the message or a clause of it, is of one too long to pause a running step: "no, it's fine"."""
    return said.intent == "deny" and session.state == "running" and len(message.words) > LONGEST_NO


@dataclass(frozen=True)
class ClauseRule:
    """A reason why the only clause that asks for something counts alone, or why the whole message counts."""

    when: str
    """When it holds, in words."""
    holds: Callable[[Content, Session, Command, Command], bool]
    """Of the content, the session, the whole message and the clause."""
    clause_counts: bool


def is_asked_beside_ready(content: Content, session: Session, command: Command, part: Command) -> bool:
    """Whether a clause asks what there is an answer to, after a plain yes to "are you ready?"."""
    is_ready = session.state == "preparing" and _says_ready(content, command.parts[0])
    return is_ready and part.answer is not None and part.is_asked


def _says_ready(content: Content, clause: Command) -> bool:
    """Whether a clause answers "are you ready?" with a plain yes."""
    found = content.questions["ready"].match(clause.words)
    return found is not None and found.id == "yes"


def _plainly_halts(message: Command, clause: Command) -> bool:
    """Whether a clause is a plain stop or pause, and the whole message nothing that is surer."""
    is_plain = clause.intent in HALTING and clause.confidence >= PLAIN
    is_less = message.intent not in URGENT and (message.confidence < HARDLY_SURE or message.intent in UNCHANGING)
    return is_plain and is_less and message.acts.get("not_addressed", 0.0) < ASIDE


CLAUSE_RULES = (
    ClauseRule(
        'a guess at a move beside what is plainly about something else: "she wants the key, it hangs by the door"',
        lambda _, __, message, clause: (
            message.intent == "out_of_scope"
            and clause.intent in MOVING | HALTING
            and clause.confidence < min(message.confidence, SURE)
        ),
        clause_counts=False,
    ),
    ClauseRule(
        'a yes that begins what is said to somebody else: "yeah, you can take the car"',
        lambda _, __, message, clause: (
            clause.intent in ACCEPTING
            and message.intent in EMPTY
            and message.acts.get("not_addressed", 0.0) >= TO_OTHERS
        ),
        clause_counts=False,
    ),
    ClauseRule(
        'a clause plainly halts a running step, and the whole is a guess or changes nothing: "no, don\'t, stop"',
        lambda _, session, message, clause: session.state == "running" and _plainly_halts(message, clause),
        clause_counts=True,
    ),
    ClauseRule(
        'a no that only begins a remark while a step runs: "no, it\'s fine"',
        lambda _, session, message, clause: only_begins_with_no(session, message, clause),
        clause_counts=False,
    ),
    ClauseRule(
        'everything is to stay as it is, and a clause of it sounds like an answer: "this speed is fine, leave it"',
        lambda _, __, message, clause: message.intent == "stay" and clause.intent in ANSWERING,
        clause_counts=False,
    ),
    ClauseRule(
        'the message says little by itself, or its intent is a guess: "thanks, next"',
        lambda _, __, message, ___: message.intent in COURTEOUS | EMPTY | ANSWERING or message.is_weak,
        clause_counts=True,
    ),
    ClauseRule(
        'both mean the same, and all else is courtesy: "next one, please, thank you"',
        lambda _, __, message, clause: (
            clause.intent == message.intent
            and all(part == clause or part.intent in COURTEOUS for part in message.parts)
        ),
        clause_counts=True,
    ),
    ClauseRule(
        "both mean the same, and what is told beside it may sound as if it were for somebody else",
        lambda _, __, message, clause: (
            clause.intent == message.intent
            and clause.confidence >= SURE
            and message.acts.get("not_addressed", 0.0) >= ASIDE
        ),
        clause_counts=True,
    ),
    ClauseRule(
        "both mean the same, and before a massage the clause is plain: \"mine aren't swollen, let's begin\"",
        lambda _, session, message, clause: (
            clause.intent == message.intent and clause.confidence >= PLAIN and session.state in ("offered", "preparing")
        ),
        clause_counts=True,
    ),
    ClauseRule(
        'the person is ready, and asks nothing beside it: "I have hand cream here. Ready"',
        lambda content, session, message, clause: (
            session.state == "preparing"
            and clause.intent in ACCEPTING | {"next_step"}
            and (clause.confidence >= PLAIN or _says_ready(content, clause))
            and message.intent not in URGENT
            and not message.asks_outright
        ),
        clause_counts=True,
    ),
    ClauseRule(
        'a time that is plainly wished for, in a message that is a guess: "the bus is early, I have six minutes"',
        lambda content, _, message, clause: (
            (message.confidence < HARDLY_SURE or is_remark_on_hand(content, message))
            and message.intent not in URGENT
            and clause.intent == "set_duration"
            and clause.confidence >= PLAIN
        ),
        clause_counts=True,
    ),
    ClauseRule(
        'before a massage the clause is plain, and the whole is a guess: "yes, but it is his hand"',
        lambda _, session, message, clause: (
            message.confidence < HARDLY_SURE
            and message.intent not in URGENT
            and clause.confidence >= PLAIN
            and session.state in ("offered", "preparing")
        ),
        clause_counts=True,
    ),
)
"""The first one that holds decides; if none does, the whole message counts."""

"""Turn plan: which commands a message stands for.

One message may ask for two things, or correct the turn before. What each command means in the conversation is read by
`palmwise.coach.interpretation`; handlers see one plain command at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from palmwise.coach.clauses import (
    ACCEPTING,
    LONGEST_NO,
    NOT_YOU,
    insists,
    is_asked_beside_ready,
    is_for_later,
    is_for_others,
    is_of_first_hand,
    is_remark_on_hand,
    leaves_rest_out,
    one_or_whole,
    only_begins_with_no,
    plain_intent,
    takes_leave,
    what_is_denied,
    wishing_time,
)
from palmwise.coach.commands import (
    ALONE,
    ANSWERING,
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
    VAGUE,
    Command,
    command_of,
)
from palmwise.coach.scene import Scene

UNDO, RED_FLAG = "undo", "report_red_flag"
CORRECTS = 0.8
"""Probability of the speech act at which a message corrects the previous turn: "I never said that"."""
LONGEST_FRAGMENT = 4
"""Number of words up to which a name alone goes on with the command before: "the finger rolling"."""
TAKES = {
    "how_long": ("technique", "routine", "step_number", "hand"),
    "explain_technique": ("technique",),
    "explain_step": ("technique",),
    "explain_benefit": ("technique",),
    "list_steps": ("routine",),
    "go_to_step": ("step_number", "technique", "body_part"),
    "set_duration": ("minutes",),
    "start_routine": ("routine", "minutes"),
    "switch_hand": ("hand",),
}
"""Intent -> entities that a fragment after it may name instead: "what's kneading" - "no, rolling"."""
ASKING_BACK = tuple(frozenset({"undo", asked}) for asked in ("repeat_step", "explain_step", "ask_progress"))
"""Intents of two clauses of which one says that something was for others, and the other asks what to do."""
GUESSED = ("report_pain", "report_symptom")
"""Intents that a clause beside a plain move may only sound like."""
TO_GO_ON = frozenset({"resume", "next_step", "previous_step", "go_to_step", "restart", "undo", "affirm"})
"""Intents of a wish to go on with the massage, wherever."""
SURE_NO = 0.7
"""Probability from which on a clause answers the safety question itself."""
ANSWERED_BY_NO = ("offered", "screening", "finished")
"""States whose question a "no" answers, whatever is said after it."""
NO_PLAIN_NO = ("later", "unsure", "unclear", "condition")
"""Answers to the safety question that begin with a no at times: "no thanks", "no, not any more"."""


def plan_turn(scene: Scene, command: Command, answer_of: Callable[[Scene, Command], object]) -> tuple[Command, ...]:
    """The commands that a message stands for, in the order in which they are carried out.

    `answer_of` gives the handler of an answer to an open question of the coach.
    """
    asked = scene.session.doubted
    if asked and (answer := _answer_to_doubt(command)) is not None:
        return (command_of(asked) if answer.intent == "affirm" else Command("stay"),)
    flagged = scene.session.flagged and scene.session.state == "stopped"
    # "I said no too soon, I do have a rash" is more than a correction.
    danger = next((part for part in (command, *command.parts) if part.intent == RED_FLAG), None)
    if command.by != "person" or command.private or flagged or danger:
        return (command if flagged or command.private else danger or command,)
    if insists(scene.content, scene.session, command):
        return (replace(command, doubt="unsure", parts=()),)
    if (intent := plain_intent(scene.content, scene.session, command)) is not None:
        return (replace(command, intent=intent, confidence=1.0, answers={}, acts={}, parts=()),)
    if scene.session.state != "screening":
        command = replace(command, text=command.meant or command.text)
    denied = what_is_denied(scene.content, command)
    if denied and not (denied.id == "nothing" and scene.session.state != "running"):
        # "Don't stop" asks to go on, "don't skip it" for nothing to change.
        intent = "resume" if denied.id == "keep" else "stay"
        kept = replace(command, intent=intent, confidence=1.0, answers={}, parts=())
        return (kept, *_wished_beside(scene, command))
    wanted = _wanted(scene, command)
    if (meant := _meant_instead(scene, command, wanted)) is not None:
        return _correcting(scene, meant)
    if (aside := _aside(scene, command, wanted)) is not None:
        return (aside,)
    if only_begins_with_no(scene.session, command, command):
        command = replace(command, intent="stay", parts=tuple(each for each in command.parts if each.intent != "deny"))
        wanted = _wanted(scene, command)
    # A question of the coach may take the whole as its answer: "no, gently".
    compares = not set(scene.content.clauses.comparing).isdisjoint(command.words)
    says_more = (any(part.inquires for part in wanted) and not compares) or any(part.adjusts for part in wanted)
    # So may what a clause says less plainly: "ok, let's try it", after an answer.
    says_less = len(wanted) == 1 and wanted[0].intent == command.intent == "affirm"
    is_one = says_less or (len(wanted) > 1 and not says_more)
    return (command,) if is_one and answer_of(scene, command) else wanted


def _answer_to_doubt(command: Command) -> Command | None:
    """The yes or no to what the coach asks back, which may lead a remark: "yes yes, she's asleep already"."""
    if command.intent in ("affirm", "deny", "stay"):
        return command
    # "No, stop" and "yes, but it's broken" are more than an answer.
    is_remark = command.intent in EMPTY and not command.asks_outright
    is_alone = not any(part.intent in URGENT or part.counts for part in command.parts[1:])
    leads = command.parts[:1] if is_remark and is_alone else ()
    return next((part for part in leads if part.intent in ("affirm", "deny")), None)


def _aside(scene: Scene, command: Command, wanted: Sequence[Command]) -> Command | None:
    """The command as one that was for others, or that says so of the turn before; None if it is for the coach."""
    aside = scene.content.readings["aside"].match(command.words)
    if aside and aside.id == NOT_YOU and command.intent == UNDO:
        # There is nothing to take back.
        return replace(command, intent="stay", confidence=0.0, parts=())
    is_for_somebody = is_for_others(scene.content, scene.session, command, wanted)
    return replace(command, doubt="aside", parts=()) if is_for_somebody else None


def _wished_beside(scene: Scene, command: Command) -> tuple[Command, ...]:
    """What is wished for beside something denied: "don't pause, go faster"."""
    others = (
        part for part in command.parts if part.counts and part.intent not in ANSWERING | COURTEOUS | HALTING | {UNDO}
    )
    keep = scene.content.readings["keep"]
    return next(((part,) for part in others if not keep.match(part.words)), ())


def _wanted(scene: Scene, command: Command) -> tuple[Command, ...]:
    """The clauses that ask for something; the whole message if they are not plainly several commands."""
    if scene.session.state == "screening" and _says_no_to_go_on(scene, command):
        return command.parts[:1]
    if scene.session.state == "screening" and not _may_go_on(scene, command):
        return (command,)
    content, session = scene.content, scene.session
    parts = (wishing_time(content, session, part) for part in command.parts)
    sure = [part for part in parts if part.counts or is_asked_beside_ready(content, session, command, part)]
    if command.intent in PLACING and command.confidence >= SURE:  # "I'm through with the thumbs, go to the wrists"
        sure = [part for part in sure if part.intent not in GUESSED or part.confidence >= HARDLY_SURE]
    if takes_leave(command, sure):
        return (replace(command, intent="goodbye", confidence=1.0),)
    distinct = _distinct(scene, sure)
    is_one_question = all(part.inquires or part.intent == "report_symptom" for part in distinct)
    are_sure = all(part.answer or part.confidence >= SURE for part in distinct)
    if command.answer and is_one_question and not are_sure:
        return (command,)
    if len(distinct) > 1 and not is_of_first_hand(scene.content, scene.session, command, distinct):
        return _of_several(scene, command, distinct)
    return one_or_whole(scene.content, scene.session, command, distinct)


def _of_several(scene: Scene, command: Command, distinct: Sequence[Command]) -> tuple[Command, ...]:
    """The commands of a message with more than one clause that asks for something, at most three."""
    first, last = distinct[0], next((part for part in distinct[1:] if part.adjusts), distinct[-1])
    if last.intent == "stop" and leaves_rest_out(scene.content, command, last):
        entities = {**command.entities, "extent": (ALONE,)}
        alone = replace(command, intent="go_to_step", confidence=1.0, entities=entities, text="", answer=None, near=())
        return (alone,)
    if _asks_what_follows(scene, first) and last.inquires:
        following = scene.session.steps[scene.session.step].technique
        return (replace(first, intent="explain_technique", entities={"technique": (following,)}, text=""),)
    if (
        last.intent in ("stop", "goodbye")
        and first.intent in MOVING - ANSWERING
        and is_for_later(scene.content, command)
    ):
        return (first,)
    if {first.intent, last.intent} in ASKING_BACK:
        # "That was for my son, what do I do now?" takes nothing back.
        return (first if last.intent == UNDO else last,)
    if {first.intent, last.intent} == {"go_to_step", "next_step"}:
        # "Done, go to the last one", "last step and done": what is done is the step before.
        return (first if first.intent == "go_to_step" else last,)
    # "The next one" is counted from where the person is now, before the move.
    is_relative = (last.first("step_number") or "").startswith(("+", "-"))
    names_hand = first.intent == "affirm" and last.intent != "report_symptom" and last.first("hand") is not None
    if (last.inquires and is_relative) or names_hand:
        return (last, first)
    between = (part for part in distinct[1:-1] if part is not last and part.inquires)
    return (first, *(part for part in between if part.answer or part.confidence >= SURE), last)


def _distinct(scene: Scene, sure: Sequence[Command]) -> list[Command]:
    """The clauses that ask for different things, without courtesies and empty answers."""
    hurts = next((part for part in sure if part.intent == "report_pain"), None)
    if hurts:
        sure = [hurts, *(part for part in sure if part.intent in LEAVING - VAGUE)]
    asked = [part for part in sure if part.intent not in COURTEOUS]
    explains = any(part.intent == "deny" and len(part.words) > LONGEST_NO for part in asked)
    distinct = [part for at, part in enumerate(asked) if not any(part.is_same_as(other) for other in asked[:at])]
    if distinct and _is_idle_answer(scene, distinct[0], distinct, explains=explains):
        distinct = distinct[1:]
    begins = ACCEPTING | {"next_step"}
    if scene.session.state in ("offered", "preparing") and distinct and all(part.intent in begins for part in distinct):
        distinct = distinct[-1:]  # "Right then, start": there is one massage to begin.
    lengths = [part for part in distinct if part.intent == "set_duration"]
    if lengths and scene.session.at_a_step:  # "My right hand is the bad one, give it longer" changes no hands.
        distinct = [part for part in distinct if part in lengths or not is_remark_on_hand(scene.content, part)]
    if not scene.session.at_a_step:  # "Ten might tire her, could we keep it to five?"
        distinct = [part for part in distinct if part not in lengths[:-1]]
    # "What is a compress? I haven't one" is no answer to whether the person is ready.
    is_beside = len(distinct) > 1 and scene.session.state == "preparing" and distinct[0].inquires
    if is_beside and distinct[-1].intent == "deny":
        distinct.pop()
    while len(distinct) > 1 and distinct[-1].intent in ANSWERING and scene.session.at_a_step:
        distinct.pop()
    return distinct


def _may_go_on(scene: Scene, command: Command) -> bool:
    """Whether a message answers the safety question with a plain no, and then asks for something harmless."""
    whole = scene.content.questions["screening"].match(command.words)
    if whole and whole.id in NO_PLAIN_NO:
        return False
    answer, *rest = command.parts or (command,)
    courteous = [part for part in rest if part.intent in COURTEOUS and part.confidence >= SURE]
    harmless = all(part in courteous or part.inquires or _is_other_choice(scene, answer, part) for part in rest)
    return bool(rest) and answer.intent == "deny" and harmless and not (command.mixed or command.hedged)


def _says_no_to_go_on(scene: Scene, command: Command) -> bool:
    """Whether a message answers the safety question with a plain no, and only wants to go on: "no, take me back"."""
    found, words = scene.content.questions["screening"].match(command.words), command.words
    is_told = (found is not None and found.id in NO_PLAIN_NO) or scene.content.alarms["red_flag"].match_hint(words)
    if is_told or command.mixed or command.hedged or len(command.parts) < 2:
        return False
    answer, *rest = command.parts
    is_no = answer.intent == "deny" and answer.confidence >= SURE
    return is_no and all(part.intent in TO_GO_ON and part.learned("screening", SURE_NO) is None for part in rest)


def _is_other_choice(scene: Scene, answer: Command, part: Command) -> bool:
    """Whether a clause chooses another massage after more than a bare no, which would be of the first one."""
    found = scene.content.questions["screening"].match(answer.words)
    is_answer = found is not None and found.id == "no" and len(answer.words) >= LONGEST_NO
    is_choice = part.intent == "start_routine" and part.first("routine") in scene.content.routines
    return is_answer and is_choice and part.confidence >= SURE


def _asks_what_follows(scene: Scene, part: Command) -> bool:
    """Whether a clause asks for the step that follows: "what comes next, and what does it do?" goes nowhere."""
    session = scene.session
    return part.intent == "next_step" and part.is_asked and session.at_a_step and session.step < len(session.steps)


def _is_idle_answer(scene: Scene, part: Command, distinct: Sequence[Command], *, explains: bool) -> bool:
    """Whether a clause is a yes or no that only leads to what follows: "no, how long is the whole thing".

    `explains`: some clause says no in more than a word or two.
    """
    if len(distinct) < 2:
        return False
    if part.intent == "repeat_step":  # "What do I have to do? And what does it cost?"
        return scene.session.state == "none"
    if part.intent == "resume" and scene.session.state == "none":  # "Go on then, show me one"
        return True
    if part.intent == "deny":
        # "No, they aren't swollen. Let's begin" explains itself before it accepts an offer.
        takes = ACCEPTING if explains else ACCEPTING - {"affirm"}
        accepts = scene.session.state == "offered" and distinct[-1].intent in takes
        return accepts or (scene.session.state not in ANSWERED_BY_NO and scene.session.switch_to is None)
    if part.intent == "stop" and not scene.session.at_a_step:  # "I don't want a massage. What is kneading?"
        return distinct[-1].inquires
    if part.intent == "previous_step":  # "Back, ok carry on" tells of the person
        return part.words == ["back"] and distinct[-1].intent == "resume"
    if part.intent == "pause" and distinct[-1].intent in PLACING:  # "I dozed off for a moment, skip to the wrists"
        return True
    if part.intent == "pause":  # "Wait, make it five minutes"
        return len(part.words) <= LONGEST_NO and not distinct[-1].inquires and distinct[-1].intent not in EMPTY
    return part.intent == "affirm" and scene.session.state in ("none", "running", "stopped")


# Corrections of the turn before


def _meant_instead(scene: Scene, command: Command, wanted: Sequence[Command]) -> Command | None:
    """What a message means instead of the turn before; None if it does not correct that.

    `wanted` is what it would ask for otherwise.
    """
    session, words = scene.session, command.words
    # What is corrected within the message does not touch the turn before.
    is_correction = not command.meant and command.acts.get("correction", 0.0) >= CORRECTS
    is_correction = is_correction and not scene.content.corrections.is_duty(words)
    aside = scene.content.readings["aside"].match(words)
    # After "you got me wrong" the safety question is asked again; undoing that would bring the red flag back.
    is_cleared = session.state == "screening" and session.before is not None and session.before.flagged
    if is_cleared or (aside and (aside.id != NOT_YOU or session.last in ANSWERING)):
        return None
    is_correction = is_correction or aside is not None
    if command.across or (session.has_just_changed and is_correction and command.first("symptom") is None):
        return command
    # "No, stay on the left one" after a change to the right hand.
    names_hand = session.last == "switch_hand" and command.first("hand") is not None
    stays = command.intent == "stay" or (command.intent in ANSWERING and names_hand)
    retracting = frozenset(scene.content.corrections.retracting) - {"not"}  # "not done with this hand yet"
    # "Not yet, I'm still on the left" on the left one tells where the person is.
    is_here = session.at_a_step and command.first("hand") == scene.place.hold.hand and session.last != "switch_hand"
    if stays and not is_here and session.has_just_changed and words[:1] and words[0] in retracting:
        return Command(UNDO)
    if session.state == "screening" and not _may_go_on(scene, command):
        return _chosen_instead(scene, command)
    begins_with_no = bool(command.parts) and command.parts[0].intent == "deny"
    says_no = begins_with_no and not only_begins_with_no(scene.session, command, command)
    if len(wanted) > 1 or wanted[0] is command or wanted[0].intent in EMPTY | ANSWERING | {"goodbye"} or not says_no:
        return None
    corrects = session.has_just_changed or _names_extent(scene, wanted[0])
    return wanted[0] if corrects and session.state not in ANSWERED_BY_NO else None


def _chosen_instead(scene: Scene, command: Command) -> Command | None:
    """Another massage than the one just chosen, before its safety question is answered: "no, the second one"."""
    if not scene.session.has_just_changed or len(command.parts) < 2:
        return None
    others = (part for part in command.parts if part.first("routine") not in (None, scene.session.routine))
    last = command.parts[-1]
    is_listed = bool(scene.session.listed and last.first("step_number")) and command.parts[0].intent == "deny"
    return next(others, last if is_listed else None)


def _names_extent(scene: Scene, command: Command) -> bool:
    """Whether a fragment says what the time just asked for is to be of: "no, the whole thing"."""
    is_fragment = len(command.words) <= LONGEST_FRAGMENT and command.intent != "how_long"
    goes_on = is_fragment and scene.session.last == "how_long"
    return goes_on and scene.content.readings["extent"].match(command.words) is not None


def _correcting(scene: Scene, command: Command) -> tuple[Command, ...]:
    """What the turn before did is undone, and what was meant is done instead."""
    session = scene.session
    command = replace(_clause_meant(scene, command), across=False)
    is_more = command.words[-1:] in (["too"], ["also"]) or command.words[-2:] == ["as", "well"]
    names_routine = command.first("routine") in scene.content.routines
    # "This isn't the one for sore hands" takes back the choice of a massage, not a step.
    is_of_step = session.at_a_step and names_routine and session.last != "start_routine"
    undone = (Command(UNDO),) if session.has_just_changed and not is_more and not is_of_step else ()
    if _names_extent(scene, command):
        return (replace(command, intent="how_long"),)
    if names_routine and not command.asks_outright:
        command = replace(command, intent="start_routine", answer=None)  # "the wrong one, I said the reflexology"
    said = command.named
    if session.last == "set_duration" and said.get("step_number", ("",))[0].isdigit():
        said["minutes"] = said["step_number"]
    entities = {name: said[name] for name in TAKES.get(session.last, ()) if name in said}
    is_fragment = command.confidence < LEAST_SURE or len(command.words) <= LONGEST_FRAGMENT
    if entities and (is_fragment or command.intent in EMPTY | ANSWERING | {session.last}):
        return (*undone, replace(command, intent=session.last, entities=entities, confidence=1.0, acts={}))
    # "I didn't mean next" looks like a move back.
    is_same = (command.intent == session.last and not is_more) or (
        command.intent == "previous_step" and session.last in PLACING
    )
    takes_back = command.intent in ANSWERING | {UNDO, "resume"} or (is_same and not entities)
    if command.intent in EMPTY | COURTEOUS or (undone and takes_back):
        return undone or (command,)
    # That it was meant for the coach is plain: it corrects what the coach did.
    if command.intent in HALTING and command.confidence < HARDLY_SURE:
        return undone or (command,)
    return (command,) if command.intent == UNDO else (*undone, replace(command, confidence=1.0, acts={}))


def _clause_meant(scene: Scene, command: Command) -> Command:
    """The clause of a correction that says what is meant instead: "wrong word, I wanted a break"."""
    idle = EMPTY | COURTEOUS | ANSWERING | {UNDO}
    if command.intent not in idle | {scene.session.last} or command.across:
        return command
    wished = (
        part
        for part in command.parts
        if part.confidence >= LEAST_SURE
        and part.intent not in idle | {RED_FLAG}
        and (part.intent != scene.session.last or part.entities)
        and part.words[0] not in scene.content.corrections.denying
    )
    return next(wished, command)

"""References: messages that point at something listed or named a moment ago ("the second one", "skip to it")."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from palmwise.coach.commands import VAGUE, Command
from palmwise.coach.interpretation import (
    PACES,
    SURE_TO_STAY,
    Said,
    read_hands,
    read_pace,
    read_step_left_out,
    read_time,
)
from palmwise.coach.plan import routine_seconds
from palmwise.coach.scene import Scene
from palmwise.coach.session import CHOSEN
from palmwise.language.marking import SIDE_MARK
from palmwise.language.sentences import form_of
from palmwise.language.step_references import GO_TO, resolve_step
from palmwise.language.tokens import has_all_of

FRESH = 3
"""Turns for which a list, or what was named, can be pointed at."""
COUNTED_MOVES = frozenset({("next_step", "+2"), ("previous_step", "-2"), ("previous_step", "-3")})
"""Intent and reference of moves over more than one step: "two steps ahead"."""
LONGEST_NAME = 4
"""Words of the name of a step that is gone to."""
CHOOSING = ("none", "offered", "preparing", "finished", "stopped")
"""States in which one of the listed massages can be chosen."""
EXTREMES = ("longest", "shortest", "lightest")
RETURNING = frozenset({GO_TO, "previous_step", "resume", "switch_hand"})
"""Intents that mean another massage where one is named: "back to the sore hands one"."""
OF_THEIR_OWN = frozenset({"how_long", "start_routine", "set_duration", "faq", "repeat_step"})
"""Intents that ask for something else than what a step is."""
STEPWISE = frozenset(
    {"go_to_step", "next_step", "previous_step", "repeat_step", "explain_step", "explain_technique", "ask_progress"}
)


CHANGE = {"0": "deny", "1": "deny", "other": "affirm", "2": "affirm", "last": "affirm"}
"""When the coach asks whether to change to another massage: what is pointed at -> the answer."""
EASING = {"1": "resume", "2": "next_step", "middle": "next_step", "3": "stop", "last": "stop"}
"""The same after pain: lighter, skip, or stop."""


TAGS = frozenset({"right", "correct", "isn't it"})
"""Last words, right after a step, that ask whether it is the one: "last one right"."""


def read_pointer(said: Said) -> Command | None:
    """An answer that points at something the coach named: two massages, three ways to continue, or a step."""
    session, reference = said.scene.session, reference_in(said)
    answers = EASING if session.easing else CHANGE if session.switch_to else {}
    is_place = reference == "last" and said.command.intent == GO_TO and "to" in said.words  # "skip to the last bit"
    if not (said.asks or is_place) and reference in answers and not said.command.first("technique"):
        return said.command_with(answers[reference or ""], ("step_number", "technique"))
    if mentioned := pointed_at(said):
        return said.command_with(GO_TO, ("step_number", "minutes"), technique=mentioned)
    return None


def read_time_question(said: Said) -> Command | None:
    """Which time is asked for: of this step, of what is left, of all, of something that is named or pointed at."""
    scene, intent = said.scene, said.command.intent
    if said.meaning("hands") == "which_now":  # "do I change over now or wait for you"
        return None
    if reference_in(said) == "when" and scene.session.steps and named_step(said):
        return None  # "When does the wrist one come"
    extent = said.meaning("extent")
    words = set(said.words)
    asks = said.asks or "?" in said.command.text
    is_time = intent == "how_long" or (
        asks
        and intent in {*VAGUE, "set_duration", "ask_progress"}
        and bool(said.has(said.cues.lengths) or form_of(" ".join(said.words)) == "how_long")
    )
    # "Could it be done in five minutes?" is a wish.
    is_time = is_time and not (intent == "set_duration" and said.command.minutes and said.has(said.cues.requesting))
    # "What time is it?" is no question of the coach's.
    if intent == "out_of_scope" and said.command.confidence >= SURE_TO_STAY:
        return None
    is_extreme = reference_in(said) in ("longest", "shortest") and asks and scene.session.state in CHOOSING
    if not (is_time or is_extreme) and not (
        {"how", "much"} <= words and extent in ("rest", "whole") and intent in VAGUE
    ):
        return None
    reference = reference_in(said)
    listed = listed_routine(said, reference)
    if listed is None and extent == "whole" and not said.command.first("routine") and scene.session.state == "none":
        listed = scene.session.listed_routine if is_fresh(scene) else None
    technique = said.command.first("technique")
    if technique is None and not scene.session.steps and listed is None:
        technique = technique_at(said, reference)
    if technique and technique not in planned(scene):
        return said.command_with("ask_technique_time", technique=technique)
    if extent == "each_step" and technique is None:
        return said.command_with("list_steps", ("minutes", "step_number"), routine=listed)
    number = None if listed or technique else step_number(said, reference)
    return said.command_with("how_long", ("minutes", "step_number"), extent=extent, routine=listed, step_number=number)


def read_step_question(said: Said) -> Command | None:
    """What is asked about steps: where one comes, what comes before or after it, what follows the last."""
    scene, command = said.scene, said.command
    reference = reference_in(said)
    asks = said.asks or "?" in command.text
    if _confirms_place(said):
        return said.command_with("ask_progress", ("step_number", "hand"))
    if reference == "finish" and (scene.session.state in CHOSEN):
        return said.command_with("ask_finish")
    if reference == "after hand" and asks and scene.session.at_a_step:
        is_last = scene.place.index == len(scene.session.holds) - 1
        following = planned(scene)[scene.session.step : scene.session.step + 1]
        if not is_last:
            return said.command_with("ask_change_of_hands")
        return said.command_with("tell_step", technique=following[0]) if following else said.command_with("ask_finish")
    if reference == "when" and scene.session.steps and (command.intent in STEPWISE | VAGUE or asks):
        return _asked_when(said)
    if reference == "where we were" and scene.session.came_from and scene.session.at_a_step:
        return said.command_with("go_to_step", ("technique", "body_part"), step_number=str(scene.session.came_from))
    if command.intent == "restart" and scene.session.at_a_step and said.meaning("extent") == "step":
        return said.command_with("go_to_step", ("technique", "body_part"), step_number=str(scene.session.step))
    if has_all_of(said.words, said.cues.putting_back):
        left_out = left_out_step(said)
        return said.command_with("put_back", technique=left_out) if left_out else None
    return None


def _confirms_place(said: Said) -> bool:
    """Whether somebody at a step wants to hear which it is: "last one, right?", not "go to the last one"."""
    session, steps = said.scene.session, said.steps
    if not (steps and steps[0].value == "last"):
        return False
    if session.state == "finished":  # "Last one now?"
        return said.command.has_question_mark and not said.has(said.cues.going | said.cues.returning)
    if not session.at_a_step:
        return False
    if said.command.intent == "ask_progress":
        return said.asks and said.cues.asking_to_move.isdisjoint(said.words)
    is_move = said.command.intent == GO_TO and not said.has(said.cues.going | said.cues.returning)
    after = [word for word in said.words[steps[0].first + 1 :] if word not in ("one", "step")]
    return is_move and (" ".join(after) in TAGS or session.step == len(session.steps))


def _asked_when(said: Said) -> Command | None:
    """When a named step comes; what the step is that is told by its place: "which step is the last one"."""
    if said.scene.session.state in CHOSEN and "or" in said.words:  # "Is it only strokes, or do you do the fingers"
        return said.command_with("list_steps", ("technique", "body_part"))
    if number := named_step(said):
        return said.command_with("ask_when", ("step_number",), step_number=str(number))
    pointed = said.steps
    technique = technique_at(said, pointed[0].value) if pointed else None
    return said.command_with("tell_step", technique=technique) if technique else None


def read_reference(said: Said) -> Command | None:
    """What is pointed at in a list, or by "it" and "that": it is chosen, gone to, or asked about."""
    scene, command = said.scene, said.command
    reference = reference_in(said)
    asks = (
        said.asks
        or said.has(said.cues.asking_about)
        or command.intent in ("explain_technique", "explain_step", "list_steps")
    )
    names_another = command.first("routine") not in (None, scene.session.routine)
    if command.intent in VAGUE and names_another and said.has(said.cues.wishing) and not asks:
        return said.command_with("start_routine", ("step_number", "technique"))
    if command.intent in RETURNING and names_another and not asks:
        return said.command_with("start_routine", ("step_number", "technique"))
    if routine := listed_routine(said, reference):
        return said.command_with(
            "list_steps" if asks else "start_routine", ("step_number", "technique"), routine=routine
        )
    named = command.first("technique") in planned(scene)
    if named and not asks and said.has(said.cues.going | said.cues.returning) and reference:
        return said.command_with(GO_TO, ("step_number",))
    is_count, is_move = {"how", "many"} <= set(said.words), command.intent == "next_step" and "next" in said.words
    technique = None if is_count or (is_move and reference == "+1") else technique_at(said, reference)
    # "The thumb as well or only four?" points at the movement that is on, and asks something else about it.
    has_answer = command.answer is not None and scene.session.at_a_step and technique == scene.technique.id
    if technique and asks and not has_answer and command.intent.partition("/")[0] not in OF_THEIR_OWN:
        return said.command_with("tell_step", technique=technique)
    is_counted = (command.intent, reference) in COUNTED_MOVES
    if is_counted and scene.session.at_a_step and not asks:
        return said.command_with(GO_TO, ("technique", "body_part"), step_number=reference)
    if command.intent == GO_TO and reference and not command.first("technique") and scene.session.at_a_step:
        return said.command_with(GO_TO, ("step_number",), step_number=step_number(said, reference))
    return None


def reference_in(said: Said) -> str | None:
    """What the words point at: a group of the reading, or a reference to a step such as "2", "last-1"."""
    found = said.meaning("steps")
    if found in (None, "1", "last", "+1"):
        steps = said.steps
        is_sure = steps and (found is None or steps[0].value not in ("1", "last"))
        return steps[0].value if is_sure and not _is_time_or_hand(said, steps[0].first) else found
    return found


def _is_time_or_hand(said: Said, at: int) -> bool:
    return not said.cues.no_steps.isdisjoint(said.words[at + 1 : at + 3])


def is_fresh(scene: Scene) -> bool:
    """Whether something was listed a moment ago."""
    session = scene.session
    return bool(session.listed or session.listed_steps) and session.turns - session.listed_at <= FRESH


def listed_routine(said: Said, reference: str | None) -> str | None:
    """The listed massage that is pointed at, if massages were listed."""
    scene = said.scene
    session, routines = scene.session, scene.content.routines
    if session.state not in CHOOSING or said.command.first("routine") or reference is None:
        return None
    listed = session.listed if is_fresh(scene) and not session.listed_steps else ()
    if not listed:
        listed = tuple(routines) if reference in EXTREMES and session.state != "preparing" else ()
    if not listed:
        return None
    if reference in EXTREMES:
        return extreme(scene, listed, reference)
    return _picked(listed, reference)


def _picked(listed: Sequence[str], reference: str) -> str | None:
    """The item of a list that a reference picks."""
    if reference == "middle":
        return listed[len(listed) // 2] if len(listed) % 2 else None
    if reference == "not_first_two":
        return listed[2] if len(listed) == 3 else None
    number = None if reference[0] in "+-" else resolve_step(reference, 0, len(listed))
    return listed[number - 1] if number and 1 <= number <= len(listed) else None


def extreme(scene: Scene, ids: Sequence[str], which: str) -> str:
    """The longest, shortest or lightest of some routines."""
    if which == "lightest":
        return min(ids, key=lambda id: scene.content.routines[id].firmness)
    order = sorted(ids, key=lambda id: routine_seconds(scene.content.routines[id]))
    return order[-1] if which == "longest" else order[0]


def pointed_at(said: Said) -> str | None:
    """The technique named a moment ago that "it" or "that" points at in a command to go there."""
    session, words = said.scene.session, set(said.words)
    is_recent = session.mentioned is not None and session.turns - session.mentioned_at <= 2
    is_other = session.at_a_step and session.mentioned != session.current.technique
    is_move = said.command.intent in {
        *STEPWISE,
        *VAGUE,
        "set_duration",
        "start_routine",
        "resume",
        "switch_hand",
        "pause",
        "affirm",
    }
    points = said.has(said.cues.pointers) and said.has(said.cues.going) and not said.has(said.cues.not_going)
    return (
        session.mentioned
        if is_recent and is_other and is_move and points and not said.asks and len(words) < 10
        else None
    )


def step_number(said: Said, reference: str | None) -> str | None:
    """The step of the plan that is meant, as an entity; a part of the hand counts if a step is named after it."""
    session = said.scene.session
    if reference in ("longest", "shortest") and session.steps:
        order = sorted(range(len(session.steps)), key=lambda index: session.seconds_of_step(index + 1))
        return str(1 + order[-1 if reference == "longest" else 0])
    if reference == "0":
        return None
    if reference and (reference[0] in "+-" or reference[0].isdigit() or reference.startswith("last")):
        return reference
    return said.command.first("step_number") or _named_number(said)


def _named_number(said: Said) -> str | None:
    number = named_step(said) if said.command.first("body_part") else None
    return str(number) if number else None


def named_step(said: Said) -> int | None:
    """The step of the plan that is named by its technique, a part of the hand or a word of its title."""
    scene = said.scene
    techniques = planned(scene)
    named = said.command.first("technique")
    if named in techniques:
        return techniques.index(named or "") + 1
    words = {word for word in said.words if len(word) > 3} - said.cues.asking_about
    stems = {_stem(word) for word in words} - {_stem(word) for word in said.cues.nameless}
    part = said.command.first("body_part")
    for number, id in enumerate(techniques, 1):
        own = {_stem(word) for text in (id.replace("_", " "), scene.title_at(number)) for word in text.lower().split()}
        if own & stems or (part and part in id.split("_")):
            return number
    texts = [(number, scene.content.techniques[id].text.lower()) for number, id in enumerate(techniques, 1)]
    return next((number for number, text in texts if part and part != "hand" and part.rstrip("s") in text), None)


def _stem(word: str) -> str:
    return word.strip("().,").removesuffix("s").removesuffix("ing").removesuffix("e")


def planned(scene: Scene) -> list[str]:
    """The techniques of the plan, in order."""
    return [step.technique for step in scene.session.steps]


def technique_at(said: Said, reference: str | None) -> str | None:
    """The technique of the listed or planned step that is pointed at."""
    scene, session = said.scene, said.scene.session
    fresh = session.listed_steps if is_fresh(scene) else ()
    listed = tuple(planned(scene)) or fresh
    number = step_number(said, reference)
    if number is None or reference is None or not listed:
        return None
    at = resolve_step(number, session.step, len(listed))
    return listed[at - 1] if at and 1 <= at <= len(listed) else None


def left_out_step(said: Said) -> str | None:
    """The technique that the message names and the plan leaves out of the routine."""
    scene = said.scene
    if not scene.session.steps:
        return None
    missing = [step.technique for step in scene.routine.steps if step.technique not in planned(scene)]
    named, part = said.command.first("technique"), said.command.first("body_part")
    return next((id for id in missing if id == named or (part and part in id.split("_"))), None)


def read_going_to_part(said: Said) -> Command | None:
    """A step that is gone to by its part of the hand, beside talk of the pace: "so slow, skip to the thumbs"."""
    is_named = said.meaning("wishes") == "go_to" and said.scene.session.at_a_step and not said.asks
    is_open = said.command.intent in {*PACES, *VAGUE, GO_TO, "next_step", "switch_hand", "set_duration"}
    if not (is_named and is_open) or said.command.minutes is not None:
        return None
    goal = replace(said.command, text=said.after("wishes", LONGEST_NAME), entities={})
    number = named_step(Said(said.scene, goal))
    return said.command_with(GO_TO, ("technique", "body_part"), step_number=str(number)) if number else None


def read_other_massage(said: Said) -> Command | None:
    """Another massage that was just spoken of: "yes, swap to that one" is no change of hands."""
    session = said.scene.session
    spoken_of = (*session.listed, *((session.listed_routine,) if session.listed_routine else ()))
    others = [routine for routine in dict.fromkeys(spoken_of) if routine != session.routine]
    is_fresh_wish = session.at_a_step and is_fresh(said.scene) and said.command.intent == "switch_hand"
    points = said.has(said.cues.pointers) and not {"hand", "side", SIDE_MARK} & set(said.marked.words)
    if not (is_fresh_wish and points and others) or said.asks:
        return None
    if len(others) > 1:
        return said.command_with("list_routines", ("hand",)) if said.scene.session.last == "list_routines" else None
    return said.command_with("start_routine", ("hand",), routine=others[0])


READERS = (
    read_going_to_part,
    read_other_massage,
    read_pointer,
    read_time,
    read_time_question,
    read_pace,
    read_step_left_out,
    read_hands,
    read_step_question,
    read_reference,
)
"""What a message means in the conversation; the first that finds something decides."""

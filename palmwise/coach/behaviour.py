"""Behaviour: what happens for each command in each state.

What a person says is read against the `QUESTIONS` of the coach that are open, and so is a button. Then come the
`GUARDS`: each is a situation in which some commands mean something of their own. Everything else is in `TABLE`, a row
an intent, a column a state. docs/behaviour.md is generated from all three.
"""

from __future__ import annotations

from collections.abc import Mapping

# The names of a module side by side: one a line they would take a third of this file.
# isort: off
# fmt: off
from palmwise.coach.adjustments import (
    ask_minutes, end_after, hand_before_begin, leave_part_out, massage_both_hands, massage_one_hand, normal_pace,
    offer_for_minutes, plan_for_minutes, replan_rest, set_step_time, shorten_offer, slow_down, speak_softly, speak_up,
    speed_up, start_with_hand, tell_change_of_hands, tell_hand_order, tell_hand_roles,
)
from palmwise.coach.answering import (
    TELL_OF_STEP, answer, asks_about_move, asks_about_pain, asks_where_it_stopped, faq, follow_up, has_answered,
    is_known_question, is_near_question, is_answerable, put_simply, read_about_step, read_follow_up, still_as_it_is,
    tell_more, tell_why, unknown_question,
)
from palmwise.coach.comparing import compare, read_comparison
from palmwise.coach.moves import (
    accept_offer, change, decline_offer, first_step, following_step, go_to_step, insist_on_change, keep_going,
    keep_routine, last_step, offer_default, pause, put_back, read_choice, restart, restart_before_begin, restart_for,
    restart_offered, resume_lighter, resume_offered, resume_paused, resume_stopped, say_goodbye, show_current, start,
    start_another, start_chosen, start_offered, start_prepared, start_recommended, stay, step_before, still_paused,
    stop_massage, switch_hand, talks_of_routine, undo,
)
from palmwise.coach.plain_moves import PLAIN_READERS
from palmwise.coach.questions import (
    explain_benefit, explain_help, explain_step, explain_step_ahead, explain_step_while_screening,
    explain_technique, how_long_finished, how_long_in_general, how_long_planned, how_long_step, how_long_stopped,
    list_routines, list_steps, tell_finish, tell_following, tell_hand, tell_now, tell_progress, tell_step,
    tell_technique_time, tell_when, tell_where_stopped,
)
from palmwise.coach.references import READERS
from palmwise.coach.rules import NEVER_PRIVATE, Guard, OpenQuestion, Row, everywhere, unless_halting
from palmwise.coach.safety import (
    HELD_BACK, after_red_flag, ask_again, ask_permission, ease, explain_red_flag, harmless_after_all, misheard,
    note_symptom, offer_for_symptom, pain_away_from_step, read_asked_permission, read_told_permission,
    stop_for_red_flag, symptom_after_red_flag, symptom_at_step, symptom_while_preparing, take_permission,
)
from palmwise.coach.screening import (
    ask_in_other_words, ask_safety_first, contraindicated, doubt, explain_item, pass_screening, pass_with_complaint,
    read_answer, read_slip, take_yes_back,
)
from palmwise.coach.talk import (
    ASKING, Say, ask_whether, asks_after_flag, chat, insists_after_flag, let_it_pass, not_understood, out_of_scope,
    tell_privacy,
)
from palmwise.coach.turns import Behaviour
# fmt: on
# isort: on

nothing_on, not_begun, no_hurry = Say("nothing_on"), Say("not_begun"), Say("no_hurry")
already_finished, already_stopped, all_right = Say("already_finished"), Say("already_stopped"), Say("all_right")
nothing_to_stop, goodbye = Say("nothing_to_stop"), Say("goodbye")
no_progress, hello_again = Say("progress_none", "progress"), Say("hello_again")

# fmt: off
TABLE: Mapping[str, Row] = {
    # Columns:                    none, offered, screening, preparing,
    #                             running, paused, finished, stopped
    # Beginning
    "start_routine":          Row(start, start_offered, start_offered, start_prepared,
                                  start_another, start_another, start, start),
    "set_duration":           Row(offer_for_minutes, plan_for_minutes, plan_for_minutes, plan_for_minutes,
                                  replan_rest, replan_rest, offer_for_minutes, offer_for_minutes),
    "affirm":                 Row(offer_default, accept_offer, contraindicated, first_step,
                                  keep_going, resume_paused, all_right, all_right),
    "deny":                   Row(all_right, decline_offer, pass_screening, no_hurry,
                                  pause, still_paused, all_right, all_right),
    # Moving through a routine
    "next_step":              Row(nothing_on, accept_offer, ask_safety_first, first_step,
                                  following_step, following_step, already_finished, already_stopped),
    "previous_step":          Row(nothing_on, not_begun, not_begun, not_begun,
                                  step_before, step_before, last_step, already_stopped),
    "go_to_step":             Row(nothing_on, not_begun, not_begun, go_to_step,
                                  go_to_step, go_to_step, go_to_step, already_stopped),
    "repeat_step":            everywhere(show_current),
    "pause":                  Row(no_hurry, no_hurry, no_hurry, no_hurry,
                                  pause, still_paused, already_finished, already_stopped),
    "resume":                 Row(nothing_on, resume_offered, ask_safety_first, first_step,
                                  keep_going, resume_paused, already_finished, resume_stopped),
    "stop":                   Row(nothing_to_stop, stop_massage, stop_massage, stop_massage,
                                  stop_massage, stop_massage, nothing_to_stop, nothing_to_stop),
    "goodbye":                Row(goodbye, say_goodbye, say_goodbye, say_goodbye,
                                  say_goodbye, say_goodbye, goodbye, goodbye),
    "restart":                Row(restart_offered, restart_offered, restart_before_begin, restart_before_begin,
                                  restart, restart, restart, restart),
    "switch_hand":            Row(nothing_on, hand_before_begin, hand_before_begin, hand_before_begin,
                                  switch_hand, switch_hand, nothing_on, already_stopped),
    "undo":                   everywhere(undo),
    "stay":                   everywhere(stay),
    # Pace and voice
    "slow_down":              everywhere(slow_down),
    "speed_up":               everywhere(speed_up),
    "speak_up":               everywhere(speak_up),
    "speak_softly":           everywhere(speak_softly),
    # Questions
    "faq":                    everywhere(faq),
    "how_long":               Row(how_long_in_general, how_long_planned, how_long_planned, how_long_planned,
                                  how_long_step, how_long_step, how_long_finished, how_long_stopped),
    "ask_progress":           Row(no_progress, no_progress, no_progress, no_progress, tell_progress, tell_progress,
                                  Say("progress_finished", "progress"), tell_where_stopped),
    "explain_step":           Row(explain_step_ahead, explain_step_ahead, explain_step_while_screening,
                                  explain_step_ahead, explain_step, explain_step, explain_step_ahead,
                                  explain_step_ahead),
    "explain_benefit":        everywhere(explain_benefit),
    "explain_technique":      everywhere(explain_technique),
    "list_steps":             everywhere(list_steps),
    "list_routines":          everywhere(list_routines),
    "help":                   everywhere(explain_help),
    # What is wrong
    "report_symptom":         Row(offer_for_symptom, offer_for_symptom, note_symptom, symptom_while_preparing,
                                  symptom_at_step, symptom_at_step, offer_for_symptom, offer_for_symptom),
    "report_pain":            Row(pain_away_from_step, pain_away_from_step, pain_away_from_step, pain_away_from_step,
                                  ease, ease, pain_away_from_step, pain_away_from_step),
    "report_red_flag":        everywhere(stop_for_red_flag),
    # Talking
    "greet":                  Row(Say("welcome"), hello_again, hello_again, hello_again,
                                  hello_again, hello_again, hello_again, hello_again),
    **dict.fromkeys(("thank", "praise", "complain", "bot_challenge"), everywhere(chat)),
    "out_of_scope":           everywhere(out_of_scope),
    "nlu_fallback":           everywhere(not_understood),
}
"""Intent -> its row."""
INTERPRETED: Mapping[str, Row] = {
    "ask_minutes":            everywhere(ask_minutes),
    "told_time":              everywhere(Say("noted")),
    "set_step_time":          Row(ask_minutes, set_step_time, set_step_time, set_step_time,
                                  set_step_time, set_step_time, ask_minutes, ask_minutes),
    "normal_pace":            everywhere(normal_pace),
    "keep_pace":              everywhere(Say("pace_kept")),
    "ask_pace":               everywhere(Say("pace_of_strokes")),
    "hand_first":             everywhere(start_with_hand),
    "one_hand":               everywhere(massage_one_hand),
    "both_hands":             everywhere(massage_both_hands),
    "which_hand":             everywhere(Say("which_one_hand")),
    "stay_on_hand":           everywhere(Say("stay_on_hand")),
    "leave_part_out":         everywhere(leave_part_out),
    "ask_technique_time":     everywhere(tell_technique_time),
    "tell_step":              everywhere(tell_step),
    "ask_when":               everywhere(tell_when),
    "ask_finish":             everywhere(tell_finish),
    "put_back":               everywhere(put_back),
    "end_after":              everywhere(end_after),
    "ask_hand_roles":         everywhere(tell_hand_roles),
    "ask_hand_order":         everywhere(tell_hand_order),
    "ask_change_of_hands":    everywhere(tell_change_of_hands),
    "ask_hand":               Row(no_progress, no_progress, no_progress, no_progress, tell_hand, tell_hand,
                                  Say("progress_finished", "progress"), tell_where_stopped),
}
"""The table for what no single sentence tells, but the readers."""
# fmt: on


QUESTIONS = (
    OpenQuestion(
        "doctor's permission",
        "the coach asked whether a doctor has allowed a massage with what was told",
        lambda session: session.flagged and session.state == "screening",
        {
            **dict.fromkeys(("yes", "allowed"), take_permission),
            **dict.fromkeys(("no", "unsure"), after_red_flag),
            "wrong": misheard,
            "harmless": harmless_after_all,
            "unclear": ask_permission,
        },
        read=read_asked_permission,
        commands={
            "affirm": take_permission,
            "report_symptom": symptom_after_red_flag,
            **dict.fromkeys(("deny", "stop", "goodbye", "undo"), after_red_flag),
            **dict.fromkeys(("start_routine", "restart", "resume", "next_step", "set_duration"), ask_permission),
        },
    ),
    OpenQuestion(
        "safety question",
        "it is open, and the person says something",
        lambda session: session.state == "screening" and not session.flagged,
        {
            "no": pass_screening,
            **dict.fromkeys(("yes", "condition"), contraindicated),
            "complaint": pass_with_complaint,
            "unsure": doubt,
            "later": decline_offer,
            "unclear": ask_in_other_words,
            "ask": explain_item,
            "why": Say("screening_why"),
            "past": Say("screening_past"),
            "told": Say("noted_symptom"),
        },
        read=read_answer,
        id="screening",
    ),
    OpenQuestion(
        "safety question, a yes just given",
        "the turn before was a yes to it",
        lambda session: session.flagged and session.answered_yes == session.turns - 1,
        {"slip": take_yes_back},
        read=read_slip,
    ),
    OpenQuestion(
        "told of a red flag",
        "a red flag has ended the massage, and the person tells of a doctor's permission, or of a misunderstanding",
        lambda session: session.flagged and session.state == "stopped",
        {"allowed": take_permission, "wrong": misheard, "harmless": harmless_after_all},
        read=read_told_permission,
    ),
    OpenQuestion(
        "after pain, a question back",
        "the massage hurt, and the person asks about that",
        lambda session: session.easing,
        {
            meaning: Say(f"pain_{meaning}")
            for meaning in ("normal", "whether", "why", "fault", "injured", "instead", "again")
        },
        read=asks_about_pain,
    ),
    OpenQuestion(
        "after pain",
        "the massage hurt, and the coach asked whether to go on more gently, skip the step, or stop",
        lambda session: session.easing,
        {
            "wait": still_paused,
            **dict.fromkeys(("lighter", "first"), resume_lighter),
            **dict.fromkeys(("skip", "second"), following_step),
            **dict.fromkeys(("stop", "third"), stop_massage),
            **dict.fromkeys(("better", "same"), resume_paused),
            "unsure": ask_again,
        },
        id="ease",
        commands={
            **dict.fromkeys(("affirm", "resume", "slow_down", "speed_up", "speak_softly"), resume_lighter),
            "report_pain": ease,
        },
    ),
    OpenQuestion(
        "offer",
        "a routine is on offer, and no massage was stopped for it",
        lambda session: session.state == "offered" and session.kept is None,
        {
            "yes": accept_offer,
            **dict.fromkeys(("no", "later"), decline_offer),
            "other": list_routines,
            "about": list_steps,
            "shorter": shorten_offer,
            "unsure": Say("offer_unsure"),
        },
        id="offer",
    ),
    OpenQuestion(
        "change of routine",
        "the coach asked whether to leave the current routine for another one",
        lambda session: session.switch_to is not None,
        {"yes": change, "no": keep_routine, "later": keep_routine, "unsure": ask_again},
        id="change_routine",
        commands={"affirm": change, "deny": keep_routine, "resume": keep_routine, "start_routine": insist_on_change},
    ),
    OpenQuestion(
        "ready",
        "the coach asked whether the person is ready",
        lambda session: session.state == "preparing",
        {"yes": first_step, "later": no_hurry, "no": decline_offer},
        id="ready",
    ),
    OpenQuestion(
        "go on",
        "the massage is paused, and not because it hurt",
        lambda session: session.state == "paused" and not session.easing and session.switch_to is None,
        {"yes": resume_paused, "wait": still_paused, "no": still_paused, "stop": stop_massage},
        id="go_on",
    ),
    OpenQuestion(
        "take it up again",
        "the massage was stopped at a step, and not for a red flag",
        lambda session: session.state == "stopped" and session.step > 0 and not session.flagged,
        {"yes": resume_stopped},
        read=OpenQuestion.declared("go_on"),
    ),
    OpenQuestion(
        "another round",
        "the massage is finished",
        lambda session: session.state == "finished",
        {
            "yes": restart,
            **{how: restart_for(how) for how in ("shorter", "longer")},
            **dict.fromkeys(("no", "unsure"), all_right),
            "later": Say("another_day"),
            "other": list_routines,
        },
        id="another_round",
    ),
    OpenQuestion(
        "after an answer",
        "a question was answered just before",
        has_answered,
        {"more": tell_more, "why": tell_why, "shorter": put_simply, "start": start_recommended, "follow": follow_up},
        read=unless_halting(read_follow_up),
    ),
    OpenQuestion.at_any_time("simple words", OpenQuestion.declared("plain"), {"plain": put_simply}),
    OpenQuestion(
        "what to do now",
        "a step is under way, and its time is not over",
        lambda session: session.state == "running" and session.elapsed < session.timeline.duration,
        {"now": tell_now},
        read=unless_halting(OpenQuestion.declared("now")),
    ),
    OpenQuestion.at_any_time("comparison", read_comparison, {"compare": compare}),
    OpenQuestion(
        "about the step",
        "a step is under way",
        lambda session: session.at_a_step,
        TELL_OF_STEP,
        read=unless_halting(read_about_step),
    ),
    OpenQuestion(
        "choice of a routine",
        "routines were listed, and neither the safety question nor a change of routine is open",
        lambda session: bool(session.listed) and session.state != "screening" and session.switch_to is None,
        {"chosen": start_chosen},
        read=read_choice,
    ),
)
"""Read first, in this order."""
GUARDS = (
    Guard("red flag", "always", lambda *_: True, {"report_red_flag": stop_for_red_flag}),
    Guard(
        "privacy",
        "the message asks what becomes of what was said, or for its deletion",
        lambda _, command: command.private and command.intent not in NEVER_PRIVATE,
        {"*": tell_privacy},
    ),
    Guard(
        "button after a red flag",
        "a red flag has ended the massage, and a button tells of a doctor's permission, or of a misunderstanding",
        lambda scene, command: scene.session.flagged and scene.session.state == "stopped" and command.by == "button",
        {"affirm": take_permission, "deny": misheard},
    ),
    Guard(
        "talk in the room",
        "the message is said to somebody else, or tells something in passing that there is no answer to",
        lambda _, command: command.doubt in ("aside", "remark") and not is_answerable(command),
        {"*": let_it_pass},
    ),
    Guard(
        "too little to go by",
        "what the message seems to ask for would cost place or time, it is not plain that it asks for it, and it is no "
        "question that there is an answer to",
        lambda _, command: command.doubt == "unsure" and not (command.asks_outright and is_answerable(command)),
        {"*": ask_whether},
    ),
    Guard(
        "asked after a red flag",
        "a red flag has ended the massage, and a question is put that there is an answer to",
        asks_after_flag,
        dict.fromkeys(("report_symptom", "out_of_scope", "nlu_fallback"), answer),
    ),
    Guard(
        "after a red flag",
        "a red flag has ended the massage",
        lambda scene, _: scene.session.flagged and scene.session.state == "stopped",
        {
            "report_symptom": symptom_after_red_flag,
            **dict.fromkeys(("start_routine", "restart", "resume"), ask_permission),
            **dict.fromkeys(("explain_step", "repeat_step"), explain_red_flag),
            **dict.fromkeys((*HELD_BACK, "undo", "stay"), after_red_flag),
        },
    ),
    Guard(
        "insisting after a red flag",
        "a red flag has ended the massage, and what is taken for a question is not put as one, or may be anything",
        insists_after_flag,
        dict.fromkeys((*ASKING, "praise"), after_red_flag),
    ),
    Guard(
        "answer",
        "the message asks a question that there is an answer to, and does not tell of pain while hands are at work",
        is_known_question,
        {"*": answer},
    ),
    Guard(
        "a near question",
        "a question, at a step plainly one, names no complaint, is not understood, and comes near ones with an answer",
        is_near_question,
        dict.fromkeys(("out_of_scope", "nlu_fallback"), unknown_question),
    ),
    Guard(
        "a routine talked about",
        "a routine is named in a sentence that tells or asks something of it, without a wish for it",
        talks_of_routine,
        {"start_routine": Say("noted")},
    ),
    Guard(
        "a move asked about",
        "a step is under way, and the message asks about a move instead of ordering it",
        asks_about_move,
        {
            **dict.fromkeys(("go_to_step", "previous_step", "repeat_step"), explain_step),
            "next_step": tell_following,
            **dict.fromkeys(("resume", "restart"), still_as_it_is),
        },
    ),
    Guard(
        "the place asked about",
        "a massage was stopped, and the message asks where",
        asks_where_it_stopped,
        {"resume": tell_where_stopped},
    ),
)
"""Asked next, in this order; the first one that answers wins."""

BEHAVIOUR = Behaviour(TABLE, INTERPRETED, (*PLAIN_READERS, *READERS), QUESTIONS, GUARDS)
act, view, plan = BEHAVIOUR.act, BEHAVIOUR.view, BEHAVIOUR.plan

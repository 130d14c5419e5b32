"""`Content`: everything that the coach knows, and what clients need of it; `PhraseBook`: what it says by itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from palmwise.coach.model import (
    AnswerTopic,
    Benefit,
    ComparingWords,
    Contraindications,
    Cues,
    Faq,
    KnownAnswer,
    Moment,
    RedFlag,
    Routine,
    Source,
    Spoken,
    Symptom,
    Technique,
    Words,
)
from palmwise.errors import PhraseError
from palmwise.language.corrections import CorrectionWords
from palmwise.language.phrase_matching import UNLIMITED, PhraseList, PhraseRule
from palmwise.language.sentences import ClauseWords

DEFAULT_ROUTINE = "classic"
_STATES = "none offered screening preparing running paused finished stopped flagged"
_KEYS: Mapping[str, str] = {
    # placeholders: the keys of the phrases that have them
    "": """
        after_all all_right another_day already_finished already_in_it already_stopped ask_minutes bot_challenge
        both_again both_hands complain contraindicated cue_begin_both cue_begin_left cue_begin_right
        cue_halfway cue_last_of_all cue_swap_left cue_swap_right declined faster faster_from_the_start fastest
        finished first_step_already for_other for_other_step forgotten shall_forget from_the_top
        goodbye hand_both hand_left hand_right
        hello_again no_answer keep_going kept louder misheard miss_third no_hurry not_begun noted noted_symptom
        nothing_more nothing_on nothing_to_explain nothing_to_stop on_both on_left on_right out_of_scope
        pace_kept pace_of_strokes pain_again pain_away_from_it pain_fault pain_injured pain_instead pain_normal
        pain_whether pain_why paused plain_words praise
        prepare_ask progress_finished progress_none progress_stopped screened screening_again screening_first
        screening_other screening_past screening_still screening_taken_back screening_unclear
        screening_unsure screening_why slower
        slower_from_the_start slowest softer source_article source_common_sense stay_on_hand still_paused
        stopped stopped_goodbye tell_more thank usual_already usual_pace
        usual_pace_from_the_start waits_for_you welcome welcome_back what_is_missing which_one_hand
        which_question yes_and_no
        aside nothing_to_undo offer_unsure remark stays undone
    """,
    "action": "ask_whether",
    "actions": "did_you_mean",
    "current": "stay_with_it",
    "hand": "already_that_hand hand_first hand_roles no_more_change one_hand other_hand",
    "hand other": "hand_order hand_roles_now",
    "part": "mind_part part_left_out",
    "hint": "miss_first miss_second",
    "item": "screening_item",
    "how": "lighter",
    "lighter": "pain softer_touch symptom_on_the_way",
    "question": "unknown_question",
    "minutes": "minutes_clamped planned replanned replanned_nearly",
    "mistakes": "mistakes",
    "told": "mindful",
    "reason": """ask_healing ask_permission permission_kept stopped_distress stopped_emergency stopped_flagged
        stopped_healing""",
    "rows": "benefits routines routines_flagged",
    "steps": "no_such_step",
    "time": "change_in holds_both holds_each holds_left holds_right",
    "title": (
        "end_after_one_more end_after_this step_is step_left_out left_out_for_time cue_last declined_kept resumed_over"
    ),
    "titles": "left_out which_step which_technique",
    "current title": "ask_switch not_in_this_one",
    "contrast other other_contrast title": "contrast",
    "contrast lead other other_time time title word": "compared_firmness compared_minutes",
    "lead time title word": "compared_step compared_step_equal",
    "lead other time title": "compared_equal",
    "other time title word": "compared_equal_most",
    "left on_hand": "hand_now left_on_hand",
    "step title": "stopped_at",
    "holds title": "step_time",
    "minutes title": "put_back",
    "holds routine title": "step_time_in",
    "step steps title": "step_when_now step_when_past",
    "step steps time title": "step_when",
    "time title whole": "how_long_whole",
    "time title": "how_long_left how_long_routine how_long_was_it",
    "hand left title": "progress_last resumed",
    "minutes steps title": "offer",
    "count steps time title": "overview",
    "holds step steps title": "step_heading",
    "hand left step steps title": "where where_paused",
    "after hand left step steps title": "progress",
    "hold left on_hand step steps title whole": "how_long_step how_long_step_each",
    "hold step steps title whole": "how_long_step_over how_long_step_each_over",
}
_BUTTONS = """
    again allowed back done go_on help how_often lighter medical misheard no none_of_these not_allowed not_now
    oils one_of_these pause ready restart routines skip start steps stop switch switch_no switch_yes
    undo who_should_not yes yes_please
"""
_ACTIONS = """
    start_routine set_duration next_step previous_step go_to_step repeat_step pause resume stop restart switch_hand
    slow_down speed_up speak_up speak_softly undo goodbye affirm deny how_long ask_progress explain_step explain_benefit
    list_steps list_routines help report_pain stay
"""
"""Intents that the coach can ask back about: "Did you mean ...?"."""
PHRASES: Mapping[str, frozenset[str]] = {
    **{key: frozenset(names.split()) for names, keys in _KEYS.items() for key in keys.split()},
    **{f"{key}_{state}": frozenset() for key in ("help", "hint") for state in _STATES.split()},
    **{f"button_{name}": frozenset() for name in _BUTTONS.split()},
    **{f"action_{intent}": frozenset() for intent in _ACTIONS.split()},
}
"""Every phrase that the coach says, with the placeholders that the code fills in: `phrases.yml` has exactly these."""


class PhraseBook:
    """The coach's own sentences by key; the variants of a key take turns, so that it does not repeat itself."""

    def __init__(self, lines: Mapping[str, tuple[Spoken, ...]]) -> None:
        """`lines`: the variants of each key."""
        self.lines = lines

    def line(self, key: str, turn: int, **values: object) -> Spoken:
        """The variant of `key` for this turn, filled in.

        A value that is a `Spoken` fills the text with its text and what is said with what it says.
        Raises `PhraseError` for a key that is not in `PHRASES` and for a placeholder that is given no value.
        """
        needed = PHRASES.get(key)
        if needed is None or not needed <= values.keys():
            wanted = "is not declared" if needed is None else f"needs {', '.join(sorted(needed - values.keys()))}"
            raise PhraseError(f'the phrase "{key}" {wanted}')
        variants = self.lines[key]
        line = variants[turn % len(variants)]
        eye = {name: value.text if isinstance(value, Spoken) else value for name, value in values.items()}
        ear = {name: value.say if isinstance(value, Spoken) else value for name, value in values.items()}
        return Spoken(line.text.format_map(eye), line.say.format_map(ear))


def placeholders(line: Spoken) -> frozenset[str]:
    """The names between braces in a line. A brace that is no part of a `{name}` counts as an unknown name."""
    found = re.findall(r"\{(\w+)\}|(\{[^}]*\}?|\})", f"{line.text} {line.say}")
    return frozenset(name or rest for name, rest in found)


@dataclass(frozen=True)
class Content:
    """A content folder. Mappings are by id; `palmwise.coach.content_loader` reads and checks the files."""

    routines: Mapping[str, Routine]
    techniques: Mapping[str, Technique]
    faqs: Mapping[str, Faq]
    topics: Mapping[str, AnswerTopic]
    """Answers to single questions, beside the paragraphs of `faqs`."""
    symptoms: Mapping[str, Symptom]
    red_flags: Mapping[str, RedFlag]
    alarms: Mapping[str, PhraseList]
    """One of `SAFETY_KINDS` -> its phrase list."""
    contraindications: Contraindications
    holding: PhraseList
    """Phrases at which a client holds the clock by itself; `usual` has the words that cut the coach off."""
    moves: Mapping[str, tuple[str, ...]]
    """Intent -> whole messages that a client may act upon by itself while it cannot reach the coach."""
    forgetting: PhraseList
    """Ways of asking that everything said be deleted."""
    questions: Mapping[str, PhraseList]
    """Id of an open question of the coach -> the answers that it takes, by meaning."""
    readings: Mapping[str, PhraseList]
    """Theme, such as "time" -> what a message says of it, by meaning; the words are marked (`language.marking`)."""
    cues: Cues
    comparing: ComparingWords
    clauses: ClauseWords
    corrections: CorrectionWords
    emoji: Mapping[str, tuple[str, ...]]
    """Words -> the emoji that stand for them where a message has no words."""
    privacy: PhraseList
    """Ways of asking how what is said is kept, and how it can be deleted."""
    words: tuple[Words, ...]
    preparation: Spoken
    aftercare: Spoken
    benefits: tuple[Benefit, ...]
    sources: tuple[Source, ...]
    phrases: PhraseBook

    @cached_property
    def answers(self) -> Mapping[str, KnownAnswer]:
        """The answers of all topics by id."""
        return {answer.id: answer for topic in self.topics.values() for answer in topic.answers}

    @cached_property
    def topic_of(self) -> Mapping[str, AnswerTopic]:
        """Id of an answer -> its topic."""
        return {answer.id: topic for topic in self.topics.values() for answer in topic.answers}

    def moments_of(self, answer: KnownAnswer) -> tuple[Moment, ...]:
        """When a question is asked, as its answer or its topic says."""
        return answer.when or self.topic_of[answer.id].when

    @cached_property
    def words_of_emoji(self) -> Mapping[str, str]:
        """Emoji -> the words that it stands for."""
        return {each: words for words, emoji in self.emoji.items() for each in emoji}

    @cached_property
    def vocabulary(self) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
        """Entity -> value -> the names that people use for it."""
        named: dict[str, Mapping[str, tuple[str, ...]]] = {words.entity: words.values for words in self.words}
        named["technique"] = {id: technique.names for id, technique in self.techniques.items()}
        named["routine"] = {id: routine.names for id, routine in self.routines.items()}
        named["symptom"] = {id: symptom.names for id, symptom in self.symptoms.items()}
        return named


# For clients


def client_phrases(content: Content) -> dict[str, Any]:
    """The phrases as JSON.

    `hold` and `danger`: regular expressions, of JavaScript or Python, that are found in the lower-case words of a
    message, separated by single blanks, if the clock is to be held; `danger`: and a red flag may be told of.
    `cut_in`: words that cut the coach off. `moves`: such words as a whole message -> the intent that they have.
    """
    dangers = content.alarms["red_flag"]
    others = (content.holding, *(each for each in content.alarms.values() if each is not dangers))
    return {
        "hold": _patterns(*others),
        "danger": _patterns(dangers),
        "cut_in": list(content.holding.usual),
        "moves": {phrase: intent for intent, phrases in content.moves.items() for phrase in phrases},
    }


def _patterns(*lists: PhraseList) -> str:
    """A pattern of whatever one of the lists takes."""
    rules = dict.fromkeys(_pattern(rule) for each in lists for _, rule in each.rules)
    return f"^(?:{'|'.join(rules)})"


def _pattern(rule: PhraseRule) -> str:
    """A pattern, for the beginning of a message, of what `rule` takes."""
    end = "$" if rule.at_end else ""
    needed = "".join(f"(?=.*{_any(group)}{end})" for group in rule.required)
    longest = f"(?!(?:\\S+ ){{{rule.max_words}}})" if rule.max_words < UNLIMITED else ""
    unless = f"(?!.*{_any(rule.unless)})" if rule.unless else ""
    allowed = (*rule.only, *(phrase for group in rule.required for phrase in group))
    only = f"(?=(?:{_any(allowed)} ?)+$)" if rule.only else ""
    return f"{longest}{needed}{unless}{only}"


def _any(phrases: Iterable[str]) -> str:
    """A pattern of any of the phrases as whole words; a star stands for the rest of a word."""
    alternatives = "|".join(re.escape(phrase).replace(r"\*", r"\S*").replace(r"\ ", "(?:'s)? ") for phrase in phrases)
    return rf"(?<!\S)(?:{alternatives})(?:'s)?(?!\S)"

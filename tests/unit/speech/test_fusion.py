"""What was said, from likelihoods: those of "out" and "ouch" are Moonshine's, the others try each rule."""

from __future__ import annotations

import math

import pytest

from palmwise.speech.fusion import choose_alarm, choose_phrase, likelihood_of_others, merge, without_loops
from palmwise.speech.moonshine import Candidate

INTENTS = {"hold on": "pause", "hang on": "pause", "ouch": "report_pain", "alright": "affirm", "next": "next_step",
           "say that again": "repeat_step", "say it again": "repeat_step", "no": "deny", "none of them": "deny",
           }  # fmt: skip


def candidates(**likelihoods: float) -> list[Candidate]:
    return [Candidate(text.replace("_", " "), likelihood) for text, likelihood in likelihoods.items()]


def test_a_phrase_much_like_the_free_text_is_taken() -> None:
    free = Candidate("sail that again", -3.0)
    phrases = candidates(say_that_again=-4.0, say_it_again=-6.0, next=-12.0)
    assert choose_phrase(free, phrases, INTENTS, {}) == "say that again"


def test_phrases_of_one_intent_are_no_rivals() -> None:
    free = Candidate("say again", -3.0)
    assert choose_phrase(free, candidates(say_that_again=-4.0, say_it_again=-4.0), INTENTS, {}) in INTENTS


def test_between_two_intents_nothing_is_guessed() -> None:
    free = Candidate("nex no", -3.0)
    assert choose_phrase(free, candidates(next=-4.0, no=-4.0), INTENTS, {}) is None


@pytest.mark.parametrize(
    ("free", "phrase"), [(Candidate("the weather tomorrow", -2.0), -4.0), (Candidate("next week", -0.5), -9.0)]
)
def test_a_phrase_that_is_unlike_the_text_or_unlikely_is_not_taken(free: Candidate, phrase: float) -> None:
    assert choose_phrase(free, candidates(next=phrase), INTENTS, {}) is None


def test_nothing_is_chosen_among_nothing() -> None:
    assert choose_phrase(Candidate("next", -1.0), [], INTENTS, {}) is None


def test_ways_to_answer_alike_are_no_rivals_and_need_more_likeness() -> None:
    answers = {"no": "no", "none of them": "no"}
    phrases = candidates(no=-3.0, none_of_them=-3.2)
    assert choose_phrase(Candidate("none of then", -2.0), phrases, INTENTS, answers) == "none of them"
    assert choose_phrase(Candidate("known by all", -2.0), phrases, INTENTS, answers) is None


@pytest.mark.parametrize(
    ("free", "alarms", "seconds", "expected"),
    [
        (Candidate("out", -1.0), candidates(ouch=-5.7, ow=-9.1), 1.4, ("ouch", False)),
        (Candidate("stopp", -1.5), candidates(stop=-1.2), 1.5, ("stop", True)),
        (Candidate("", -2.0), candidates(ouch=-4.0), 1.4, ("ouch", True)),
        (Candidate("hello", -1.0), candidates(hold_on=-9.8), 1.4, ("", False)),
        (Candidate("out", -1.0), candidates(ouch=-5.7), 4.0, ("", False)),
        (Candidate("go out with the dog", -1.0), candidates(ouch=-5.7), 1.4, ("", False)),
        (Candidate("out", -1.0), [], 1.4, ("", False)),
    ],
)
def test_a_short_sound_may_be_a_word_of_alarm(
    free: Candidate, alarms: list[Candidate], seconds: float, expected: tuple[str, bool]
) -> None:
    assert choose_alarm(free, alarms, seconds, rival=-9.0) == expected


@pytest.mark.parametrize(
    ("alarm", "rival", "seconds", "expected"),
    [
        (-6.5, -13.0, 1.5, ("wait", False)),
        (-3.0, -13.0, 1.5, ("wait", False)),
        (-6.5, -7.0, 1.5, ("", False)),
        (-9.5, -13.0, 1.5, ("", False)),
        (-6.5, -13.0, 3.0, ("", False)),
    ],
)
def test_among_people_who_talk_a_word_that_stands_out_is_doubtful(
    alarm: float, rival: float, seconds: float, expected: tuple[str, bool]
) -> None:
    babble = Candidate("my way my school", -5.0)
    assert choose_alarm(babble, candidates(wait=alarm), seconds, rival) == expected


def test_the_rival_of_an_alarm_is_no_urgent_phrase_itself() -> None:
    intents = {"hold on": "pause", "hello": "greet", "next": "next_step"}
    assert likelihood_of_others(candidates(hold_on=-1.0, next=-5.0, hello=-3.0), intents) == -3.0
    assert likelihood_of_others(candidates(hold_on=-1.0), intents) == -math.inf


@pytest.mark.parametrize(
    ("text", "once"),
    [("stop stop stop", "stop"), ("go back go back", "go back"), ("no", "no"), ("so so good", "so so good"), ("", "")],
)
def test_what_is_repeated_counts_once(text: str, once: str) -> None:
    assert without_loops(text) == once


def test_merged_candidates_keep_their_best_likelihood() -> None:
    merged = merge(candidates(no=-3.0, next=-1.0), candidates(no=-2.0))
    assert merged == candidates(next=-1.0, no=-2.0)

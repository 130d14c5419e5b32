"""Typical sentences of every intent are understood, also those at the boundary of two intents."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Label = Callable[[str], str]

EXAMPLES = {
    "start_routine": ["let's begin", "walk me through a hand massage", "do the reflexology one"],
    "next_step": ["next", "what's next", "done", "skip it", "ok done that", "skip this one", "finished"],
    "previous_step": ["go back", "previous one"],
    "repeat_step": ["say that again", "what was that", "sorry I missed it"],
    "go_to_step": ["jump to step four", "skip to the kneading"],
    "pause": ["hold on", "wait a sec", "give me a minute"],
    "resume": ["ok I'm back", "carry on"],
    "stop": ["that's enough", "quit", "stop the massage", "stop"],
    "restart": ["start over", "from the top"],
    "switch_hand": ["other hand", "let's do the left one now"],
    "slow_down": ["too fast", "slower please", "slower"],
    "speed_up": ["can we go quicker"],
    "speak_up": ["I can't hear you", "louder"],
    "speak_softly": ["not so loud"],
    "how_long": ["how long", "how long do I do this for", "how long does it take"],
    "ask_progress": ["what step am I on", "how many are left", "are we nearly done"],
    "explain_step": ["how exactly", "show me", "I don't get it", "am I doing this right"],
    "explain_benefit": ["why are we doing this", "what does that help with"],
    "explain_technique": ["what is effleurage", "what does kneading mean"],
    "list_steps": ["what are the steps", "give me the whole plan"],
    "list_routines": ["what routines do you have", "what kinds of massage can you do"],
    "help": ["help", "what can you do", "how does this work"],
    "report_symptom": ["my hands are sore", "my wrist is stiff from typing", "I've got a headache", "I have arthritis"],
    "report_pain": ["ouch", "that hurts", "too much pressure"],
    "report_red_flag": ["I think my finger is broken", "my hand went numb after a fall", "it's swollen and hot"],
    "set_duration": ["I've only got five minutes", "a quick one please"],
    "bot_challenge": ["are you a robot", "am I talking to a person"],
    "praise": ["that felt great", "you're good at this"],
    "complain": ["this is useless", "you don't understand me"],
    "affirm": ["ok", "yes", "ready"],
    "deny": ["no", "no thanks"],
    "greet": ["hello", "hi there"],
    "goodbye": ["bye", "goodbye"],
    "thank": ["thanks", "thank you"],
    "out_of_scope": ["what's the weather", "order me a pizza", "give me a foot massage", "can you do my back"],
    "faq/session_length": ["how long should a hand massage last"],
    "faq/arthritis": ["can it help with arthritis"],
    "faq/oils": ["which oil should I use"],
    "faq/how_often": ["how often should I get a hand massage"],
    "faq/sources": ["where does this advice come from"],
    "faq/medical_advice": ["are you a doctor"],
    "faq/who_should_not": ["is hand massage safe"],
}
AMBIGUOUS = {
    "continue": {"resume", "next_step"},
    "go on": {"resume", "next_step"},
    "thanks, what's next?": {"next_step"},
    "done, how long is the next one?": {"next_step", "how_long"},
    "can i massage with a broken finger": {"report_red_flag"},
    "is it ok for arthritis": {"faq/arthritis", "faq/who_should_not"},
    "asdf ghjk qwer": {"out_of_scope", "nlu_fallback"},
}
REJECTED = {"out_of_scope", "nlu_fallback"}


@pytest.mark.parametrize(("text", "intent"), [(text, intent) for intent, each in EXAMPLES.items() for text in each])
def test_typical_sentences_are_understood(label: Label, text: str, intent: str) -> None:
    assert label(text) in (REJECTED if intent == "out_of_scope" else {intent})


@pytest.mark.parametrize(("text", "intents"), AMBIGUOUS.items())
def test_ambiguous_sentences_get_one_of_their_intents(label: Label, text: str, intents: set[str]) -> None:
    assert label(text) in intents

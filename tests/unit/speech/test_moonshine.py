"""Decoding along known phrases, with a decoder that has learned a few letters instead of a language."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from palmwise.speech.ears import PAUSE, MoonshineEar
from palmwise.speech.moonshine import Candidate, Moonshine, seconds_of, written_form
from tests.unit.voice.scripted import Sound

LETTERS = ["<unk>", "<s>", "</s>", *" abcdefghijklmnopqrstuvwxyzI'.?!,ABCDEFGHJKLMNOPQRSTUVWXYZ"]


class Letters:
    """A tokenizer whose tokens are letters."""

    def encode(self, text: str, *, add_special_tokens: bool) -> Any:
        assert not add_special_tokens
        return SimpleNamespace(ids=[LETTERS.index(letter) for letter in text])

    def encode_batch(self, texts: Iterable[str], *, add_special_tokens: bool) -> list[Any]:
        return [self.encode(text, add_special_tokens=add_special_tokens) for text in texts]

    def decode(self, tokens: Iterable[int]) -> str:
        return "".join(LETTERS[token] for token in tokens if token > 2)


class Parrot:
    """A decoder that hears one text: each of its letters is likely at its place, others are not."""

    def __init__(self, text: str) -> None:
        self.tokens = [*Letters().encode(text, add_special_tokens=False).ids, Moonshine.END_TOKEN]

    def get_outputs(self) -> list[Any]:
        names = [f"present.{layer}.{part}.{kind}" for layer in range(Moonshine.LAYERS)
                 for part in ("decoder", "encoder") for kind in ("key", "value")]  # fmt: skip
        return [SimpleNamespace(name=name) for name in ("logits", *names)]

    def run(self, _: None, inputs: Mapping[str, Any]) -> list[NDArray[np.float32]]:
        batch = len(inputs["input_ids"])
        assert len(inputs["encoder_hidden_states"]) == batch
        past = inputs["past_key_values.0.decoder.key"]
        position = past.shape[2] if inputs["use_cache_branch"][0] else 0
        scores = np.zeros((batch, 1, len(LETTERS)), np.float32)
        scores[:, 0, self.tokens[min(position, len(self.tokens) - 1)]] = 3.0
        grown = np.zeros((batch, Moonshine.HEADS, position + 1, 1), np.float32)
        return [scores, *([grown] * (4 * Moonshine.LAYERS))]


class Encoder:
    def run(self, _: None, inputs: Mapping[str, Any]) -> list[NDArray[np.float32]]:
        return [np.zeros((len(inputs["input_values"]), 1, 1), np.float32)]


def moonshine_that_hears(text: str) -> Moonshine:
    return Moonshine(Encoder(), Parrot(text), Letters())


def sound(seconds: float = 1.0) -> Sound:
    return Sound(bytes(2 * int(16_000 * seconds)))


def test_the_free_text_is_what_was_said() -> None:
    moonshine = moonshine_that_hears("Next.")
    encoded = moonshine.encode(sound())
    assert encoded is not None
    free = moonshine.decode(encoded, 2.0)
    assert free.text == "Next."
    assert free.likelihood < 0
    assert moonshine.text(sound()) == "Next."


def test_of_the_known_phrases_the_likeliest_comes_first() -> None:
    moonshine = moonshine_that_hears("Gu back")
    encoded = moonshine.encode(sound())
    assert encoded is not None
    ranked = moonshine.rank(encoded, moonshine.trie(["go on", "go back", "next", "gull"]))
    assert ranked[0].text == "go back"
    assert ranked[0].likelihood > ranked[1].likelihood
    assert moonshine.rank(encoded, moonshine.trie([])) == []


def test_what_is_too_unlikely_is_not_followed() -> None:
    moonshine = moonshine_that_hears("Go back")
    encoded = moonshine.encode(sound())
    assert encoded is not None
    trie = moonshine.trie(["go back", "next"])
    both = moonshine.rank(encoded, trie)
    assert [each.text for each in both] == ["go back", "next"]
    assert moonshine.rank(encoded, trie, both[0].likelihood) == both[:1]


def test_a_clip_of_a_few_milliseconds_holds_nothing() -> None:
    assert moonshine_that_hears("Next.").text(sound(0.1)) == ""
    assert seconds_of(sound(1.5)) == 1.5


def test_phrases_are_written_as_moonshine_writes() -> None:
    assert written_form("i think i'm done") == "I think I'm done"
    assert written_form("") == ""


@pytest.fixture(scope="module")
def known() -> Any:
    from tests.unit.speech.words import known_words  # noqa: PLC0415 -- shared with other tests

    return known_words()


@pytest.mark.parametrize(
    ("said", "question", "text", "doubtful"),
    [
        ("Next step.", None, "next step", False),
        ("Nest step", None, "next step", False),
        ("Stop stop", None, "stop", False),
        ("The cat", None, "the cat", False),
        ("Hell no", "ready", "hell no", False),
    ],
)
def test_the_ear_takes_what_is_known_or_the_free_text(
    known: Any, said: str, question: str | None, text: str, *, doubtful: bool
) -> None:
    ear = MoonshineEar(moonshine_that_hears(said), known, lambda text, _: text)
    heard = ear.hear(sound(2.0), question)
    assert (heard.text, heard.doubtful) == (text, doubtful)
    assert heard.words == said


def test_a_doubtful_alarm_pauses(known: Any) -> None:
    class Doubtful(Moonshine):
        def rank(self, encoded: Any, trie: Any, least: float = -math.inf) -> list[Candidate]:
            return [each for each in super().rank(encoded, trie, least) if each.text == "ouch"]

        def decode(self, encoded: Any, seconds: float = 10.0) -> Candidate:
            return Candidate("Out", super().decode(encoded, seconds).likelihood)

    ear = MoonshineEar(Doubtful(Encoder(), Parrot("Ovcb"), Letters()), known, lambda text, _: text)
    heard = ear.hear(sound(), None)
    assert heard.doubtful
    assert heard.text == PAUSE

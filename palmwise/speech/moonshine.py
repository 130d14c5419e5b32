"""Moonshine, a recognizer of any words, decoded freely and along the phrases that the coach knows."""

from __future__ import annotations

import importlib.util
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from palmwise.errors import ModelError
from palmwise.speech import model_files
from palmwise.speech.endpointing import RATE
from palmwise.speech.events import Clip

Scores = NDArray[np.float64]
Cache = dict[str, NDArray[np.float32]]
"""Keys and values of the decoder's attention, by the name of the input that takes them."""
SHORTEST = RATE // 4
"""Samples; the encoder makes nothing of less."""
LONGEST_PHRASE = 14
"""Tokens of a known phrase that are followed."""
BEAMS = 6
"""Beginnings of phrases that are followed at once; 12 find nothing more."""
CANDIDATES = 4
"""Phrases that are returned at most."""
SENTENCE_ENDS = ("a.", "a?", "a!")
"""A phrase ends with one of these or without any. Not with a comma, after which more would follow."""


@dataclass(frozen=True)
class Encoded:
    """What the encoder makes of a clip, and the decoder's first step, which is the same for all that follows."""

    frames: NDArray[np.float32]
    scores: Scores
    """Logarithms of the probabilities of each first token."""
    cache: Cache


@dataclass(frozen=True)
class Candidate:
    """A text that may have been said."""

    text: str
    likelihood: float
    """Natural logarithm of its probability given the sound, over all its tokens."""


@dataclass
class PhraseTrie:
    """Known phrases by their tokens; phrases that begin alike share their beginning."""

    text: str | None = None
    """The phrase that ends here."""
    following: dict[int, PhraseTrie] = field(default_factory=dict)

    def add(self, tokens: Sequence[int], text: str) -> None:
        """Add a phrase."""
        node = self
        for token in tokens:
            node = node.following.setdefault(token, PhraseTrie())
        node.text = text


class Moonshine:
    """Moonshine base (Jeffries et al. 2024), run by ONNX Runtime."""

    LAYERS, HEADS, HEAD_SIZE = 8, 8, 52
    START_TOKEN, END_TOKEN = 1, 2
    TOKENS_A_SECOND = 6.5
    """More is a loop, according to its authors."""

    def __init__(self, encoder: Any, decoder: Any, tokenizer: Any) -> None:
        """Take two sessions of ONNX Runtime and a tokenizer of `tokenizers`."""
        self._encoder, self._decoder, self._tokenizer = encoder, decoder, tokenizer
        outputs = [output.name for output in decoder.get_outputs()[1:]]
        self._cache_names = [name.replace("present", "past_key_values") for name in outputs]
        self._ends = np.array([self.END_TOKEN, *(self._tokens(text)[-1] for text in SENTENCE_ENDS)])

    def text(self, clip: Clip) -> str:
        """Return what was said, decoded freely."""
        encoded = self.encode(clip)
        return "" if encoded is None else self.decode(encoded).text

    def encode(self, clip: Clip) -> Encoded | None:
        """Return what the decoder works on; None for a clip that is too short."""
        samples = np.frombuffer(clip.get_raw_data(RATE, 2), np.int16).astype(np.float32)[None, :] / 32_768
        if samples.shape[1] < SHORTEST:
            return None
        frames: NDArray[np.float32] = self._encoder.run(None, {"input_values": samples})[0]
        first = np.array([[self.START_TOKEN]], np.int64)
        return Encoded(frames, *self._step(first, frames, self._empty_cache(), begun=False))

    def decode(self, encoded: Encoded, seconds: float = 10.0) -> Candidate:
        """Return the likeliest text, chosen token by token; a clip of so many seconds holds no more than some."""
        tokens: list[int] = []
        likelihood, scores, past = 0.0, encoded.scores, encoded.cache
        for _ in range(max(2, int(seconds * self.TOKENS_A_SECOND))):
            if tokens:
                scores, past = self._step(np.array([tokens[-1:]], np.int64), encoded.frames, past)
            tokens.append(int(scores[0].argmax()))
            likelihood += float(scores[0, tokens[-1]])
            if tokens[-1] == self.END_TOKEN:
                break
        return Candidate(str(self._tokenizer.decode(tokens)).strip(), likelihood)

    def trie(self, texts: Iterable[str]) -> PhraseTrie:
        """Return the trie of phrases in their spoken form."""
        known, root = list(texts), PhraseTrie()
        encodings = self._tokenizer.encode_batch([written_form(text) for text in known], add_special_tokens=False)
        for text, encoding in zip(known, encodings, strict=True):
            root.add(encoding.ids, text)
        return root

    def rank(self, encoded: Encoded, trie: PhraseTrie, least: float = -math.inf) -> list[Candidate]:
        """Return the likeliest phrases of a trie, best first, found by a beam search.

        What is less likely than `least` is not followed.
        """
        found: list[Candidate] = []
        beams, tokens, scores, past = [(0.0, trie)], None, encoded.scores, encoded.cache
        for _ in range(LONGEST_PHRASE):
            if tokens is not None:
                scores, past = self._step(tokens, np.repeat(encoded.frames, len(beams), 0), past)
            for (likelihood, node), row in zip(beams, scores, strict=True):
                if node.text is not None:
                    found.append(Candidate(node.text, likelihood + float(np.logaddexp.reduce(row[self._ends]))))
            found = [each for each in found if each.likelihood >= least]
            found = sorted(found, key=lambda each: -each.likelihood)[:CANDIDATES]
            extended = [each for each in _extend(beams, scores) if each[0] >= least]
            if not extended or (len(found) == CANDIDATES and extended[0][0] < found[-1].likelihood):
                break
            kept = np.array([beam for _, beam, _, _ in extended])
            tokens = np.array([[token] for _, _, token, _ in extended], np.int64)
            beams = [(likelihood, node) for likelihood, _, _, node in extended]
            past = {name: value[kept] for name, value in past.items()}
        return found

    def _step(
        self, tokens: NDArray[np.int64], frames: NDArray[np.float32], past: Cache, *, begun: bool = True
    ) -> tuple[Scores, Cache]:
        """Return the logarithms of the probabilities of each next token, a row for each of `tokens`, and the cache."""
        inputs = {"input_ids": tokens, "encoder_hidden_states": frames, "use_cache_branch": np.array([begun])}
        raw, *present = self._decoder.run(None, {**inputs, **past})
        new = dict(zip(self._cache_names, present, strict=True))
        if begun:
            # The keys and values of the encoder are computed in the first step only.
            new |= {name: value for name, value in past.items() if "encoder" in name}
        scores = raw[:, -1].astype(np.float64)
        scores -= scores.max(axis=1, keepdims=True)
        return scores - np.log(np.exp(scores).sum(axis=1, keepdims=True)), new

    def _empty_cache(self) -> Cache:
        empty = np.zeros((0, self.HEADS, 1, self.HEAD_SIZE), np.float32)
        return {
            f"past_key_values.{layer}.{part}.{kind}": empty
            for layer in range(self.LAYERS)
            for part in ("decoder", "encoder")
            for kind in ("key", "value")
        }

    def _tokens(self, text: str) -> list[int]:
        return list(self._tokenizer.encode(text, add_special_tokens=False).ids)


def _extend(beams: Sequence[tuple[float, PhraseTrie]], scores: Scores) -> list[tuple[float, int, int, PhraseTrie]]:
    """Return the best beginnings one token longer: likelihood, number of the beam, token, place in the trie."""
    extended = [
        (likelihood + float(scores[beam, token]), beam, token, following)
        for beam, (likelihood, node) in enumerate(beams)
        for token, following in node.following.items()
    ]
    return sorted(extended, key=lambda each: -each[0])[:BEAMS]


def written_form(text: str) -> str:
    """Return a spoken form as Moonshine writes it: with a capital first letter, and a capital I."""
    words = [f"I{word[1:]}" if word == "i" or word.startswith("i'") else word for word in text.split()]
    sentence = " ".join(words)
    return sentence[:1].upper() + sentence[1:]


def seconds_of(clip: Clip) -> float:
    """Return how long a clip is."""
    return len(clip.get_raw_data(RATE, 2)) / 2 / RATE


TOKENIZER = "tokenizer.json"


def load_moonshine(folder: Path) -> Moonshine:
    """Load the model in a folder. Raises `ModelError` if it or a package is missing, or not the right one."""
    try:
        import onnxruntime  # noqa: PLC0415 -- a missing package is reported in words
        import tokenizers  # noqa: PLC0415 -- the same
    except ImportError as error:
        raise ModelError("Moonshine needs onnxruntime and tokenizers: make voice-env") from error
    model_files.check(folder, model_files.MOONSHINE)
    try:
        tokenizer = tokenizers.Tokenizer.from_file(str(_tokenizer_file(folder)))
    except Exception as error:  # its package raises the bare class
        raise ModelError(f"{TOKENIZER} of Moonshine is missing or damaged: make voice-env") from error
    options = onnxruntime.SessionOptions()
    # With two threads, which wait for each other busily, a loaded machine takes twice as long.
    options.intra_op_num_threads = 1
    encoder, decoder = (onnxruntime.InferenceSession(str(folder / name), options) for name in model_files.MOONSHINE)
    return Moonshine(encoder, decoder, tokenizer)


def _tokenizer_file(folder: Path) -> Path:
    """Return the file beside the model, else the one in its authors' package, of which nothing else is used."""
    package = importlib.util.find_spec("moonshine_onnx")
    if (folder / TOKENIZER).is_file() or package is None or package.origin is None:
        return folder / TOKENIZER
    return Path(package.origin).parent / "assets" / TOKENIZER

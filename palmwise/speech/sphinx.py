"""The built-in recognizer: PocketSphinx with the words of this coach."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Iterable, Mapping
from itertools import islice
from pathlib import Path
from typing import Any, Literal

from palmwise.errors import ModelError
from palmwise.speech.endpointing import RATE
from palmwise.speech.events import Clip
from palmwise.speech.known_words import KnownWords, learn
from palmwise.speech.vocabulary import similarity

CONFIDENT, CONFIDENT_OF_COMMAND = -0.58, -0.5
"""How much less well (natural logarithm) words may fit a sound than bare phones do. All 225 commands that were heard
right, by two synthetic voices, clean and at 20 dB, fitted better than -0.45."""
NO_FIT = -99.0
HYPOTHESES = 60
"""How many are looked at; many differ only in pauses."""
LIKENESS = 0.75
"""How alike (0 to 1) a command must be to the best hypothesis to be taken instead of it."""
DISCOUNT = 0.2
"""Probability that the trigrams leave to words which were not seen in their place; 0.5 finds fewer commands."""
SAMPLE_WIDTH = 2
"""Bytes."""


class Sphinx:
    """A decoder that stays loaded: SpeechRecognition's own call loads a model for 0.3 s with every phrase."""

    def __init__(self, words: KnownWords, search: Literal["model", "grammar", "phones"] = "model") -> None:
        """`search` is for sentences by a language model, for the usual commands, or for bare phones.

        Raises `ModelError` if PocketSphinx is not installed.
        """
        self._commands = words.commands if search == "model" else {}
        with tempfile.TemporaryDirectory(prefix="palmwise-words-") as folder:
            dictionary, model = Path(folder) / "words.dict", Path(folder) / "words.lm"
            dictionary.write_text(words.dictionary, encoding="utf-8")
            if search == "model":
                _write_language_model(words.sentences, model)
                self._decoder = _decoder(dictionary, lm=str(model))
            elif search == "phones":
                phones = str(_pocketsphinx().get_model_path("en-us/en-us-phone.lm.bin"))
                # The weights that PocketSphinx's documentation gives for phones.
                self._decoder = _decoder(dictionary, allphone=phones, lw=2.0, pip=0.3, beam=1e-10, pbeam=1e-10)
            else:
                self._decoder = _decoder(dictionary, lm=None)
                self._decoder.add_fsg("usual", self._decoder.create_fsg("usual", 0, 1, transitions(words.usual)))
                self._decoder.activate_search("usual")

    def text(self, clip: Clip) -> str:
        """Return what was said, empty if nothing was understood."""
        return self.text_and_fit(clip)[0]

    def text_and_fit(self, clip: Clip) -> tuple[str, float]:
        """Return what was said, and the logarithm of how well the sound fits it."""
        self._decoder.start_utt()
        self._decoder.process_raw(clip.get_raw_data(RATE, SAMPLE_WIDTH), no_search=False, full_utt=True)
        self._decoder.end_utt()
        found = self._decoder.hyp()
        if not found:
            return "", NO_FIT
        return self._prefer_command(str(found.hypstr)), math.log(max(found.best_score, 1e-9))

    def _prefer_command(self, best: str) -> str:
        """Return the best hypothesis, or if that is no command, one of the next best that is and is much like it."""
        if not self._commands or best in self._commands:
            return best
        others = (str(other.hypstr) for other in islice(self._decoder.nbest() or (), HYPOTHESES) if other)
        return next((each for each in others if each in self._commands and similarity(each, best) >= LIKENESS), best)


class ConfidentSphinx:
    """Understands what people say to this coach, and nothing where other words were said.

    A model of a few thousand words finds words of its own in everything. So the sound is decoded once more into bare
    phones: if these fit much better than the words, other words were said.
    """

    def __init__(self, words: KnownWords) -> None:
        """Raises `ModelError`."""
        self.sphinx = Sphinx(words)
        """The same without the check."""
        self._commands = words.commands
        self._phones = Sphinx(words, "phones")

    def text(self, clip: Clip) -> str:
        """Return what was said, empty if it was not for the coach or not understood."""
        text, fit = self.sphinx.text_and_fit(clip)
        if not text:
            return ""
        needed = CONFIDENT_OF_COMMAND if text in self._commands else CONFIDENT
        return text if fit - self._phones.text_and_fit(clip)[1] >= needed else ""


def sphinx_words() -> KnownWords:
    """Learn the words of this coach, with PocketSphinx's dictionary. Raises `ModelError`, `LanguageError`."""
    return learn(Path(_pocketsphinx().get_model_path("en-us/cmudict-en-us.dict")))


def transitions(phrases: Iterable[str]) -> list[tuple[int, int, float] | tuple[int, int, float, str]]:
    """Return a grammar of whole phrases: numbered states, from 0 to the end in 1, each pair with a probability.

    Phrases that begin alike share their beginning; otherwise thousands of them make a recognizer many times slower.
    """
    states: dict[tuple[str, ...], int] = {(): 0}
    found: list[tuple[int, int, float] | tuple[int, int, float, str]] = []
    for phrase in sorted(set(phrases)):
        words = tuple(phrase.split())
        for count, word in enumerate(words, 1):
            if words[:count] not in states:
                states[words[:count]] = len(states) + 1
                found.append((states[words[: count - 1]], states[words[:count]], 1.0, word))
        found.append((states[words], 1, 1.0))
    return found


def _write_language_model(sentences: Mapping[str, int], file: Path) -> None:
    from pocketsphinx.lm import ArpaBoLM  # noqa: PLC0415 -- as in `_pocketsphinx`

    corpus = "\n".join(text for text, count in sorted(sentences.items()) for _ in range(count))
    model = ArpaBoLM(text=corpus, add_start=True, discount_mass=DISCOUNT)
    model.compute()
    model.write_file(str(file))


def _decoder(dictionary: Path, **search: Any) -> Any:
    sphinx = _pocketsphinx()
    options: Mapping[str, Any] = {
        "hmm": sphinx.get_model_path("en-us/en-us"),
        "dict": str(dictionary),
        "loglevel": "FATAL",
        # A second pass over a flat lexicon takes two thirds of the time and finds nothing more in short phrases.
        "fwdflat": False,
        "cmn": "batch",
    }
    return sphinx.Decoder(**options, **search)


def _pocketsphinx() -> Any:
    try:
        import pocketsphinx  # noqa: PLC0415 -- a missing package is reported in words
    except ImportError as error:
        raise ModelError("PocketSphinx is not installed: make voice-env") from error
    return pocketsphinx

"""What is learnt of the sentences: each one repaired, and noisy copies of the short ones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from palmwise.coach.safety import load_alarms
from palmwise.nlu.encoder import load_encoder
from palmwise.nlu.model import Example
from palmwise.nlu.noise import Noise
from palmwise.nlu.repair import Repairer, build_repairer

FOLDER = Path("content/safety")

_SHORT = 5
"""Words of a sentence that is worth a noisy copy; a longer one survives a wrong word without."""


def repairer_for(sentences: Iterable[str], names: Iterable[str]) -> Repairer:
    """The repairer that these sentences and the names of things teach."""
    return build_repairer(sentences, [*names, *load_alarms(FOLDER).vocabulary], load_encoder().whole_words())


def variants(repairer: Repairer, sentences: Sequence[str], *, noisy: bool) -> list[list[str]]:
    """What is learnt for each sentence: itself repaired, and where it is short a noisy copy."""
    noise = Noise.of(sentences)
    copies = [[noise.copy(text)] if noisy and 0 < len(text.split()) <= _SHORT else [] for text in sentences]
    return [[repairer.sentence(each) for each in (text, *more)] for text, more in zip(sentences, copies, strict=True)]


def examples_for(labels: Iterable[str], learnt: Iterable[Sequence[str]]) -> list[Example]:
    """Every sentence with its label, then the noisy copies that are not a sentence already."""
    pairs = list(zip(labels, learnt, strict=True))
    examples = [Example(texts[0], label, at) for at, (label, texts) in enumerate(pairs)]
    known = {example.text for example in examples}
    copies = [
        Example(copy, label, at) for at, (label, texts) in enumerate(pairs) for copy in texts[1:] if copy not in known
    ]
    return [*examples, *copies]

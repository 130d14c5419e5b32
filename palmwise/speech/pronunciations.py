"""How words sound, for recognizers that are made of phones, and how they are respelled for the voices."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from palmwise.errors import LanguageError

_DATA = Path(__file__).parent / "data"
EXTRA = _DATA / "pronunciations.txt"
FOR_SYSTEM, FOR_NATURAL = _DATA / "respelled.txt", _DATA / "pronounced.txt"
"""The system's voice is given other letters, the natural one phonemes."""
_VARIANT = re.compile(r"\(\d+\)$")
_HISSING = ("S", "Z", "SH", "ZH", "CH", "JH")
_VOICELESS = ("P", "T", "K", "F", "TH")
Sounds = tuple[str, ...]


class Pronunciations:
    """Words and their phones; plurals and possessives of known words are made by rule."""

    def __init__(self, sounds: Mapping[str, tuple[Sounds, ...]]) -> None:
        """`sounds` maps each word to its pronunciations, each a row of phones."""
        self._sounds = sounds

    @staticmethod
    def read(dictionary: Path, extra: Path = EXTRA) -> Pronunciations:
        """Read a dictionary in the format of the CMU dictionary, and a file of extra words. Raises `LanguageError`."""
        found: dict[str, tuple[Sounds, ...]] = {}
        for path in (dictionary, extra):
            try:
                text = path.read_text(encoding="utf-8")
            except OSError as error:
                raise LanguageError(f"The dictionary {path} cannot be read.") from error
            for line in text.splitlines():
                word, _, sounds = line.partition(" ")
                if sounds and not word.startswith("#"):
                    name = _VARIANT.sub("", word)
                    found[name] = (*found.get(name, ()), tuple(sounds.split()))
        return Pronunciations(found)

    def of(self, word: str) -> tuple[Sounds, ...]:
        """Return the pronunciations of a word, empty if it is unknown."""
        if word in self._sounds:
            return self._sounds[word]
        stem = re.sub(r"('s|s'|s)$", "", word)
        return tuple(map(_with_s, self._sounds.get(stem, ()))) if stem != word else ()

    def known(self, text: str) -> bool:
        """Return whether every word of a text has a pronunciation."""
        return all(self.of(word) for word in text.split())

    def dictionary(self, words: Iterable[str]) -> str:
        """Return a dictionary file of these words. Words without a pronunciation are left out."""
        rows = []
        for word in sorted(set(words)):
            for number, sounds in enumerate(dict.fromkeys(self.of(word)), 1):
                rows.append(f"{word if number == 1 else f'{word}({number})'} {' '.join(sounds)}\n")
        return "".join(rows)


def _with_s(sounds: Sounds) -> Sounds:
    if sounds[-1] in _HISSING:
        return (*sounds, "IH", "Z")
    return (*sounds, "S" if sounds[-1] in _VOICELESS else "Z")


# Respelling for synthesis


class Respelling:
    """Replaces words by their respellings."""

    def __init__(self, path: Path) -> None:
        """`path` has a word and its respelling on each line."""
        rows = (line.split(maxsplit=1) for line in path.read_text(encoding="utf-8").splitlines())
        self._words = {row[0]: row[1] for row in rows if len(row) == 2 and row[0] != "#"}
        self._pattern = re.compile(rf"\b({'|'.join(map(re.escape, self._words))})\b", re.IGNORECASE)

    def respell(self, text: str) -> str:
        """Return the text for the voice."""
        return self._pattern.sub(lambda match: self._words[match[0].lower()], text)

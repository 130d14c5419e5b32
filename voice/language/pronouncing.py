"""Knows how words sound, in the recogniser's phones."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from voice.errors import LanguageError

ADDITIONS = Path(__file__).parent.parent / "data" / "pronunciations.txt"
_VARIANT = re.compile(r"\(\d+\)$")
_HISSING = ("S", "Z", "SH", "ZH", "CH", "JH")
_VOICELESS = ("P", "T", "K", "F", "TH")
Sounds = tuple[str, ...]


class Pronunciations:
    """Words and their sounds; plurals and possessives of known words are made by rule."""

    def __init__(self, sounds: Mapping[str, tuple[Sounds, ...]]) -> None:
        """`sounds`: the ways to say each word, each a row of phones."""
        self._sounds = sounds

    @staticmethod
    def read(dictionary: Path, additions: Path = ADDITIONS) -> Pronunciations:
        """From a dictionary in cmudict's format with the skill's own words added. Raises `LanguageError`."""
        found: dict[str, tuple[Sounds, ...]] = {}
        for path in (dictionary, additions):
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
        """The ways to say it; none when that is not known."""
        if word in self._sounds:
            return self._sounds[word]
        stem = re.sub(r"('s|s'|s)$", "", word)
        return tuple(_with_s(sounds) for sounds in self._sounds.get(stem, ())) if stem != word else ()

    def known(self, text: str) -> bool:
        """Whether every word of a text can be said."""
        return all(self.of(word) for word in text.split())

    def dictionary(self, words: Iterable[str]) -> str:
        """A dictionary file of these words. Words without sounds are left out."""
        rows = []
        for word in sorted(set(words)):
            for number, sounds in enumerate(dict.fromkeys(self.of(word)), 1):
                name = word if number == 1 else f"{word}({number})"
                rows.append(f"{name} {' '.join(sounds)}")
        return "\n".join([*rows, ""])


def _with_s(sounds: Sounds) -> Sounds:
    if sounds[-1] in _HISSING:
        return (*sounds, "IH", "Z")
    return (*sounds, "S" if sounds[-1] in _VOICELESS else "Z")

"""Keeps the language files that recognisers read in the user's cache, made anew when what they are made of changes."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from palmwise.speech.alarms import DANGERS, WISHES, Alarms, rules
from palmwise.speech.language_model import ADDITIONS, Pronunciations, arpa, jsgf
from palmwise.speech.vocabulary import Line, commands, cores, lines, politely, shortlist, sources

log = logging.getLogger(__name__)
CODE = Path(__file__).parent
UNSAID = ("out_of_scope",)
"""What is none of the coach's business teaches a free ear other people's words."""
RARE, RARELY = 3, 6000
"""Sentences that a word must come in, and one in how many."""
KNOWN, USUAL = 3, 40
"""How much more often than a question a command is said, and at most for each that it is part of."""
KEPT = 3
"""Older ones are removed."""


@dataclass(frozen=True)
class Language:
    """Files in one folder."""

    folder: Path

    @property
    def dictionary(self) -> Path:
        """Words and their sounds."""
        return self.folder / "words.dict"

    @property
    def model(self) -> Path:
        """Which words follow which, in everything that people say to the coach."""
        return self.folder / "free.lm"

    @property
    def grammar(self) -> Path:
        """The most usual of the known commands as a grammar."""
        return self.folder / "closed.gram"

    def commands(self) -> Mapping[str, str]:
        """The known commands, each with its intent."""
        found: dict[str, str] = json.loads((self.folder / "commands.json").read_text(encoding="utf-8"))
        return found

    def alarms(self) -> Alarms:
        """Words of danger."""
        return self._listed("alarms.json")

    def wishes(self) -> Alarms:
        """Words of somebody who wants to be forgotten."""
        return self._listed("wishes.json")

    def _listed(self, name: str) -> Alarms:
        return Alarms(json.loads((self.folder / name).read_text(encoding="utf-8")))


def cache_folder() -> Path:
    """Where programs of this user keep what can be made again."""
    base = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA") or Path.home() / ".cache"
    return Path(base) / "palmwise" / "language"


def language(root: Path, dictionary: Path, folder: Path | None = None) -> Language:
    """The files for the training data under `root`. Takes a second when something changed. Raises `LanguageError`."""
    folder = folder or cache_folder()
    wanted = folder / _fingerprint(root, dictionary)
    if not (wanted / "commands.json").exists():
        log.info("Learning the words of this coach...")
        folder.mkdir(parents=True, exist_ok=True)
        # Made beside and then moved: two clients may start at once, and one may be ended half-way.
        with tempfile.TemporaryDirectory(dir=folder) as half:
            made = Path(half) / "made"
            made.mkdir()
            _make(lines(root), Pronunciations.read(dictionary), made)
            for name, file in (("alarms.json", DANGERS), ("wishes.json", WISHES)):
                (made / name).write_text(json.dumps(rules(root, file)), encoding="utf-8")
            if not wanted.exists():
                made.rename(wanted)
        _tidy(folder, wanted)
    return Language(wanted)


def _make(said: tuple[Line, ...], sounds: Pronunciations, folder: Path) -> None:
    sayable = [line for line in said if sounds.known(line.text)]
    known = commands(sayable)
    made = Language(folder)
    usual = _usual({line.text for line in sayable if line.intent not in UNSAID} | set(known))
    known = {text: intent for text, intent in known.items() if text in usual}
    words = {word for text in usual for word in text.split()}
    made.dictionary.write_text(sounds.dictionary(words), encoding="utf-8")
    typical = shortlist(known)
    made.model.write_text(arpa(_weighed(usual, known)), encoding="utf-8")
    made.grammar.write_text(jsgf(typical), encoding="utf-8")
    (folder / "commands.json").write_text(json.dumps(politely(known), indent=0, sort_keys=True), encoding="utf-8")


def _usual(texts: set[str]) -> set[str]:
    """Those without rare words, which are heard in place of usual ones more often than they are said."""
    times = Counter(word for text in texts for word in set(text.split()))
    rare = max(RARE, len(texts) / RARELY)
    return {text for text in texts if all(times[word] >= rare for word in text.split())}


def _weighed(texts: Iterable[str], known: Mapping[str, str]) -> Mapping[str, int]:
    """How often each counts: hands busy, people say short commands, and mostly the usual ones."""
    inside = cores(known)
    return {text: KNOWN + min(USUAL, inside.get(text, 0)) if text in known else 1 for text in texts}


def _fingerprint(root: Path, dictionary: Path) -> str:
    found = hashlib.sha256()
    read = [*sources(root), *(path for path in (root / DANGERS,) if path.exists())]
    for path in (*read, *sorted(CODE.glob("*.py")), ADDITIONS, dictionary):
        found.update(path.name.encode())
        found.update(path.read_bytes())
    return found.hexdigest()[:20]


def _tidy(folder: Path, current: Path) -> None:
    old = sorted((path for path in folder.iterdir() if path.is_dir()), key=lambda path: path.stat().st_mtime)
    for path in old[:-KEPT]:
        if path != current:
            shutil.rmtree(path, ignore_errors=True)

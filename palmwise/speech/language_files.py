"""The files that recognizers read (dictionary, language model, grammar), made from training data and content.

They are kept in the user's cache and made anew when anything changes that they are made of.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from palmwise.coach.content_loader import load_content
from palmwise.errors import ContentError, LanguageError, SentencesError
from palmwise.language.phrase_matching import PhraseList
from palmwise.resources import ROOT, content_folder
from palmwise.speech.language_model import EXTRA_PRONUNCIATIONS, Pronunciations, arpa, jsgf
from palmwise.speech.vocabulary import (
    commands,
    count_containing,
    most_usual,
    utterances,
    with_please,
)
from palmwise.training_files import sentences_in

log = logging.getLogger(__name__)
CODE = Path(__file__).parent
TRAINING_DATA = ROOT / "data" / "nlu"
MISHEARD_FILES = ("spoken.yml",)
"""Training files of what other recognizers make of phrases ("how long does this won take"): nobody says that."""
EXCLUDED_INTENTS = ("out_of_scope",)
"""They would teach the language model what is said to other people."""
RARE, RARE_SHARE = 3, 1 / 6000
"""A word is rare that is in fewer sentences, by number or by share."""
COMMAND_WEIGHT, LARGEST_BONUS = 3, 40
"""How much more often than another sentence a command is said, and what is added at most for those that contain it."""
KEPT_VERSIONS = 3


@dataclass(frozen=True)
class LanguageFiles:
    """The files, in one folder."""

    folder: Path

    @property
    def dictionary(self) -> Path:
        """Words and their pronunciations, in the format of the CMU dictionary."""
        return self.folder / "words.dict"

    @property
    def model(self) -> Path:
        """Bigrams of everything that people say to the coach, in the ARPA format."""
        return self.folder / "free.lm"

    @property
    def grammar(self) -> Path:
        """The most usual commands, as a JSGF grammar."""
        return self.folder / "closed.gram"

    def commands(self) -> Mapping[str, str]:
        """Return the known commands and the intent of each."""
        found: dict[str, str] = json.loads((self.folder / "commands.json").read_text(encoding="utf-8"))
        return found

    def red_flags(self) -> PhraseList:
        """Return the phrases that tell of a danger."""
        return self._phrases("red_flags.json")

    def deletion_requests(self) -> PhraseList:
        """Return the phrases that ask for deletion of what was said."""
        return self._phrases("deletion_requests.json")

    def _phrases(self, name: str) -> PhraseList:
        return PhraseList.from_json(json.loads((self.folder / name).read_text(encoding="utf-8")))


def cache_folder() -> Path:
    """Return where programs of this user keep what can be made again."""
    base = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA") or Path.home() / ".cache"
    return Path(base) / "palmwise" / "language"


def language_files(
    dictionary: Path, training: Path = TRAINING_DATA, content: Path | None = None, cache: Path | None = None
) -> LanguageFiles:
    """Return the files for a training data folder and a content folder; makes them first if anything changed.

    `dictionary` has pronunciations in the format of the CMU dictionary. Raises `LanguageError`.
    """
    content = content or content_folder()
    cache = cache or cache_folder()
    examples = [path for path in sorted(training.glob("*.yml")) if path.name not in MISHEARD_FILES]
    if not examples:
        raise LanguageError(f"There is no training data in {training}.")
    sources = [*examples, *sorted(content.rglob("*.yml")), *sorted(CODE.glob("*.py")), EXTRA_PRONUNCIATIONS, dictionary]
    folder = cache / _fingerprint(sources)
    if not (folder / "commands.json").exists():
        log.info("Learning the words of this coach...")
        cache.mkdir(parents=True, exist_ok=True)
        # Made beside and then moved: two clients may start at once, and one may be ended half-way.
        with tempfile.TemporaryDirectory(dir=cache) as scratch:
            made = Path(scratch) / "made"
            made.mkdir()
            _make(examples, content, Pronunciations.read(dictionary), LanguageFiles(made))
            if not folder.exists():
                made.rename(folder)
        _remove_old_versions(cache, folder)
    return LanguageFiles(folder)


def _make(examples: Sequence[Path], folder: Path, pronunciations: Pronunciations, files: LanguageFiles) -> None:
    try:
        content = load_content(folder)
        said = utterances((sentence for path in examples for sentence in sentences_in(path)), content)
    except (ContentError, SentencesError) as error:
        raise LanguageError(f"The recognizer cannot learn its words. {error}") from error
    sayable = [utterance for utterance in said if pronunciations.known(utterance.text)]
    known = commands(sayable)
    texts = _without_rare_words(
        {utterance.text for utterance in sayable if utterance.intent not in EXCLUDED_INTENTS} | set(known)
    )
    known = {text: intent for text, intent in known.items() if text in texts}
    files.dictionary.write_text(
        pronunciations.dictionary({word for text in texts for word in text.split()}), encoding="utf-8"
    )
    files.model.write_text(arpa(_weights(texts, known)), encoding="utf-8")
    files.grammar.write_text(jsgf(most_usual(known)), encoding="utf-8")
    for name, data in (
        ("red_flags.json", content.alarms["red_flag"].to_json()),
        ("deletion_requests.json", content.forgetting.to_json()),
        ("commands.json", with_please(known)),
    ):
        (files.folder / name).write_text(json.dumps(data, indent=0, sort_keys=True), encoding="utf-8")


def _without_rare_words(texts: set[str]) -> set[str]:
    """Leave out texts with rare words, which are recognized in place of usual ones more often than they are said."""
    times = Counter(word for text in texts for word in set(text.split()))
    least = max(RARE, len(texts) * RARE_SHARE)
    return {text for text in texts if all(times[word] >= least for word in text.split())}


def _weights(texts: Iterable[str], known: Mapping[str, str]) -> Mapping[str, int]:
    """Return how often each text counts: with their hands busy, people say short commands, mostly the usual ones."""
    containing = count_containing(known)
    return {
        text: COMMAND_WEIGHT + min(LARGEST_BONUS, containing.get(text, 0)) if text in known else 1 for text in texts
    }


def _fingerprint(sources: Iterable[Path]) -> str:
    found = hashlib.sha256()
    for path in sources:
        found.update(path.name.encode())
        found.update(path.read_bytes())
    return found.hexdigest()[:20]


def _remove_old_versions(cache: Path, current: Path) -> None:
    old = sorted((path for path in cache.iterdir() if path.is_dir()), key=lambda path: path.stat().st_mtime)
    for path in old[:-KEPT_VERSIONS]:
        if path != current:
            shutil.rmtree(path, ignore_errors=True)

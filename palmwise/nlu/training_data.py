"""Training examples: sentences of the data files, of the content, and noisy copies of them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import yaml

from palmwise import resources
from palmwise.coach.content import Content
from palmwise.coach.content_loader import load_safety_lists
from palmwise.errors import SentencesError
from palmwise.language.spelling import NEIGHBOUR_KEYS, phonetic_key
from palmwise.nlu.encoder import load_encoder
from palmwise.nlu.intent_model import Example
from palmwise.nlu.repair import Repairer, build_repairer

SEED = 20

_FINGERS = 0.5
"""Share of the copies that are typed; the others are spoken."""
_OFTEN = 4
"""How often sentences must use a word to be heard for another: rarer ones may be typos."""
_SHORT = 2
"""Letters of words that sound like too much else."""
_VOWELS = re.compile("[aeiouy]+")

_FILLERS = ("um", "uh", "so", "okay", "well", "please", "like", "just", "hey", "right", "erm", "now", "yeah")

# Words that recognisers write for others, both ways round. The words of this skill are in repairs.yml.
_HEARD = (
    "to two too", "for four", "their there", "your you're", "its it's", "know no", "right write", "here hear",
    "one won", "i'm am", "and an in", "the a", "can can't", "of off", "than then", "do you", "is it's", "me my",
    "hand and hands", "hands hens", "how who", "what but", "step stop", "this these", "that that's", "are our",
    "so sew", "again a gain", "this the", "next nest", "back bag", "hold old", "wait weight", "start star",
    "long along", "slow slower", "fast first", "hurt heart", "hurts hearts", "sore saw", "stiff stuff", "oil all",
    "last lost", "done down", "left lift",
)  # fmt: skip


@dataclass(frozen=True)
class Noise:
    """Knows which words a recogniser may write for others."""

    alike: Mapping[str, tuple[str, ...]]
    """Word -> words that sound like it."""

    @staticmethod
    def of(sentences: Iterable[str]) -> Noise:
        """Takes the words that these sentences often use, beside the confusions that are known of recognisers."""
        counts = Counter(word for sentence in sentences for word in sentence.lower().split() if word.isalpha())
        groups: dict[tuple[str, int], list[str]] = {}
        for word in sorted(word for word, seen in counts.items() if seen >= _OFTEN and len(word) > _SHORT):
            groups.setdefault((phonetic_key(word), len(_VOWELS.findall(word))), []).append(word)
        table = {word: group for group in groups.values() if len(group) > 1 for word in group}
        for known in _HEARD:
            for word in known.split():
                table[word] = [*table.get(word, ()), *known.split()]
        return Noise({word: tuple(other for other in others if other != word) for word, others in table.items()})

    def copy(self, sentence: str) -> str:
        """The sentence as hasty fingers or a recogniser would write it; the same every time."""
        random = Random(f"{SEED} {sentence}")  # noqa: S311 - no secret
        return _typed(sentence, random) if random.random() < _FINGERS else self._heard(sentence, random)

    def _heard(self, sentence: str, random: Random) -> str:
        words = "".join(letter for letter in sentence.lower() if letter not in ",.?!").split() or [sentence]
        chance = random.random()
        if chance < 0.4:
            words.insert(random.choice((0, 0, random.randrange(len(words) + 1), len(words))), random.choice(_FILLERS))
        if chance > 0.3:
            words = self._misheard(words, random)
        if chance > 0.85 and len(words) > 3:
            del words[random.randrange(len(words))]
        return " ".join(words)

    def _misheard(self, words: list[str], random: Random) -> list[str]:
        places = [(at, others) for at, word in enumerate(words) if (others := self.alike.get(word))]
        if not places:
            return words
        at, others = random.choice(places)
        return [*words[:at], random.choice(others), *words[at + 1 :]]


def _typed(sentence: str, random: Random) -> str:
    words = sentence.replace("'", "").split() if random.random() < 0.3 else sentence.split()
    for _ in range(1 if len(words) < 6 else 2):
        at = random.randrange(len(words))
        words[at] = slip(words[at], random)
    return " ".join(words)


def slip(word: str, random: Random) -> str:
    """A word with one slip of the fingers."""
    at = random.randrange(len(word))
    kind = random.random()
    if kind < 0.3 and len(word) > 2:
        return word[:at] + word[at + 1 :]
    if kind < 0.55 and at + 1 < len(word):
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    if kind < 0.75:
        return word[:at] + word[at] + word[at:]
    return word[:at] + random.choice(NEIGHBOUR_KEYS.get(word[at].lower(), word[at])) + word[at + 1 :]


_WHAT_IS = ("what is", "what's", "explain", "tell me about", "what does it mean,")
_BEGIN = ("start the", "do the", "i'd like the")
_I_HAVE = ("i have", "i've got")
_MARK = re.compile(r"\[[^\]]+\][({\[]")
"""An entity marked in a sentence, as in "my [thumb](body_part)"."""


class Sentence(NamedTuple):
    """What somebody may say, with what is meant by it."""

    text: str
    label: str
    """An intent, or a question's id behind `faq/`."""


def all_sentences(files: Iterable[str]) -> list[Sentence]:
    """Every sentence once, in order: the files' own, then what the content adds; raises `SentencesError`."""
    written = list(dict.fromkeys(sentence for file in files for sentence in sentences_in(Path(file))))
    return [*written, *sentences_of(resources.content(), written)]


def sentences_in(file: Path) -> Iterator[Sentence]:
    """The sentences of one training file; none where it is about something else.

    Rasa's own reader understands more, and takes seconds where this takes hundredths of one. Entities, synonyms and
    lookup tables are not missed: all of them come from the content.
    """
    try:
        # Bytes, so that the parser in C reads them by itself.
        blocks = (yaml.load(file.read_bytes(), yaml.CSafeLoader) or {}).get("nlu") or ()
    except (yaml.YAMLError, AttributeError) as error:
        raise SentencesError(f"{file} is no YAML as Rasa wants it: {error}") from error
    for block in blocks:
        yield from _sentences_of_block(block, file)


def _sentences_of_block(block: Any, file: Path) -> Iterator[Sentence]:
    if not isinstance(block, dict) or set(block) != {"intent", "examples"} or not isinstance(block["examples"], str):
        raise SentencesError(f"{file} may hold intents with a text of examples only, not this: {str(block)[:80]}")
    for line in block["examples"].splitlines():
        text = line[1:].strip()
        if not line.startswith("-") or not text or _MARK.search(text):
            raise SentencesError(f"{file}, {block['intent']}: not a dash before a plain sentence: {line}")
        yield Sentence(text, block["intent"].strip())


def sentences_of(content: Content, written: Iterable[Sentence]) -> list[Sentence]:
    """How people ask for each thing by its title; what `written` has already is left out."""
    known = {_plain(sentence.text) for sentence in written}
    asked = [
        Sentence(f"{opening} {title.lower()}", intent)
        for titles, intent, openings in (
            ([item.title for item in content.techniques.values()], "explain_technique", _WHAT_IS),
            ([item.title for item in content.routines.values()], "start_routine", _BEGIN),
            ([item.title for item in content.symptoms.values() if not item.belief], "report_symptom", _I_HAVE),
        )
        for title in titles
        for opening in openings
    ]
    asked += [
        Sentence(text, f"faq/{item.id}") for item in content.faqs.values() for text in (item.question, *item.asked)
    ]
    return [sentence for sentence in dict.fromkeys(asked) if _plain(sentence.text) not in known]


def names_of(content: Content) -> dict[str, dict[str, str]]:
    """What the things of the content are called: entity -> name -> value."""
    return {
        entity: {name: value for value, names in values.items() for name in (value.replace("_", " "), *names)}
        for entity, values in content.vocabulary.items()
    }


def _plain(text: str) -> str:
    return " ".join("".join(char for char in text.lower() if char.isalnum() or char.isspace()).split())


_SHORT_SENTENCE = 5
"""Words of a sentence that is worth a noisy copy; a longer one survives a wrong word without."""


def repairer_for(sentences: Iterable[str], names: Iterable[str]) -> Repairer:
    """The repairer that these sentences and the names of things teach."""
    return build_repairer(
        sentences,
        [*names, *load_safety_lists(resources.content_folder() / "safety").vocabulary],
        load_encoder().whole_words(),
    )


def variants(repairer: Repairer, sentences: Sequence[str], *, noisy: bool) -> list[list[str]]:
    """What is learnt for each sentence: itself repaired, and where it is short a noisy copy."""
    noise = Noise.of(sentences)
    copies = [[noise.copy(text)] if noisy and 0 < len(text.split()) <= _SHORT_SENTENCE else [] for text in sentences]
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

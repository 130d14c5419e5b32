"""Training data: the sentences of the data files and of the content, and noisy copies of them. Imports no Rasa."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from random import Random

from palmwise import resources
from palmwise.coach.content import Content
from palmwise.language.spelling import NEIGHBOUR_KEYS, phonetic_key
from palmwise.language.tokens import words_of
from palmwise.nlu.answer_model import NONE, Lesson
from palmwise.nlu.encoder import load_encoder
from palmwise.nlu.intent_model import Example
from palmwise.nlu.repair import Repairer, build_repairer, load_repair_phrases
from palmwise.training_files import Sentence, sentences_in, sentences_in_context

SEED = 20
NOISY_UP_TO = 4
"""Sentences of up to so many words get a noisy copy; longer ones survive a wrong word without."""

_TYPED = 0.5
"""Share of the noisy copies that have slips of typing; the others have errors of recognition."""
_MIN_COUNT = 4
"""A word must occur this often to be taken for another: rarer ones may be typos."""
_MIN_LETTERS = 3
"""Shorter words sound like too many others."""
_VOWELS = re.compile("[aeiouy]+")
_CONDITIONS = "who_should_not"
"""Topic whose answers are about conditions."""
_MEDICINES = frozenset({"limit_medicine", "limit_dose"})
"""Answers to what only a pharmacist or doctor may say."""
_LETTERS_OF_MEDICINES = 7
_MOST_OWNERS = 6
"""A word that is asked with more answers is no word for a condition."""
_ANSWER_TEXT = 0.5
"""Weight of a sentence of an answer beside one of its questions."""
_EXPLAIN_OPENINGS = ("what is", "what's", "explain", "tell me about", "what does it mean,")
_START_OPENINGS = ("start the", "do the", "i'd like the")
_SYMPTOM_OPENINGS = ("i have", "i've got")


@dataclass(frozen=True)
class Noise:
    """Makes noisy copies of sentences."""

    alike: Mapping[str, tuple[str, ...]]
    """Word -> words that a recognizer may write for it."""

    @staticmethod
    def build(sentences: Iterable[str]) -> Noise:
        """Take the words that these sentences use often, and the confusions that are known of recognizers."""
        counts = Counter(word for sentence in sentences for word in sentence.lower().split() if word.isalpha())
        groups: dict[tuple[str, int], list[str]] = {}
        for word in sorted(word for word, count in counts.items() if count >= _MIN_COUNT and len(word) >= _MIN_LETTERS):
            groups.setdefault((phonetic_key(word), len(_VOWELS.findall(word))), []).append(word)
        alike = {word: group for group in groups.values() if len(group) > 1 for word in group}
        for words in load_repair_phrases().alike:
            for word in words:
                alike[word] = [*alike.get(word, ()), *words]
        return Noise({word: tuple(other for other in others if other != word) for word, others in alike.items()})

    def copy(self, sentence: str) -> str:
        """The sentence with slips of typing or errors of recognition; the same every time."""
        random = Random(f"{SEED} {sentence}")  # noqa: S311 - no secret
        return _typed(sentence, random) if random.random() < _TYPED else self._recognized(sentence, random)

    def _recognized(self, sentence: str, random: Random) -> str:
        words = "".join(letter for letter in sentence.lower() if letter not in ",.?!").split() or [sentence]
        chance = random.random()
        if chance < 0.4:
            words.insert(
                random.choice((0, 0, random.randrange(len(words) + 1), len(words))),
                random.choice(load_repair_phrases().interjections),
            )
        if chance > 0.3:
            words = self._confused(words, random)
        if chance > 0.85 and len(words) > 3:
            del words[random.randrange(len(words))]
        return " ".join(words)

    def _confused(self, words: list[str], random: Random) -> list[str]:
        candidates = [(at, others) for at, word in enumerate(words) if (others := self.alike.get(word))]
        if not candidates:
            return words
        at, others = random.choice(candidates)
        return [*words[:at], random.choice(others), *words[at + 1 :]]


def all_sentences(files: Iterable[str]) -> list[Sentence]:
    """Every sentence once, in order: those of the files, then those of the content; raises `SentencesError`."""
    written = list(dict.fromkeys(sentence for file in files for sentence in sentences_in(Path(file))))
    return [*written, *sentences_of(resources.content(), written)]


def danger_sentences() -> list[Sentence]:
    """What tells of a danger, by red flag, and what only sounds like one (`none/...`)."""
    files = sorted((resources.ROOT / "data" / "danger").glob("*.yml"))
    return [sentence for file in files for sentence in sentences_in(file, "danger", "about")]


def sentences_of(content: Content, written: Iterable[Sentence]) -> list[Sentence]:
    """How people ask for each thing of the content by its title, without what `written` has already."""
    known = {_plain(sentence.text) for sentence in written}
    by_title = [
        Sentence(f"{opening} {title.lower()}", intent)
        for titles, intent, openings in (
            ([item.title for item in content.techniques.values()], "explain_technique", _EXPLAIN_OPENINGS),
            ([item.title for item in content.routines.values()], "start_routine", _START_OPENINGS),
            (
                [item.title for item in content.symptoms.values() if not item.belief],
                "report_symptom",
                _SYMPTOM_OPENINGS,
            ),
        )
        for title in titles
        for opening in openings
    ]
    questions = [
        Sentence(text, f"faq/{item.id}") for item in content.faqs.values() for text in (item.question, *item.asked)
    ]
    return [sentence for sentence in dict.fromkeys([*by_title, *questions]) if _plain(sentence.text) not in known]


def names_of(content: Content) -> dict[str, dict[str, str]]:
    """What the content calls things: entity -> name -> value."""
    return {
        entity: {name: value for value, names in values.items() for name in (value.replace("_", " "), *names)}
        for entity, values in content.vocabulary.items()
    }


@lru_cache(maxsize=1)
def train_repairer(sentences: tuple[str, ...]) -> Repairer:
    """Build the repairer that knows the words of these sentences, of `names_of` and of the safety lists.

    Kept for the other components, which train on the same sentences in the same process.
    """
    content = resources.content()
    names = (name for each in names_of(content).values() for name in each)
    alarms = frozenset[str]().union(*(each.vocabulary for each in content.alarms.values()))
    domain = [*names, *alarms]
    return build_repairer(sentences, domain, load_encoder().whole_words() | _words_of_questions() | _words_of_talk())


def _words_of_questions() -> frozenset[str]:
    """Words of two or more questions of the answers: well spelt, but no other word is taken for them."""
    answers = resources.content().answers.values()
    return _repeated(word for answer in answers for text in answer.questions for word in set(words_of(text)))


def _words_of_talk() -> frozenset[str]:
    """Words that occur twice in what tells of a danger or is said in context, as the words of questions are taken."""
    in_context = (each.text for each in sentences_in_context(resources.CONVERSATION))
    texts = [*(each.text for each in danger_sentences()), *in_context]
    return _repeated(word for text in texts for word in words_of(text) if word.isalpha())


def _repeated(words: Iterable[str]) -> frozenset[str]:
    """Those that occur twice, and that no repair phrase replaces."""
    counts = Counter(words)
    return frozenset(word for word, count in counts.items() if count > 1 and word not in load_repair_phrases().words)


def answer_lessons(repairer: Repairer, examples: Sequence[Example]) -> list[Lesson]:
    """What the answer model trains on: questions, the sentences of their answers, and other sentences that ask none.

    Every fifth of these is enough. Examples of `faq` may ask a known question, so they are left out.
    """
    answers = resources.content().answers.values()
    asked = [Lesson(repairer.repair_text(text), each.id) for each in answers for text in (each.asks, *each.questions)]
    known = {lesson.text for lesson in asked}
    texts = [Lesson(repairer.repair_text(text), each.id, _ANSWER_TEXT) for each in answers for text in each.said]
    others = [each for at, each in enumerate(examples) if each.original == at and not each.label.startswith("faq/")]
    return [*asked, *texts, *(Lesson(each.text, NONE) for each in others[::5] if each.text not in known)]


def plain_questions(repairer: Repairer) -> list[str]:
    """Every fourth question of the answers that are not ambiguous."""
    topics = (topic for topic in resources.content().topics.values() if not topic.ambiguous)
    answers = (answer for topic in topics for answer in topic.answers if not answer.ambiguous)
    return list(dict.fromkeys(repairer.repair_text(text) for answer in answers for text in answer.questions))[::4]


def condition_words(lessons: Sequence[Lesson]) -> dict[str, tuple[str, ...]]:
    """Word for a condition or a medicine -> the answers that have it in a question.

    Such a word is used for few answers, and in two questions of one about who should not be massaged, or about
    medicines; a long word that is used in one of these is the name of a medicine.
    """
    answers = {answer.id for answer in resources.content().topics[_CONDITIONS].answers}
    counts: dict[str, Counter[str]] = {}
    for lesson in lessons:
        for word in set(lesson.text.split()) if lesson.weight == 1 and lesson.id != NONE else ():
            counts.setdefault(word, Counter())[lesson.id] += 1
    return {
        word: tuple(sorted(owners))
        for word, owners in counts.items()
        if len(word) > _MIN_LETTERS
        and len(owners) <= _MOST_OWNERS
        and any(
            (count > 1 and id in answers | _MEDICINES) or (id in _MEDICINES and len(word) >= _LETTERS_OF_MEDICINES)
            for id, count in owners.items()
        )
    }


@lru_cache(maxsize=1)
def training_variants(sentences: tuple[str, ...], *, noisy: bool) -> list[list[str]]:
    """The texts to train on for each sentence: itself repaired, and a noisy copy repaired if it is short."""
    repairer = train_repairer(sentences)
    noise = Noise.build(sentences)
    copies = [[noise.copy(text)] if noisy and 0 < len(text.split()) <= NOISY_UP_TO else [] for text in sentences]
    return [
        [repairer.repair_text(each) for each in (text, *more)] for text, more in zip(sentences, copies, strict=True)
    ]


def examples_for(labels: Iterable[str], variants: Iterable[Sequence[str]]) -> list[Example]:
    """Every sentence with its label, then the noisy copies that do not equal a sentence."""
    pairs = list(zip(labels, variants, strict=True))
    examples = [Example(texts[0], label, at) for at, (label, texts) in enumerate(pairs)]
    known = {example.text for example in examples}
    copies = [
        Example(copy, label, at) for at, (label, texts) in enumerate(pairs) for copy in texts[1:] if copy not in known
    ]
    return [*examples, *copies]


def slip(word: str, random: Random) -> str:
    """A word with one slip of typing: a letter missed, swapped, doubled or replaced by a neighbouring key."""
    at = random.randrange(len(word))
    kind = random.random()
    if kind < 0.3 and len(word) > 2:
        return word[:at] + word[at + 1 :]
    if kind < 0.55 and at + 1 < len(word):
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    if kind < 0.75:
        return word[:at] + word[at] + word[at:]
    return word[:at] + random.choice(NEIGHBOUR_KEYS.get(word[at].lower(), word[at])) + word[at + 1 :]


def _typed(sentence: str, random: Random) -> str:
    words = sentence.replace("'", "").split() if random.random() < 0.3 else sentence.split()
    for _ in range(1 if len(words) < 6 else 2):
        at = random.randrange(len(words))
        words[at] = slip(words[at], random)
    return " ".join(words)


def _plain(text: str) -> str:
    return " ".join("".join(char for char in text.lower() if char.isalnum() or char.isspace()).split())

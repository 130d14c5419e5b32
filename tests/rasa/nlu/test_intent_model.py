"""The parts of the intent model are deterministic, honest about confidence, and speak Rasa's format."""

from pathlib import Path

import numpy as np

from palmwise.nlu.classifier import Ranking
from palmwise.nlu.encoder import WIDTH, load_encoder
from palmwise.nlu.features import BUCKETS, folded, rarity, rows_of, weighed
from palmwise.nlu.head import Schedule, Task, fit
from palmwise.nlu.intent_model import Example, IntentModel, Settings, train
from palmwise.nlu.training_data import Noise

SENTENCES = {
    "next_step": ["next", "next please", "go on to the next", "what comes next", "on to the next one", "next step"],
    "stop": ["stop", "stop it", "please stop", "stop the massage", "i want to stop", "stop now"],
    "faq/oils": [
        "which oil",
        "what lotion is best",
        "which cream",
        "what oil should i use",
        "oil or lotion",
        "any oil",
    ],
}
EXAMPLES = [
    Example(text, label, at)
    for at, (label, text) in enumerate((label, text) for label, texts in SENTENCES.items() for text in texts)
]


def small() -> IntentModel:
    return train(EXAMPLES, load_encoder().encode, Settings(folds=8, held_out=4))


def test_the_encoder_gives_the_vectors_it_was_published_for() -> None:
    # Cosines by all-MiniLM-L6-v2 in float32; int8 may move them a little.
    published = [
        ("which oil should i use", "what lotion is best", 0.46),
        ("can you go back please", "go to the previous one", 0.42),
        ("next", "thank you so much what's next", 0.45),
        ("jump to step four", "which oil should i use", 0.0),
    ]
    for first, second, cosine in published:
        left, right = load_encoder().encode([first, second])
        own = WIDTH // 2
        assert abs(float(left[:own] @ right[:own]) - cosine) < 0.05


def test_both_halves_of_a_vector_have_length_one() -> None:
    vectors = load_encoder().encode(["hello", "", "a much longer sentence than the others, with words in it"])
    assert vectors.shape == (3, WIDTH)
    assert np.allclose(np.linalg.norm(vectors.reshape(3, 2, -1), axis=2), 1, atol=1e-4)


def test_training_twice_gives_the_same_model() -> None:
    first, second = small(), small()
    for one, other in zip(first.head.parameters, second.head.parameters, strict=True):
        assert np.array_equal(one, other)
    assert first.head.temperature == second.head.temperature


def test_a_model_survives_being_saved(tmp_path: Path) -> None:
    model = small()
    model.save(tmp_path)
    again = IntentModel.load(tmp_path)
    encode = load_encoder().encode
    assert again.labels == model.labels
    assert np.allclose(
        again.probabilities(["which oil"], encode), model.probabilities(["which oil"], encode), atol=0.01
    )


def test_the_head_learns_what_is_there_to_learn() -> None:
    rows = np.eye(3, dtype=np.float32).repeat(5, axis=0)
    labels = np.arange(3).repeat(5)
    head = fit(Task(rows, labels, 3, np.ones(15, dtype=np.float32)), Schedule(hidden=32, epochs=300, rate=0.01))
    assert (head.probabilities(rows).argmax(axis=1) == labels).all()


def test_one_sentence_gets_the_row_that_many_get() -> None:
    sentences = ["go back one step", "", "which oil should i use"]
    rows = rows_of(sentences)
    weights = rarity(rows)
    fold = np.random.default_rng(0).standard_normal((BUCKETS, 8), dtype=np.float32)
    many = weighed(rows, weights) @ fold
    for sentence, row in zip(sentences, many, strict=True):
        assert np.allclose(folded(sentence, weights, fold), row, atol=1e-5)


def test_noise_is_the_same_every_time_and_changes_a_sentence_a_little() -> None:
    sentences = ["go back one step", "which oil should i use", "n", "take your hand to bed"] * 4
    noise = Noise.of(sentences)
    copies = [noise.copy(sentence) for sentence in sentences]
    assert copies == [Noise.of(sentences).copy(sentence) for sentence in sentences]
    assert copies != sentences
    assert all(abs(len(copy.split()) - len(said.split())) <= 1 for copy, said in zip(copies, sentences, strict=True))


def test_a_word_may_be_heard_for_one_that_sounds_alike() -> None:
    noise = Noise.of(["rest your hand", "a roast beef", "the rust"] * 4)
    assert set(noise.alike["rest"]) == {"roast", "rust"}
    assert "two" in noise.alike["to"]


def test_the_ranking_has_rasas_format() -> None:
    ranking = Ranking.of(["next_step", "faq/oils", "faq/sleep"], [0.2, 0.5, 0.3])
    assert ranking.best == {"name": "faq", "confidence": 0.8}
    faq = ranking.selectors["faq"]
    assert ranking.selectors["all_retrieval_intents"] == ["faq"]
    assert faq["response"]["intent_response_key"] == "faq/oils"
    assert faq["response"]["utter_action"] == "utter_faq/oils"
    assert [each["intent_response_key"] for each in faq["ranking"]] == ["faq/oils", "faq/sleep"]


def test_the_likeliest_label_decides_not_the_sum_of_its_intent() -> None:
    assert Ranking.of(["next_step", "faq/oils", "faq/sleep"], [0.4, 0.3, 0.3]).best["name"] == "next_step"


def test_what_sounds_like_a_label_becomes_likeliest() -> None:
    ranking = Ranking.of(["next_step", "stop"], [0.3, 0.7]).raised("next_step")
    assert ranking.best["name"] == "next_step"
    assert ranking.best["confidence"] >= 0.5
    assert Ranking.of(["stop"], [1.0]).raised(None).best["name"] == "stop"

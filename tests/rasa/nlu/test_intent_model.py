"""The intent model is deterministic, survives saving, and the ranking has Rasa's format."""

from pathlib import Path

import numpy as np

from palmwise.nlu.classifier import Ranking
from palmwise.nlu.encoder import WIDTH, load_encoder
from palmwise.nlu.head import Schedule, TrainingSet, fit, softmax, softmax_within
from palmwise.nlu.intent_model import Example, IntentModel, Settings, train_intent_model
from palmwise.nlu.ngrams import ngram_rows, train_projection
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
    return train_intent_model(EXAMPLES, load_encoder().encode, Settings(components=8, held_out=4))


def test_the_encoder_gives_the_published_vectors() -> None:
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


def test_the_head_learns_a_separable_set() -> None:
    rows = np.eye(3, dtype=np.float32).repeat(5, axis=0)
    labels = np.arange(3).repeat(5)
    head = fit(
        TrainingSet(rows, labels, 3, np.ones(15, dtype=np.float32)), Schedule(hidden=32, epochs=300, learning_rate=0.01)
    )
    assert (head.probabilities(rows).argmax(axis=1) == labels).all()


def test_the_labels_of_each_question_share_one_softmax() -> None:
    scores = np.array([[1.0, 3.0, -2.0, 0.5, 9.0]], dtype=np.float32)
    expected = np.hstack([softmax(scores[:, :2]), softmax(scores[:, 2:4]), softmax(scores[:, 4:])])
    assert np.allclose(softmax_within(scores, [0, 2, 4]), expected)


def test_one_sentence_gets_the_same_row_as_in_a_batch() -> None:
    sentences = ["go back one step", "", "which oil should i use"]
    projection = train_projection(ngram_rows([*sentences, "hold it there", "press a little harder"]), 3)
    for sentence, row in zip(sentences, projection.rows_of(ngram_rows(sentences)), strict=True):
        assert np.allclose(projection.rows([sentence])[0], row, atol=1e-5)


def test_noise_is_the_same_every_time_and_changes_a_sentence_a_little() -> None:
    sentences = ["go back one step", "which oil should i use", "n", "take your hand to bed"] * 4
    noise = Noise.build(sentences)
    copies = [noise.copy(sentence) for sentence in sentences]
    assert copies == [Noise.build(sentences).copy(sentence) for sentence in sentences]
    assert copies != sentences
    assert all(abs(len(copy.split()) - len(text.split())) <= 1 for copy, text in zip(copies, sentences, strict=True))


def test_words_that_sound_alike_are_taken_for_each_other() -> None:
    noise = Noise.build(["rest your hand", "a roast beef", "the rust"] * 4)
    assert set(noise.alike["rest"]) == {"roast", "rust"}
    assert "two" in noise.alike["to"]


def test_the_ranking_has_rasas_format() -> None:
    ranking = Ranking.build(["next_step", "faq/oils", "faq/sleep"], [0.2, 0.5, 0.3])
    assert ranking.best == {"name": "faq", "confidence": 0.8}
    faq = ranking.selectors["faq"]
    assert ranking.selectors["all_retrieval_intents"] == ["faq"]
    assert faq["response"]["intent_response_key"] == "faq/oils"
    assert faq["response"]["utter_action"] == "utter_faq/oils"
    assert [each["intent_response_key"] for each in faq["ranking"]] == ["faq/oils", "faq/sleep"]


def test_the_likeliest_label_decides_not_the_sum_of_its_intent() -> None:
    assert Ranking.build(["next_step", "faq/oils", "faq/sleep"], [0.4, 0.3, 0.3]).best["name"] == "next_step"

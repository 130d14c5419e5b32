"""The errors that understanding may raise, each at training or loading time."""


class UnderstandingError(Exception):
    """Something that the model needs is missing, or is not what was pinned."""


class WeightsError(UnderstandingError):
    """The sentence encoder's files are not installed, or differ from the pinned ones."""


class UntrainedError(UnderstandingError):
    """A component was asked to work before it was trained."""


class SentencesError(UnderstandingError):
    """A training file holds something else than intents with plain sentences."""

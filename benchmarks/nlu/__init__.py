"""Measures understanding: our pipeline beside Rasa's default and a sparse one, on the same data in one run."""

"""Benchmark of understanding: our pipeline beside Rasa's default and ours without each of its parts."""

"""Rasa actions, one short module a topic: tracker in, coach asked, messages and the session out."""

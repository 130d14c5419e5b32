"""Rasa custom actions: from the tracker to a command, from the coach's reply to messages and the session slot."""

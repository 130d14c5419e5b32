"""Clients of the HTTP contract: conversation, countdown, server auto-start, terminal chat."""

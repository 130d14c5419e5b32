"""What Palmwise understands: Rasa graph components from a person's words to an intent with its entities."""

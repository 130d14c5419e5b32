"""What the embedded recogniser knows of this skill's language, made from its training data."""

"""Pure text: tokens, phrase matching, negation, numbers, durations, references, spelling."""

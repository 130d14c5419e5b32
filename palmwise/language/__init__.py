"""Pure text: what can be read from words without a model, a clock or a framework.

- `tokens`: the tokenizer, and `EntitySpan`, an entity value with the tokens that it was read from
- `phrase_matching`: phrase rules of the content (red flags, stop, pain, privacy, deletion) and their matcher
- `negation`: which words are denied
- `asking`: whether something is asked, and what of its topic
- `clauses`, `corrections`: the parts of a message, and what is taken back in it
- `marking`: words with times, numbers and sides marked
- `numbers`: whole numbers and ordinals, read and written
- `durations`: minutes, read; durations as they are spoken and shown
- `step_references`: "step 4", "the last but one", "two back", read and resolved
- `names`: what the content calls things, found in a message
- `spelling`: repair of misspelt words, edit distance and cost, a phonetic key
"""

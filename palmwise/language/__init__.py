"""Pure text: what can be read from words without a model, a clock or a framework.

- `tokens`: the tokenizer, and `EntitySpan`, an entity value with the tokens that it was read from
- `phrase_matching`: phrase rules of the content (red flags, stop, pain, privacy, deletion) and their matcher; negation
- `sentences`: whether something is asked, and what of its topic; yes and no; the clauses of a message
- `corrections`: what is taken back in a message
- `marking`: words with times, numbers and sides marked
- `numbers`: numbers, ordinals and durations, read and written
- `reading_aloud`: numbers, times and units of a text in words
- `step_references`: "step 4", "the last but one", "two back", read and resolved
- `names`: what the content calls things, found in a message
- `spelling`: repair of misspelt words, edit distance and cost, a phonetic key
"""

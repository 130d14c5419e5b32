"""Rasa graph components from the text of a message to its intent and entities, and the training of them.

In the order of the pipeline:

- `message_repair`: repairs spelling and recognition errors, by `repair`
- `classifier`: intents with probabilities, by `encoder` (sentence vectors, by `encoder_graph`),
  `intent_model` (features) and `head` (neural network)
- `entities`: names, minutes and step numbers
- `safety_phrases`: the safety lists beside the classifier
- `fallback`: low confidence becomes `nlu_fallback`

`component` is their base class and what they pass on in a message. `importer` and `training_data` give the sentences
to train on, `train` is `palmwise train`. `coach_policy` has the coach answer every message.
"""

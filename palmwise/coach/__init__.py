"""The pure core of Palmwise: what the coach knows, decides and says.

Nothing here imports Rasa, a web or an audio library, reads a clock or draws a random number. Time is an argument (unix
seconds), and `palmwise.coach.behaviour.act` is a function from a session and a command to the next session and a reply.

- `behaviour`: open questions, guards and the table of commands by state; `act` and `view`, the way in
- `rules`: what such rules are: rows, guards, open questions
- `turns`: how a turn is taken by them
- `moves`, `adjustments`, `questions`, `answering`, `comparing`, `safety`, `screening`, `talk`: the handlers that the
  table names
- `turn_plan`, `interpretation`, `plain_moves`, `references`: which commands a message stands for in the conversation
- `transitions`: the changes of state that handlers share; `replies`: a draft becomes texts, buttons and a card
- `commands`, `session`, `plan`, `scene`, `cards`: the values that go in and out
- `content` and `model`: what the coach knows; `content_loader`, `content_checks`: how it is read
"""

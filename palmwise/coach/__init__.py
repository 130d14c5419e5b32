"""The pure heart of Palmwise: what the coach knows, decides and says.

Nothing in here imports Rasa, a web or an audio library, reads a clock or rolls a die. Time is an argument (unix
seconds), and `palmwise.coach.behaviour.act` is a function from a session and a command to the next session and a reply.
"""

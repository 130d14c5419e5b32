"""The client's own sentences, for when the server cannot say something."""

from __future__ import annotations

NOT_UNDERSTOOD = (
    "Sorry, I did not catch that.",
    "I still could not make it out. You can say: what's next, say that again, or hold on a moment.",
)
"""For the first and the second time in a row; after that nothing is said."""
UNREACHABLE = "I have lost touch with my notes for a moment. Keep going, I am keeping your time."
STILL_UNREACHABLE = "I cannot reach my notes yet. I will go on trying."
HANDS_OFF = "Hands off for now. I cannot reach my notes; I will tell them as soon as I can."
DANGER = "Hands off for now. I cannot reach my notes: if this may be serious, please call for help at once."
STUCK = "The time for this step is up, but I cannot turn the page by myself just now."
REACHED_AGAIN = "I have my notes again."
REPEAT_PLEASE = "Please say that once more."
REFUSED = "I could not take that in. Please try it in other words."
MOVED_ELSEWHERE = "Somebody has moved on from another screen."
MICROPHONE_LOST = (
    "I cannot hear you any more: the microphone is gone. I will lead you on by the clock, and go on trying."
)
MICROPHONE_MUTE = "I hear nothing at all. The microphone may be switched off. I will lead you on by the clock."
MICROPHONE_BACK = "I can hear you again."
RECOGNIZER_FAILED = "My hearing does not work. I will lead you on by the clock; you can type as well."
VOICE_LOST = "(The voice does not work: {reason} From here on everything is written.)"

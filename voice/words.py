"""The client's own sentences: what it says when the server cannot say it."""

from __future__ import annotations

MUMBLED = (
    "Sorry, I did not catch that.",
    "I still could not make it out. You can say: what's next, say that again, or hold on a moment.",
)
"""For the first and the second time in a row; then it is quiet."""
GONE = "I have lost touch with my notes for a moment. Keep going, I am keeping your time."
GONE_BEFORE = "I cannot reach my notes yet. I will go on trying."
HANDS_OFF = "Hands off for now. I cannot reach my notes; I will tell them as soon as I can."
DANGER = "Hands off for now. I cannot reach my notes: if this may be serious, please call for help at once."
"""For words that end, interrupt or warn."""
STUCK = "The time for this step is up, but I cannot turn the page by myself just now."
BACK = "I have my notes again."
LOST_WORDS = "Please say that once more."
REFUSED = "I could not take that in. Please try it in other words."
ELSEWHERE = "Somebody has moved on from another screen."
MICROPHONE_LOST = (
    "I cannot hear you any more: the microphone is gone. I will lead you on by the clock, and go on trying."
)
MICROPHONE_MUTE = "I hear nothing at all. The microphone may be switched off. I will lead you on by the clock."
MICROPHONE_BACK = "I can hear you again."
EAR_FAILED = "My hearing does not work. I will lead you on by the clock; you can type as well."
VOICE_LOST = "(The voice does not work: {reason} From here on everything is written.)"

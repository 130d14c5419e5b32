"""Writes five sentences of the coach as sound files, to be listened to: `make voice-samples`."""

from __future__ import annotations

import sys

from palmwise.resources import ROOT
from palmwise.speech.delivery import CALM, PLAIN, Delivery, with_pauses
from palmwise.speech.voice_driver import write_wave
from palmwise.speech.voices import NaturalVoice
from voice.playback import DEFAULT_RATE

FOLDER = ROOT / "results" / "voice-samples"
SAMPLES: dict[str, tuple[str, Delivery, bool]] = {
    "greeting": ("Hello. I can lead you through a hand massage. Shall we begin?", PLAIN, False),
    "guidance": (
        "Step one of six. Effleurage. Stroke slowly from the fingertips to the wrist, and glide back lightly.",
        CALM,
        False,
    ),
    "swap": ("Change hands. Now the right one, in the same way. Breathe out as you press.", CALM, True),
    "answer": (
        "Petrissage is kneading. A hand needs 5-10 min of it, or 1:30 when time is short, 3x a week.",
        PLAIN,
        False,
    ),
    "danger": (
        "Please take your hands off. Pain in the chest is a reason to ring for help now. I will wait.",
        PLAIN,
        False,
    ),
}
"""Name -> text, delivery, whether its first sentence changes hands."""


def main() -> None:
    """Write the files, and their paths."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    voice = NaturalVoice()
    for name, (text, delivery, swaps) in SAMPLES.items():
        file = FOLDER / f"{name}.wav"
        write_wave(
            voice.speak(with_pauses(text, delivery, swaps=swaps), round(DEFAULT_RATE * delivery.pace)), str(file)
        )
        sys.stdout.write(f"{file}\n")


if __name__ == "__main__":
    main()

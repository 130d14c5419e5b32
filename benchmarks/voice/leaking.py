"""Measures whether the coach obeys its own voice when that leaks into the microphone."""

from __future__ import annotations

import time
from dataclasses import dataclass

from tests.voice.room import Room
from tests.voice.talk import Talk

DELAY = 60
"""Milliseconds from loudspeaker to microphone."""
LEVEL = "-13dB"
"""Of what arrives at the microphone, against what leaves the loudspeaker."""
QUESTIONS = (
    "start the massage", "yes", "no", "yes", "what are the steps", "how do I do this", "what is petrissage",
    "which oil should I use", "next", "why are we doing this", "how often should I do this", "what is reflexology",
    "does it help with headaches", "am I doing this right", "next", "what can you do",
)  # fmt: skip
CANCEL = (
    "module-echo-cancel", "aec_method=webrtc", "source_name=voice_echo_cancel", "source_master=voice_mic",
    "sink_master=voice_speaker", "sink_name=voice_out",
    'aec_args="analog_gain_control=0 digital_gain_control=0 noise_suppression=1"',
)  # fmt: skip


@dataclass(frozen=True)
class Leak:
    """What happened in some minutes of a speaking coach and nobody else."""

    policy: str
    minutes: float
    commands: int
    """Sent to the server."""
    hushes: int
    """Times that it interrupted itself."""
    hushes_typed: int
    """Those that the measure caused by typing over it."""
    noticed: int
    """Times that it took its own voice for somebody's."""


def measure(room: Room, server: str, policy: str, minutes: float) -> Leak:
    """`gate` has PulseAudio's echo cancelling, `half` has none; the person types, so that only the coach is heard."""
    leak = ("module-loopback", "source=voice_speaker.monitor", "sink=voice_user", f"latency_msec={DELAY}")
    room.pactl("load-module", *leak)
    for line in room.pactl("list", "short", "sink-inputs").splitlines():
        if "loopback" in line:
            room.pactl("set-sink-input-volume", line.split()[0], LEVEL)
    if policy == "gate":
        room.pactl("load-module", *CANCEL)
        room.pactl("set-default-source", "voice_echo_cancel")
        room.pactl("set-default-sink", "voice_out")
    talk = Talk(room, server, "--echo", policy, "--verbose")
    typed = 0
    try:
        talk.until("Hello", 90)
        began = time.monotonic()
        while time.monotonic() - began < 60 * minutes:
            time.sleep(17)
            talk.type(QUESTIONS[typed % len(QUESTIONS)])
            typed += 1
        lasted = (time.monotonic() - began) / 60
    finally:
        talk.close()
    commands = sum(line.startswith("> ") for _, line in talk.lines)
    return Leak(policy, lasted, commands, talk.count("hushed"), typed, talk.count("speech began"))

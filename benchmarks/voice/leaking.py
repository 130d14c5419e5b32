"""Measures whether the coach obeys its own voice when that leaks into the microphone."""

from __future__ import annotations

import time
from dataclasses import dataclass

from benchmarks.voice.room import Room
from benchmarks.voice.voice_session import VoiceSession

DELAY = 60
"""Milliseconds from loudspeaker to microphone."""
LEVEL = "-13dB"
"""Of what arrives at the microphone, against what leaves the loudspeaker."""
BETWEEN_QUESTIONS = 17.0
"""Seconds."""
QUESTIONS = (
    "start the massage", "yes", "no", "yes", "what are the steps", "how do I do this", "what is petrissage",
    "which oil should I use", "next", "why are we doing this", "how often should I do this", "what is reflexology",
    "does it help with headaches", "am I doing this right", "next", "what can you do",
)  # fmt: skip
ECHO_CANCELLING = (
    "module-echo-cancel", "aec_method=webrtc", "source_name=voice_echo_cancel", "source_master=voice_mic",
    "sink_master=voice_speaker", "sink_name=voice_out",
    'aec_args="analog_gain_control=0 digital_gain_control=0 noise_suppression=1"',
)  # fmt: skip


@dataclass(frozen=True)
class Leak:
    """What happened in some minutes in which nobody but the coach spoke."""

    policy: str
    minutes: float
    commands: int
    """Sent to the server."""
    interruptions: int
    """Times that the coach fell silent."""
    typed: int
    """Lines that were typed, each of which makes it fall silent."""
    noticed: int
    """Times that it took its own voice for somebody's."""


def measure(room: Room, server: str, policy: str, minutes: float) -> Leak:
    """Measure `gate`, with the echo cancelling of PulseAudio, or `half`, without; questions are typed."""
    room.pactl(
        "load-module", "module-loopback", "source=voice_speaker.monitor", "sink=voice_user", f"latency_msec={DELAY}"
    )
    for line in room.pactl("list", "short", "sink-inputs").splitlines():
        if "loopback" in line:
            room.pactl("set-sink-input-volume", line.split()[0], LEVEL)
    if policy == "gate":
        room.pactl("load-module", *ECHO_CANCELLING)
        room.pactl("set-default-source", "voice_echo_cancel")
        room.pactl("set-default-sink", "voice_out")
    session = VoiceSession(room, server, "--echo", policy, "--verbose")
    typed = 0
    try:
        session.wait_for("Hello", timeout=90)
        began = time.monotonic()
        while time.monotonic() - began < 60 * minutes:
            time.sleep(BETWEEN_QUESTIONS)
            session.type(QUESTIONS[typed % len(QUESTIONS)])
            typed += 1
        lasted = (time.monotonic() - began) / 60
    finally:
        session.close()
    commands = sum(line.startswith("> ") for _, line in session.lines)
    return Leak(policy, lasted, commands, session.count("stopped speaking"), typed, session.count("speech began"))

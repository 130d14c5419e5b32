"""Measures whether the coach obeys its own voice when that leaks into the microphone."""

from __future__ import annotations

import time
from itertools import cycle

from benchmarks.tables import table
from benchmarks.voice.room import Room, virtual_room
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
CANCELLED = "auto, after PulseAudio's canceller"
ECHO_CANCELLING = (
    "module-echo-cancel", "aec_method=webrtc", "source_name=voice_echo_cancel", "source_master=voice_mic",
    "sink_master=voice_speaker", "sink_name=voice_out",
    'aec_args="analog_gain_control=0 digital_gain_control=0 noise_suppression=1"',
)  # fmt: skip


def measure(server: str, minutes: float) -> str:
    """What happened in some minutes in which nobody but the coach spoke.

    Without echo cancelling (half), and as the client finds for itself (auto): with its own canceller alone, and behind
    the sound server's.
    """
    head = (
        "policy",
        "self-test passed",
        "own commands obeyed",
        "own voice taken for another's",
        "times fallen silent",
        "lines typed",
    )
    rows, obeyed = [], []
    for name, policy in (("half", "half"), ("auto", "auto"), (CANCELLED, "auto")):
        with virtual_room() as room, room.noise():
            _leak(room, cancelled=name == CANCELLED)
            session = VoiceSession(room, server, "--echo", policy, "--verbose")
            typed = _talk(session, minutes)
            sent = [line.removeprefix("> ") for _, line in session.lines if line.startswith("> ")]
            obeyed += [f"- {name}: {text}" for text in sent]
            counts = (session.count("speech began"), session.count("stopped speaking"))
            passed = "yes" if session.count("does not hear itself here") else "no"
            rows.append((name, passed, len(sent), *counts, typed))
    found = table(head, rows, f"{minutes:.0f} minutes of its own voice in the microphone")
    return "\n".join([found, "Obeyed:\n", *(obeyed or ["- nothing"])]) + "\n"


def _leak(room: Room, *, cancelled: bool) -> None:
    room.pactl(
        "load-module", "module-loopback", "source=voice_speaker.monitor", "sink=voice_user", f"latency_msec={DELAY}"
    )
    for line in room.pactl("list", "short", "sink-inputs").splitlines():
        if "loopback" in line:
            room.pactl("set-sink-input-volume", line.split()[0], LEVEL)
    if cancelled:
        room.pactl("load-module", *ECHO_CANCELLING)
        room.pactl("set-default-source", "voice_echo_cancel")
        room.pactl("set-default-sink", "voice_out")


def _talk(session: VoiceSession, minutes: float) -> int:
    """Type questions; return how many."""
    typed, questions = 0, cycle(QUESTIONS)
    try:
        session.wait_for("Hello", timeout=90)
        end = time.monotonic() + 60 * minutes
        while time.monotonic() < end:
            time.sleep(BETWEEN_QUESTIONS)
            session.type(next(questions))
            typed += 1
    finally:
        session.close()
    return typed

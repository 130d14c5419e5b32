"""A virtual room: PulseAudio with a loudspeaker and a microphone, and a person who speaks by another synthesizer."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
import wave
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Sound = NDArray[np.float64]
PROGRAMS = ("pulseaudio", "paplay", "parec", "pactl", "flite", "aplay", "espeak-ng")
RATE = 16_000
CACHE = Path(tempfile.gettempdir()) / "palmwise-test-voices"
VOICES = ("slt", "rms")
"""Voices of flite, a woman's and a man's."""
LEVEL = 2500
"""Root mean square of the person's voice."""
PULSEAUDIO_SCRIPT = """
load-module module-native-protocol-unix auth-anonymous=1 auth-cookie-enabled=0 socket={runtime}/pulse/native
load-module module-null-sink sink_name=voice_speaker rate=48000 channels=1
load-module module-null-sink sink_name=voice_user rate=48000 channels=1
load-module module-remap-source source_name=voice_mic master=voice_user.monitor
set-default-sink voice_speaker
set-default-source voice_mic
"""
ALSA_CONFIGURATION = (
    "pcm.pulse { type pulse }\nctl.pulse { type pulse }\npcm.!default { type pulse }\nctl.!default { type pulse }\n"
)


def missing_programs() -> list[str]:
    """Return the programs that the room needs and that are not installed."""
    return [name for name in PROGRAMS if shutil.which(name) is None]


@dataclass
class Room:
    """A running room. Programs that are started with its `environment` play and record in it."""

    folder: Path
    environment: dict[str, str]

    def say(self, text: str, voice: str = "slt", snr: float | None = 20.0, *, backwards: bool = False) -> None:
        """Have the person speak, `snr` decibels above the noise; return when it is over."""
        sound, _ = synthesize(text, voice, snr)
        sound = sound[::-1] if backwards else sound
        file = self.folder / "person.wav"
        write(file, sound)
        subprocess.run(
            ["paplay", "--latency-msec=20", "--device=voice_user", str(file)], env=self.environment, check=True
        )

    @contextlib.contextmanager
    def noise(self, level: float = 30.0) -> Iterator[None]:
        """Play noise of some level while the context lasts; by default that of a quiet room."""
        with self.playing(level * pink_noise(RATE * 900, 3)):
            yield

    @contextlib.contextmanager
    def playing(self, sound: Sound) -> Iterator[None]:
        """Play a sound into the microphone while the context lasts, at most until it is over."""
        file = self.folder / "playing.wav"
        write(file, sound)
        playing = subprocess.Popen(
            ["paplay", "--latency-msec=20", "--device=voice_user", str(file)], env=self.environment
        )
        try:
            yield
        finally:
            playing.terminate()
            playing.wait()

    @contextlib.contextmanager
    def recording(self, file: Path, device: str = "voice_speaker.monitor") -> Iterator[float]:
        """Record what the coach says into a raw file, 16 bit at 16 kHz; yield the time at which it begins."""
        command = ["parec", f"--device={device}", "--rate=16000", "--channels=1", "--format=s16le", "--latency-msec=10"]
        with file.open("wb") as out, subprocess.Popen(command, env=self.environment, stdout=out) as recorder:
            while file.stat().st_size == 0:
                time.sleep(0.01)
            began = time.monotonic() - file.stat().st_size / (2 * RATE)
            try:
                yield began
            finally:
                recorder.terminate()

    def pactl(self, *words: str) -> str:
        """Run pactl; return its output."""
        return subprocess.run(
            ["pactl", *words], env=self.environment, check=True, capture_output=True, text=True
        ).stdout


@contextlib.contextmanager
def virtual_room() -> Iterator[Room]:
    """Run a sound server of its own while the context lasts."""
    folder = Path(tempfile.mkdtemp(prefix="palmwise-room-"))
    runtime = folder / "runtime"
    (runtime / "pulse").mkdir(parents=True)
    runtime.chmod(0o700)
    (folder / "room.pa").write_text(PULSEAUDIO_SCRIPT.format(runtime=runtime))
    (folder / "asound.conf").write_text(ALSA_CONFIGURATION)
    environment = {
        **os.environ,
        "XDG_RUNTIME_DIR": str(runtime),
        "PULSE_RUNTIME_PATH": str(runtime / "pulse"),
        "PULSE_STATE_PATH": str(folder / "state"),
        "PULSE_COOKIE": str(folder / "cookie"),
        "PULSE_SERVER": f"unix:{runtime}/pulse/native",
        "ALSA_CONFIG_PATH": str(folder / "asound.conf"),
        "JACK_NO_START_SERVER": "1",
    }
    options = ["-n", "-F", str(folder / "room.pa"), "--daemonize=no", "--exit-idle-time=-1", "--realtime=no"]
    options += ["--high-priority=no", f"--log-target=file:{folder / 'log'}"]
    server = subprocess.Popen(["pulseaudio", *options], env=environment, stderr=subprocess.DEVNULL)
    try:
        _await(environment)
        yield Room(folder, environment)
    finally:
        server.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(3)
        server.kill()
        server.wait()
        shutil.rmtree(folder, ignore_errors=True)


def synthesize(text: str, voice: str, snr: float | None = None) -> tuple[Sound, float]:
    """Return the samples of a voice that says something, with a third of a second around it, and the seconds of speech.

    The noise is `snr` decibels below the voice, and the same each time; there is none without `snr`.
    """
    CACHE.mkdir(exist_ok=True)
    file = CACHE / f"{hashlib.sha256(f'{voice}|{text}'.encode()).hexdigest()[:24]}.wav"
    if not file.exists():
        half = file.with_suffix(f".{os.getpid()}")
        subprocess.run(["flite", "-voice", voice, "-t", text, "-o", str(half)], check=True)
        half.rename(file)
    sound = read(file)
    sound *= LEVEL / np.sqrt(np.mean(sound**2))
    seconds = len(sound) / RATE
    sound = np.concatenate([np.zeros(RATE // 3), sound, np.zeros(RATE // 3)])
    if snr is not None:
        sound = sound + LEVEL * 10 ** (-snr / 20) * pink_noise(len(sound), 11)
    return sound, seconds


def spoken_clip(text: str, voice: str, snr: float | None) -> Any:
    """Return SpeechRecognition's clip of a voice that says something, `snr` decibels above the noise."""
    return clip_of(synthesize(text, voice, snr)[0])


def clip_of(sound: Sound) -> Any:
    """Return SpeechRecognition's clip of a sound."""
    return raw_clip(raw_samples(sound))


def raw_clip(sound: bytes) -> Any:
    """Return SpeechRecognition's clip of 16 bit mono."""
    from speech_recognition import AudioData  # noqa: PLC0415 -- only the environment of the voice client has it

    return AudioData(sound, RATE, 2)


def pink_noise(count: int, seed: int) -> Sound:
    """Return noise like that of a room, with a root mean square of 1."""
    spectrum = np.fft.rfft(np.random.default_rng(seed).standard_normal(count))
    spectrum[1:] /= np.sqrt(np.arange(1, len(spectrum)))
    spectrum[0] = 0
    noise = np.fft.irfft(spectrum, count)
    level: np.float64 = np.sqrt(np.mean(noise**2))
    return np.asarray(noise / level, np.float64)


def read(file: Path) -> Sound:
    """Return the samples of a wave file."""
    with wave.open(str(file)) as opened:
        return np.frombuffer(opened.readframes(opened.getnframes()), np.int16).astype(np.float64)


def write(file: Path, sound: Sound, rate: int = RATE) -> None:
    """Write a wave file of 16 bit."""
    with wave.open(str(file), "wb") as opened:
        opened.setnchannels(1)
        opened.setsampwidth(2)
        opened.setframerate(rate)
        opened.writeframes(raw_samples(sound))


def raw_samples(sound: Sound) -> bytes:
    """Return a sound as 16 bit mono."""
    return np.clip(sound, -32_768, 32_767).astype(np.int16).tobytes()


def _await(environment: dict[str, str]) -> None:
    deadline = time.monotonic() + 10
    while subprocess.run(["pactl", "info"], env=environment, capture_output=True, check=False).returncode:
        if time.monotonic() > deadline:
            raise TimeoutError("the sound server does not come up")
        time.sleep(0.05)

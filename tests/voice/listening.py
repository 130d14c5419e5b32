"""Hears what the coach said in a recording of the room's loudspeaker."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pocketsphinx

from tests.voice.room import RATE
from voice.language.grammar import jsgf
from voice.language.pronouncing import Pronunciations
from voice.language.wording import spoken

FRAME = RATE // 100
PAUSE = 30
"""Frames of silence between two lines; the voice's pauses within one are shorter."""
LOUD = 30.0


def stretches(file: Path) -> list[bytes]:
    """The pieces of speech in a raw recording."""
    raw = file.read_bytes()
    sound = np.frombuffer(raw[: len(raw) // (2 * FRAME) * 2 * FRAME], np.int16)
    loud = np.sqrt((sound.astype(np.float64).reshape(-1, FRAME) ** 2).mean(axis=1)) > LOUD
    found: list[list[int]] = []
    for index in np.flatnonzero(loud):
        if found and index - found[-1][1] <= PAUSE:
            found[-1][1] = int(index)
        else:
            found.append([int(index), int(index)])
    return [sound[max(0, a - 20) * FRAME : (b + 20) * FRAME].tobytes() for a, b in found if b - a > 20]


def heard(file: Path, sentences: Iterable[str], folder: Path, most: int = 12) -> list[str]:
    """Which of these sentences was said in each of the first pieces, as an independent recogniser hears it.

    It finds about half of them: eSpeak's voice is far from those that it was trained with.
    """
    model = pocketsphinx.get_model_path("en-us/cmudict-en-us.dict")
    sounds = Pronunciations.read(Path(model))
    choices = [text for text in map(spoken, sentences) if sounds.known(text)]
    (folder / "heard.gram").write_text(jsgf(choices))
    (folder / "heard.dict").write_text(sounds.dictionary(word for text in choices for word in text.split()))
    decoder = pocketsphinx.Decoder(
        hmm=pocketsphinx.get_model_path("en-us/en-us"), dict=str(folder / "heard.dict"),
        jsgf=str(folder / "heard.gram"), loglevel="FATAL", cmn="batch",
    )  # fmt: skip
    texts = []
    for piece in stretches(file)[:most]:
        decoder.start_utt()
        decoder.process_raw(piece, full_utt=True)
        decoder.end_utt()
        found = decoder.hyp()
        texts.append(str(found.hypstr) if found else "")
    return texts

"""What the child that speaks leaves behind. Without a voice installed it ends at once, which does not matter."""

from __future__ import annotations

import os
import queue

import pytest

from palmwise.speech.events import Event
from palmwise.speech.synthesis import Speaker


@pytest.mark.parametrize("groups", [True, False])
def test_a_stopped_speaker_leaves_no_files_behind(monkeypatch: pytest.MonkeyPatch, *, groups: bool) -> None:
    if not groups:
        monkeypatch.delattr(os, "killpg")  # as on Windows
    events: queue.Queue[Event] = queue.Queue()
    speaker = Speaker(events.put)
    folder, first = speaker._folder, speaker._child
    try:
        (folder / "sound.wav").touch()
        (folder / "pulse").mkdir()
        (folder / "pulse" / "cookie").touch()
        speaker._speaking = 1
        speaker.stop()
        assert first.poll() is not None
        assert speaker._child is not first
        assert not [left for left in (folder / "sound.wav", folder / "pulse") if left.exists()]
    finally:
        speaker.close()
    assert speaker._child.poll() is not None
    assert not folder.exists()

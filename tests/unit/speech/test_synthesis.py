"""What the child that speaks leaves behind. Without a voice installed it ends at once, which does not matter."""

from __future__ import annotations

import os
import queue

import pytest

from palmwise.speech.events import Event
from palmwise.speech.synthesis import ChildMouth


@pytest.mark.parametrize("groups", [True, False])
def test_a_silenced_voice_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch, *, groups: bool) -> None:
    if not groups:
        monkeypatch.delattr(os, "killpg")  # as on Windows
    events: queue.Queue[Event] = queue.Queue()
    mouth = ChildMouth(events.put)
    folder, first = mouth._folder, mouth._child
    try:
        (folder / "sound.wav").touch()
        (folder / "pulse").mkdir()
        (folder / "pulse" / "cookie").touch()
        mouth._speaking = 1
        mouth.hush()
        assert first.poll() is not None
        assert mouth._child is not first
        assert not [left for left in (folder / "sound.wav", folder / "pulse") if left.exists()]
    finally:
        mouth.close()
    assert mouth._child.poll() is not None
    assert not folder.exists()

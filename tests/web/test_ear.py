"""Listening by the coach's own server, with a microphone that plays a file."""

from __future__ import annotations

import wave
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from playwright.sync_api import Browser, Playwright, expect

from tests.web.conftest import CHROMIUM, FLAGS
from tests.web.test_speech import BOTH, hands_free, quiet
from tests.web.visitor import Visitor

if TYPE_CHECKING:
    from tests.web.conftest import Visit
    from tests.web.fake import Served

pytestmark = pytest.mark.browser
RATE = 48_000


@pytest.fixture(scope="module")
def chromium(driver: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A browser whose microphone has half a second of a hum in a quiet room, every three seconds."""
    file = tmp_path_factory.mktemp("sound") / "microphone.wav"
    _write_hum(file)
    flags = [*FLAGS, "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
    browser = driver.chromium.launch(
        executable_path=CHROMIUM, args=[*flags, f"--use-file-for-fake-audio-capture={file}"]
    )
    yield browser
    browser.close()


def _write_hum(file: Path) -> None:
    times = np.arange(3 * RATE) / RATE
    hum = np.where((times > 1.5) & (times < 2.0), 9000 * np.sin(2 * np.pi * 200 * times), 0)
    room = np.random.default_rng(1).standard_normal(len(times)) * 20
    with wave.open(str(file), "wb") as opened:
        opened.setnchannels(1)
        opened.setsampwidth(2)
        opened.setframerate(RATE)
        opened.writeframes((hum + room).astype(np.int16).tobytes())


def listening(visit: Visit, served: Served, *hears: str) -> Visitor:
    served.coach.hears = list(hears)
    visitor = visit(script=BOTH).begin()
    visitor.tap("Hands-free")
    expect(visitor.find("text=own server")).to_be_visible()
    visitor.tap("Read aloud and listen")
    return visitor


def test_what_is_said_goes_to_the_coachs_server_and_its_words_to_the_coach(visit: Visit, served: Served) -> None:
    visitor = listening(visit, served, "how long")
    visitor.shows(".entry.me >> nth=-1", "how long").shows(".entry.coach >> nth=-1", "to go")
    assert {"text": "how long"}.items() <= served.coach.received[-1].items()
    sound = np.frombuffer(served.coach.sounds[0], np.int16)
    assert 0.5 < len(sound) / 16_000 < 2.5
    assert np.abs(sound).max() > 2000
    assert visitor.page.evaluate("ears.length") == 0, "the browser's recogniser has not been asked"


def test_the_coach_falls_silent_for_a_voice(visit: Visit, served: Served) -> None:
    visitor = listening(visit, served, "wait")
    visitor.shows(".entry.me >> nth=-1", "wait")
    assert visitor.page.evaluate("cancelled") > 0


def test_nobody_is_listened_to_without_hands_free(visit: Visit, served: Served) -> None:
    visitor = listening(visit, served)
    expect(visitor.find("meter")).to_be_visible()
    visitor.tap("Turn hands-free off").page.wait_for_load_state("networkidle")
    before = len(served.coach.sounds)
    visitor.page.wait_for_timeout(4000)  # the next hum comes in real time
    assert len(served.coach.sounds) == before


HEAR = """async (levels) => {
  const { SpeechEnds, PIECE } = await import("/coach/speech_ends.js");
  const ends = new SpeechEnds();
  const happened = [];
  for (const level of levels) {
    const piece = Float32Array.from({ length: PIECE }, (_, at) => (at % 2 ? level : -level));
    happened.push(ends.feed(piece).happened);
    if (happened.at(-1) === "ended") break;
  }
  const count = happened.length - Math.max(0, happened.indexOf("began") - 11);
  return [happened, ends.nearest(count).map((at) => at + happened.length - count)];
}"""
ROOM, TELEVISION, VOICE = [0.001], [0.05] * 8 + [0.001] * 3, [0.4]


def hear(visitor: Visitor, levels: list[float]) -> tuple[list[str | None], list[int]]:
    """What pieces of these levels are taken for, up to the end of speech; first and last piece of the nearest voice."""
    happened, near = visitor.page.evaluate(HEAR, levels)
    return happened, near


def test_a_voice_beside_a_television_ends_though_that_goes_on(visit: Visit) -> None:
    before = 30 + len(TELEVISION) * 6
    happened, (first, last) = hear(visit(), ROOM * 30 + TELEVISION * 6 + VOICE * 20 + TELEVISION * 20)
    assert happened.index("began") < 40
    assert before <= happened.index("nearer", before - 5) < before + 3
    assert happened[-1] == "ended"
    assert len(happened) == before + 20 + 16
    assert (first, last) == (before - 5, before + 20 + 4)


def test_a_voice_alone_is_kept_whole_with_its_quiet_ends(visit: Visit) -> None:
    happened, (first, last) = hear(visit(), ROOM * 30 + [0.1] * 3 + VOICE * 20 + [0.1] * 3 + ROOM * 30)
    assert "nearer" in happened
    assert happened[-1] == "ended"
    assert first <= 30 - 5
    assert last == len(happened) - 1


def test_android_delivers_what_it_has_as_final_and_it_counts_once(browser_of_android: Visitor) -> None:
    visitor = browser_of_android
    visitor.page.evaluate("""() => {
      for (const words of ["my", "my chest", "my chest hurts", "my chest hurts"]) ear().result(words, true);
    }""")
    visitor.wait(1)
    expect(visitor.find(".entry.me >> text=my chest hurts")).to_have_count(1)
    expect(visitor.find(".entry.me >> text=/^my( chest)?$/")).to_have_count(0)


@pytest.fixture
def browser_of_android(visit: Visit) -> Visitor:
    visitor = visit(script=BOTH, user_agent="Mozilla/5.0 (Linux; Android 14) Chrome/120 Mobile")
    return quiet(hands_free(visitor.arrived()))

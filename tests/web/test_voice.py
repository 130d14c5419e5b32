"""The coach's own voice in the widget, with the browser's as the fallback."""

from __future__ import annotations

import io
import wave
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from palmwise.resources import content
from palmwise.speech.delivery import PLAIN, SENTENCE_END, pause_mark, sentence_at, with_pauses
from tests.web.fake import Coach, Served
from tests.web.test_speech import SPEAKING, hands_free, is_saying

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.web.conftest import Visit
    from tests.web.visitor import Visitor

pytestmark = pytest.mark.browser
WATCHED = """
window.started = [];
window.silenced = 0;
const show = (playing) => (document.documentElement.dataset.playing = playing);
const {start, stop} = AudioBufferSourceNode.prototype;
AudioBufferSourceNode.prototype.start = function () {
  show("on");
  started.push(this.buffer.duration);
  this.addEventListener("ended", () => show("over"));
  start.call(this);
};
AudioBufferSourceNode.prototype.stop = function () { silenced = performance.now(); stop.call(this); };
"""
SECONDS = 1.5


def sound() -> bytes:
    """A sound of `SECONDS`; browsers look at the content, not at the name of the format."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(b"\x10\x10" * round(8000 * SECONDS))
    return out.getvalue()


@pytest.fixture
def served() -> Iterator[Served]:
    """A coach with a voice."""
    running = Served(Coach(voice=sound()))
    yield running
    running.stop()


def read_aloud(visitor: Visitor) -> Visitor:
    """Hands-free without listening."""
    return hands_free(visitor, "Only read aloud")


def playing(visitor: Visitor, state: str) -> None:
    """Waits until a sound is on, or over."""
    expect(visitor.find("html")).to_have_attribute("data-playing", state)


def test_the_widget_speaks_with_the_coachs_voice(visit: Visit, served: Served) -> None:
    visitor = read_aloud(visit(script=SPEAKING + WATCHED).begin())
    say = visitor.read("return root.host.talk.latest.custom.say")
    sentences = len(SENTENCE_END.split(say))
    assert sentences > 2
    visitor.page.wait_for_function("(count) => started.length === count", arg=sentences)
    playing(visitor, "over")
    visitor.shows(".handsfree", "Reading")
    assert visitor.page.evaluate("started") == [pytest.approx(SECONDS, abs=0.1)] * sentences
    assert visitor.page.evaluate("spoken") == []
    asked = [path for path in served.coach.asked_for_speech if "&sentence=" in path]
    assert [f"&sentence={number}&" in f"{path}&" for number, path in enumerate(asked)] == [True] * sentences
    assert len(set(served.coach.asked_for_speech)) > sentences + 1, "the cues of the step are fetched beforehand"


def test_the_widget_cuts_texts_where_the_server_does(visit: Visit) -> None:
    said = [technique.say for technique in content().techniques.values()]
    said += [answer.say for answer in content().answers.values()]
    said += ["Is it 1.5 cm?  Yes! No... or", "e.g. a drop", "One\ntwo. Three"]
    cut = visit().page.evaluate("async (texts) => texts.map((await import('/coach/speaker.js')).servedSentences)", said)
    for text, sentences in zip(said, cut, strict=True):
        marked = with_pauses(text, PLAIN)
        assert [sentence_at(marked, at) for at in range(len(sentences) + 1)] == [
            *(f"{each} {pause_mark(PLAIN.breath)}" for each in sentences[:-1]), sentences[-1], None
        ]  # fmt: skip


def test_the_steps_to_come_are_in_the_coachs_voice_though_the_coach_is_gone(visit: Visit, served: Served) -> None:
    visitor = read_aloud(visit(script=SPEAKING + WATCHED).begin())
    playing(visitor, "over")
    visitor.page.wait_for_load_state("networkidle")
    assert len(set(served.coach.asked_for_speech)) > 6, "the steps to come are fetched beforehand"
    served.stop()
    before = visitor.page.evaluate("started.length")
    visitor.tap("Next").wait(4).shows(".where", "Step 2 of 6")
    visitor.until(f"sayAll() ?? started.length > {before}")
    assert not any("knead" in words.lower() for words in visitor.page.evaluate("spoken.map(({text}) => text)"))


@pytest.mark.parametrize("deed", ["types", "taps"])
def test_the_coachs_voice_falls_silent_at_once(visit: Visit, deed: str) -> None:
    visitor = read_aloud(visit(script=SPEAKING + WATCHED).begin())
    playing(visitor, "on")
    if deed == "types":
        visitor.find(".main button >> nth=1").press("h")
    else:
        visitor.find(".stage h3").click()
    playing(visitor, "over")
    assert visitor.page.evaluate("silenced") > 0
    visitor.shows(".handsfree", "Reading")


def test_a_sound_that_cannot_be_had_is_read_by_the_browser(visit: Visit, served: Served) -> None:
    visitor = visit(script=SPEAKING + WATCHED).begin()
    served.coach.voice = None
    visitor.tolerated = ["404"]
    read_aloud(visitor)
    is_saying(visitor, "Step one of six")
    assert visitor.page.evaluate("started") == []


def test_a_browser_without_voices_speaks_all_the_same(visit: Visit) -> None:
    silent = "delete window.speechSynthesis; delete Window.prototype.speechSynthesis;"
    visitor = read_aloud(visit(script=WATCHED + silent).begin())
    playing(visitor, "over")
    visitor.shows(".handsfree", "Reading")


def test_one_of_the_browsers_voices_can_be_chosen(visit: Visit, served: Served) -> None:
    visitor = visit(script=SPEAKING + WATCHED)
    said = visitor.page.evaluate(
        """async () => {
          const { Speaker } = await import("/coach/speaker.js");
          const { settings } = await import("/coach/settings.js");
          const speaker = new Speaker((path) => new URL(path, location));
          speaker.unlock();
          settings.set("voice", "Somebody");
          speaker.say("Hello there.", 0, "/coach/speech?key=1");
          return spoken.map(({ text }) => text);
        }"""
    )
    assert said == ["Hello there."]
    assert served.coach.asked_for_speech == []

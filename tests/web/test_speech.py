from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from tests.web.conftest import Visit
    from tests.web.fake import Served
    from tests.web.visitor import Visitor

pytestmark = pytest.mark.browser

SPEAKING = """
window.spoken = [];
window.cancelled = 0;
let saying = null;
const say = (utterance) => {
  saying = utterance;
  document.documentElement.dataset.saying = utterance?.text ?? "";
};
window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
Object.defineProperty(window, "speechSynthesis", {value: {
  speak(utterance) { say(utterance); spoken.push(utterance); window.mouth?.(); },
  cancel() { cancelled++; const cut = saying; say(null); cut?.onerror?.({error: "interrupted"}); },
}});
window.said = () => { const done = saying; say(null); done?.onend?.(); };
window.sayAll = () => { for (let at = 0; at < 40 && saying; at++) said(); };
window.isSaying = () => saying?.text ?? null;
"""
LISTENING = """
window.ears = [];
window.misheard = (text) => text;
window.SpeechRecognition = class {
  constructor() { ears.push(this); this.open = false; }
  start() { this.open = true; }
  abort() { if (!this.open) return; this.open = false; this.onerror?.({error: "aborted"}); this.onend?.(); }
  ends() { this.open = false; this.onend?.(); }
  result(transcript, isFinal) {
    this.onresult?.({resultIndex: 0, results: [Object.assign([{transcript}], {isFinal})]});
  }
};
window.ear = () => ears.filter((one) => one.open).at(-1) ?? null;
// A loudspeaker beside the microphone.
window.mouth = () => {
  const words = misheard(spoken.at(-1).text).split(" ");
  words.forEach((_, at) => ear()?.result(words.slice(0, at + 1).join(" "), false));
  ear()?.result(words.join(" "), true);
};
"""
BOTH = SPEAKING + LISTENING


def hands_free(visitor: Visitor, choice: str = "Read aloud and listen") -> Visitor:
    visitor.tap("Hands-free").tap(choice)
    expect(visitor.find(".handsfree")).to_be_visible()
    return visitor


def is_saying(visitor: Visitor, words: str) -> None:
    """Waits until what is being said begins so."""
    expect(visitor.page.locator("html")).to_have_attribute("data-saying", re.compile(f"^{re.escape(words)}"))


def quiet(visitor: Visitor) -> Visitor:
    """Everything has been said; the microphone has had time to open."""
    visitor.page.evaluate("sayAll()")
    return visitor.wait(0.5)


def test_steps_and_cues_are_read_sentence_by_sentence(visit: Visit) -> None:
    visitor = hands_free(visit(script=BOTH).begin())
    is_saying(visitor, "Step one of six")
    visitor.page.evaluate("said()")
    is_saying(visitor, "Gliding strokes.")
    quiet(visitor).wait(visitor.read("return root.host.talk.clock.duration / 2"))
    assert "Switch hands: now the right one." in visitor.page.evaluate("spoken.map((one) => one.text)")
    assert visitor.page.evaluate("spoken.every((one) => !one.text.includes('*') && one.text.length < 200)")


@pytest.mark.parametrize("deed", ["types", "taps", "speaks"])
def test_the_voice_falls_silent_when_the_person_does_anything(visit: Visit, deed: str) -> None:
    visitor = hands_free(visit(script=BOTH).begin())
    is_saying(visitor, "Step one")
    if deed == "types":
        visitor.tap("Type").tap("Next")
        is_saying(visitor, "Step two")
        visitor.find("#say").press("h")
    elif deed == "taps":
        visitor.find(".stage h3").click()
    else:
        visitor.wait(1)
        quiet(visitor)
        visitor.page.evaluate("ear().result('how', false)")
        visitor.shows(".handsfree", "how").wait(visitor.read("return root.host.talk.clock.duration / 3"))
    assert visitor.page.evaluate("isSaying()") is None


def test_changing_hands_is_told_whoever_is_speaking(visit: Visit) -> None:
    visitor = quiet(hands_free(visit(script=BOTH + "misheard = () => '';").begin()))
    visitor.page.evaluate("ear().result('how long', false)")
    visitor.wait(visitor.read("return root.host.talk.clock.duration / 2"))
    is_saying(visitor, "Switch hands")
    visitor.page.evaluate("ear().result('how long does this take', true)")
    visitor.shows(".entry.me >> nth=-1", "how long does this take")


def test_who_cannot_see_hears_that_the_coach_is_gone_and_no_cue_after_a_cry(visit: Visit, served: Served) -> None:
    visitor = quiet(hands_free(visit(script=BOTH).begin()))
    served.stop()
    visitor.page.evaluate("ear().result('ouch', true)")
    is_saying(visitor, "Take your hands off")
    visitor.wait(4)
    is_saying(visitor, "Hands off")
    visitor.page.evaluate("said()")
    is_saying(visitor, "The clock is held until you choose to go on")
    visitor.shows(".trouble", "I keep trying")
    before = visitor.page.evaluate("sayAll() ?? spoken.length")
    visitor.wait(90).shows(".trouble", "I keep trying")
    assert visitor.page.evaluate("spoken.length") == before


def test_what_is_heard_is_sent_and_shown(visit: Visit) -> None:
    visitor = quiet(hands_free(visit(script=BOTH).begin()))
    visitor.shows(".handsfree", "Listening")
    visitor.page.evaluate("ear().result('next', true)")
    visitor.shows(".where", "Step 2 of 6").shows(".entry.me >> nth=-1", "next")


@pytest.mark.parametrize("mishearing", ["text", "text.replace(/(\\w+ \\w+ \\w+) \\w+/g, '$1 farm')", "''"])
def test_it_never_hears_itself(visit: Visit, served: Served, mishearing: str) -> None:
    visitor = hands_free(visit(script=BOTH + f"misheard = (text) => {mishearing};").begin())
    said = len(served.coach.received)
    for _ in range(6):
        visitor.wait(1)
        visitor.page.evaluate("said()")
    quiet(visitor).tap("Next").shows(".where", "Step 2 of 6").wait(0.5)
    late = visitor.page.evaluate_handle("ear()")
    quiet(visitor)
    late.evaluate("(ear) => ear.result('and then the other hand', true)")
    quiet(visitor).wait(60)
    assert visitor.page.evaluate("spoken.length") > 8
    assert [one for one in served.coach.received[said:] if "text" in one] == []
    visitor.shows(".where", "Step 2 of 6")


@pytest.mark.parametrize(
    ("half", "whole", "sent"),
    [
        ("stop", "stop", "stop"),
        ("gliding strokes wait", "gliding strokes wait please", "wait please"),
        ("how long does", "how long does this take", "how long does this take"),
    ],
)
def test_a_person_cuts_in_by_voice(visit: Visit, served: Served, half: str, whole: str, sent: str) -> None:
    visitor = hands_free(visit(script=BOTH).begin())
    visitor.wait(1).page.evaluate("said()")
    is_saying(visitor, "Gliding strokes.")
    visitor.page.evaluate(f"ear().result('{half}', false)")
    assert visitor.page.evaluate("isSaying()") is None
    visitor.page.evaluate(f"ear().result('{whole}', true)")
    visitor.shows(".entry.me >> nth=-1", sent)
    expect(visitor.find(".entry.me[data-pending]")).to_have_count(0)
    assert served.coach.received[-1]["text"] == sent


@pytest.mark.parametrize(
    ("heard", "said", "theirs"),
    [
        ("", "Stop if it hurts.", ""),
        ("stop if it hurts", "Stop if it hurts.", ""),
        ("stop", "Stop if it hurts.", ""),
        ("stop", "Glide to the wrist.", "stop"),
        ("glide to the list", "Glide to the wrist.", ""),
        ("need the heal", "Knead the heel of the hand.", ""),
        ("what is the next one", "Rest the thumb on the palm.", "what is the next one"),
    ],
)
def test_whose_words_they_are(visit: Visit, heard: str, said: str, theirs: str) -> None:
    asked = "async (given) => (await import('/coach/echo.js')).others(...given)"
    assert visit().page.evaluate(asked, [heard, said, ["stop"]]) == theirs


def test_listening_begins_again_when_the_browser_ends_it(visit: Visit) -> None:
    visitor = quiet(hands_free(visit(script=BOTH).begin()))
    for _ in range(5):
        visitor.page.evaluate("ear().onerror({error: 'no-speech'}); ear().ends()")
        visitor.wait(0.5)
        assert visitor.page.evaluate("Boolean(ear())")
    visitor.tap("Turn hands-free off").wait(2)
    assert visitor.page.evaluate("ear() === null && isSaying() === null")


def test_a_microphone_that_is_not_allowed_leaves_the_reading(visit: Visit) -> None:
    visitor = quiet(hands_free(visit(script=BOTH).begin()))
    visitor.page.evaluate("ear().onerror({error: 'not-allowed'})")
    visitor.shows(".note", "The microphone is not allowed")
    is_saying(visitor, "The microphone is not allowed")
    quiet(visitor).shows(".handsfree", "Reading aloud").wait(3)
    assert visitor.page.evaluate("ear()") is None
    visitor.tap("Next").shows(".where", "Step 2 of 6")
    is_saying(visitor, "Step two")


def test_two_tabs_do_not_throw_each_other_out_for_ever(visit: Visit) -> None:
    visitor = quiet(hands_free(visit(script=BOTH).begin()))
    for _ in range(4):
        visitor.page.evaluate("ear().onerror({error: 'aborted'}); ear()?.ends()")
        visitor.wait(2)
    is_saying(visitor, "Listening does not work")
    visitor.shows(".note", "Listening does not work")
    assert quiet(visitor).wait(3).page.evaluate("ear()") is None


def test_a_tab_that_is_not_seen_does_not_listen(visit: Visit) -> None:
    visitor = quiet(hands_free(visit(script=BOTH).begin()))
    look = """(which) => {
      Object.defineProperty(document, "hidden", {value: which === "away", configurable: true});
      document.dispatchEvent(new Event("visibilitychange"));
    }"""
    visitor.page.evaluate(look, "away")
    assert visitor.wait(5).page.evaluate("ear()") is None
    visitor.page.evaluate(look, "back")
    assert quiet(visitor).page.evaluate("Boolean(ear())")
    visitor.tap("Turn hands-free off")
    visitor.page.evaluate(look, "back")
    assert visitor.wait(5).page.evaluate("ear()") is None


def test_it_says_who_may_hear_before_it_listens(visit: Visit) -> None:
    visitor = visit(script=BOTH).arrived().tap("Hands-free").shows("dialog", "to its maker")
    assert visitor.page.evaluate("ears.length") == 0
    visitor.tap("Not now")
    expect(visitor.find(".handsfree")).to_be_hidden()


def test_a_browser_that_cannot_listen_says_so_and_reads(visit: Visit) -> None:
    deaf = SPEAKING + "delete window.SpeechRecognition; delete window.webkitSpeechRecognition;"
    visitor = visit(script=deaf).begin().tap("Hands-free").shows("dialog", "This browser cannot listen")
    expect(visitor.find("dialog button")).to_have_text(["Only read aloud", "Not now"])
    visitor.tap("Only read aloud")
    is_saying(visitor, "Step one")


def test_louder_is_louder(visit: Visit) -> None:
    visitor = hands_free(visit(script=BOTH).begin(), "Only read aloud")
    visitor.say("louder")
    assert visitor.page.evaluate("spoken.at(-1).volume > spoken[0].volume")


def test_a_voice_that_never_ends_does_not_hold_the_next_sentence_up(visit: Visit) -> None:
    visitor = hands_free(visit(script=BOTH).begin(), "Only read aloud")
    is_saying(visitor, "Step one")
    first = visitor.page.evaluate("isSaying()")
    visitor.wait(30)
    assert visitor.page.evaluate("isSaying()") != first

"""Any sequence of commands at any times keeps the rules of the contract."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from palmwise.coach import plan
from palmwise.coach.behaviour import TABLE, act
from palmwise.coach.commands import ClockReport, Command
from palmwise.coach.plan import SHORTEST_HOLD
from palmwise.coach.replies import payloads
from palmwise.coach.session import Session
from palmwise.resources import content
from tests.unit.coach.driver import running

ENTITIES: dict[str, list[str]] = {
    "minutes": ["5", "0", "-3", "1e9", "nan", "inf", "ten", "7.5", "60", "2"],
    "step_number": ["1", "4", "9", "last", "-2", "+1", "0", "x", "999999999999"],
    "technique": ["petrissage", "thumb_pad", "nonsense"],
    "routine": ["classic", "sore_hands", "reflexology", "nonsense"],
    "symptom": ["soreness", "arthritis", "clot", "nonsense"],
    "hand": ["left", "right", "both"],
}
QUESTIONS = [
    "repeat_step", "how_long", "ask_progress", "explain_step", "explain_benefit", "explain_technique", "list_steps",
    "list_routines", "help", "greet", "thank", "praise", "complain", "bot_challenge", "out_of_scope", "nlu_fallback",
    "faq/oils", "faq/arthritis", "faq/nonsense", "speak_up", "speak_softly",
]  # fmt: skip
ALL = [intent for intent in TABLE if intent != "faq"] + ["faq/oils", "faq/none", "unheard_of"]

entities = st.fixed_dictionaries(
    {}, optional={name: st.sampled_from(values).map(lambda value: (value,)) for name, values in ENTITIES.items()}
)
commands = st.builds(
    Command,
    intent=st.sampled_from(ALL),
    entities=entities,
    by=st.sampled_from(["person", "button"]),
)
elapsed = st.one_of(st.none(), st.floats(allow_nan=True, allow_infinity=True))
moments = st.tuples(commands, st.floats(0, 4000), elapsed)


def walk(session: Session, moment: tuple[Command, float, float | None], now: float) -> tuple[Session, Any, float]:
    command, pause, shown = moment
    report = ClockReport(session.token or "none", shown) if shown is not None else None
    command = Command(command.intent, command.entities, command.by, command.token, report)
    turn = act(content(), session, command, now + pause)
    return turn.session, turn.reply, now + pause


def check_session(session: Session) -> None:
    assert 0 <= session.step <= len(session.steps)
    assert plan.FASTEST <= session.pace <= plan.SLOWEST
    if session.at_a_step:
        assert session.step >= 1
        assert 0 <= session.elapsed <= session.timeline.duration
        assert all(hold.seconds >= SHORTEST_HOLD for hold in session.holds)
    if session.state in ("preparing", "running", "paused"):
        assert session.screened, "the safety question is never skipped"
    assert session.kept is None or session.state == "offered", "a place is put by while another massage is on offer"
    assert all(step.seconds(session.pace) >= SHORTEST_HOLD for step in session.steps)


def check_reply(reply: Any, session: Session, now: float) -> None:
    assert reply.texts
    assert all(text.strip() for text in reply.texts)
    assert reply.custom["say"].strip()
    assert len(reply.buttons) <= 5
    assert {button.payload for button in reply.buttons} <= payloads(content())
    shown = reply.custom["session"]
    assert shown["state"] == session.state
    if session.at_a_step:
        clock = reply.custom["clock"]
        assert 0 <= clock["elapsed"] <= clock["duration"]
        assert clock["running"] == (session.state == "running")
        assert shown["remaining_seconds"] >= 0
    for cue in reply.custom.get("cues", ()):
        assert 0 <= cue["at"] < reply.custom["clock"]["duration"]
    assert session.remaining_at(now) >= 0


@given(st.lists(moments, max_size=25))
def test_any_conversation_keeps_the_rules(conversation: list[tuple[Command, float, float | None]]) -> None:
    session, now = Session.new("0123456789abcdef"), 1_000_000.0
    for moment in conversation:
        before = session
        session, reply, now = walk(session, moment, now)
        check_session(session)
        check_reply(reply, session, now)
        told = moment[0].entities.get("symptom", ())
        if moment[0].intent == "report_red_flag" and not set(told) & set(before.permitted):
            assert session.state == "stopped"
            assert reply.custom["card"] == "safety"
        if before.at_a_step and before.token == session.token and session.at_a_step:
            assert session.elapsed >= before.elapsed, "the clock never runs backwards"
        assert Session.from_json(session.to_json()) == session


@given(
    st.sampled_from(["classic", "sore_hands", "reflexology"]),
    st.lists(st.sampled_from(["next_step", "pause", "resume", "slow_down", "speed_up", "switch_hand"]), max_size=6),
    st.floats(0, 90),
    st.sampled_from(QUESTIONS),
    entities,
)
def test_questions_change_nothing(routine: str, moves: list[str], wait: float, question: str, said: Any) -> None:
    talk = running(routine)
    for move in moves:
        talk.says(move)
    before, now = talk.session, talk.now + wait
    after = act(content(), before, Command(question, said), now).session
    for name in ("state", "routine", "steps", "step", "holds", "token", "pace"):
        assert getattr(after, name) == getattr(before, name), name
    if before.at_a_step:
        assert after.elapsed_at(now) == before.elapsed_at(now)
        assert after.remaining_at(now + 5) == before.remaining_at(now + 5)


@given(st.floats(0, 101), st.floats(0, 3500), st.floats(4, 60))
def test_resume_restores_what_pause_froze(into: float, break_: float, later: float) -> None:
    talk = running().says("pause", into)
    frozen = talk.clock["elapsed"]
    talk.says("resume", break_)
    assert talk.clock["elapsed"] == frozen
    assert talk.clock["lead_in"] == 3.0
    assert talk.shown["state"] == "running"
    expected = min(frozen + later - 3.0, talk.clock["duration"])
    talk.says("how_long", later)
    assert abs(talk.clock["elapsed"] - expected) < 0.11


@given(st.sampled_from(["classic", "sore_hands", "reflexology"]), st.floats(2, 60), st.sampled_from([0.5, 1.0, 1.75]))
def test_plans_fit_the_minutes(routine: str, minutes: float, pace: float) -> None:
    steps = plan.fit(plan.whole(content().routines[routine].steps), minutes * 60, pace)
    assert abs(plan.total(steps, pace) - minutes * 60) <= 0.1 * minutes * 60
    assert all(step.seconds(pace) >= SHORTEST_HOLD for step in steps)
    sources = [step.source for step in steps]
    assert sources == sorted(set(sources))


@given(st.lists(st.sampled_from(["slow_down", "speed_up"]), max_size=20), st.floats(0, 101))
def test_pace_stays_between_half_and_double(changes: list[str], into: float) -> None:
    talk = running().says("how_long", into)
    for change in changes:
        before = talk.session.pace
        talk.says(change)
        wanted = before + (0.25 if change == "slow_down" else -0.25)
        assert talk.session.pace == min(2.0, max(0.5, wanted))

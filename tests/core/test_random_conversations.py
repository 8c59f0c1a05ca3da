"""Whatever is said in whatever order: what would be sent stands in the preview, and nothing half-valid is kept."""

from __future__ import annotations

from datetime import datetime, timezone

from hypothesis import given
from hypothesis import strategies as st

from admissions import content
from admissions.core.contact import Reach, read_reach, show_phone
from admissions.core.front_desk import advance, start
from admissions.core.intake import CHANGE, PREVIEW, Intake, Outcome, Progress, Turn
from admissions.core.preview import packet, preview_lines, preview_text
from admissions.core.steps import SKIPPED, Plan, StepKind
from admissions.core.times import Moment, TimeWindow

SCRIPT, RULES = content.script(), content.topic_rules()

AT = Moment(datetime(2026, 11, 25, 17, 0, tzinfo=timezone.utc), "America/New_York", "America/Denver")

#: Things people say, answers and others, in no order.
_SAID = (
    "no", "yes", "me", "my son, he's 19, pills mostly", "34", "i'm 180", "she's 16", "IOP or PHP", "not sure", "skip",
    "back", "why", "none of your business", "alcohol", "my husband drinks too", "actually it's weed not alcohol",
    "Sam", "my name is Alex", "719-555-0134", "wait, wrong number, it's 719-555-0177", "1234", "a@b",
    "sam@example.org", "tomorrow 3pm", "25 o'clock", "after 5 on weekdays", "text only", "both", "what is php?",
    "i meant my daughter", "remove my name", "change my name to Kim", "purple", "none", "\U0001F44D", "\U0001F937",
)  # fmt: skip

_TAPPED = ("skip", "go_back", "why_ask", "affirm", "talk_to_human", "request_callback")

TURNS = st.one_of(
    st.sampled_from(_SAID).map(lambda text: Turn(text, at=AT)),
    st.sampled_from(_SAID).map(lambda text: Turn(text, "faq", at=AT)),
    st.sampled_from(_TAPPED).map(lambda intent: Turn(f"[{intent}]", intent, tapped=True, at=AT)),
    st.text(max_size=30).map(lambda text: Turn(text, at=AT)),
)


@given(st.sampled_from(Plan), st.lists(TURNS, max_size=30))
def test_a_conversation_keeps_only_valid_answers_and_sends_only_what_it_showed(plan: Plan, turns: list[Turn]) -> None:
    progress = start(SCRIPT, plan, Turn("hello", at=AT))
    for turn in turns:
        progress = advance(SCRIPT, progress.state, turn)
        check(progress)
        if progress.outcome:
            break


def check(progress: Progress) -> None:
    state = progress.state
    assert state.step in (PREVIEW, CHANGE) or SCRIPT.find(state.step)
    assert state.given("adult") != "no" or progress.outcome is Outcome.MINOR
    assert Intake.from_json(state.to_json()) == state
    check_valid(state)
    check_shown(state)


def check_valid(state: Intake) -> None:
    for name, value in state.answers.items():
        step = SCRIPT.step(name)
        if value == SKIPPED:
            continue
        if step.kind in (StepKind.CHOICE, StepKind.CHOICES):
            assert all(step.choice(one) for one in (value if isinstance(value, tuple) else (value,)))
        if step.kind is StepKind.REACH:
            assert isinstance(read_reach(str(value)), Reach)
        if step.kind is StepKind.NAME:
            assert isinstance(value, str)
            assert value.strip()


def check_shown(state: Intake) -> None:
    sent, shown = packet(SCRIPT, RULES, state, "America/Denver"), preview_text(SCRIPT, RULES, state)
    lines = {line.step: line.text for line in preview_lines(SCRIPT, state)}
    assert {item.question for item in sent.screening} <= lines.keys()
    assert (sent.about is None) == ("about" not in lines)
    assert (sent.adult is None) == ("adult" not in lines)
    assert {item.because for item in sent.indications} <= lines.keys()
    if contact := sent.contact:
        assert contact.name is None or contact.name in lines["name"]
        assert contact.phone is None or show_phone(contact.phone) in lines["reach"]
        assert contact.email is None or contact.email in lines["reach"]
        assert (contact.voicemail_ok is None) == ("permissions" not in lines)
        if contact.window:
            assert TimeWindow.from_value(state.answers["when"]).shown in lines["when"]
            assert contact.window.says in lines["when"]
    assert all(f"- {line}" in shown for line in lines.values())

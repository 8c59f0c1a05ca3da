"""`admissions eval` over a model that says what it is told to."""

from __future__ import annotations

from pathlib import Path

import pytest

from admissions.commands.evaluate import Understood, as_table, follow_up_figures, measure, variant_figures
from admissions.evaluation.floors import Floors
from admissions.evaluation.messages import Labelled
from admissions.evaluation.pictures import draw

LENGTH, WEEKS, HOME = "faq/how_long__overview", "faq/how_long__minimum_weeks", "faq/what_is_iop__live_at_home"


def parrot(text: str) -> Understood:
    """Understand `label`, `label+label`, `label?` (not sure enough) or `!lane` from the message itself."""
    label, _, lane = text.partition("!")
    questions = tuple(label.rstrip("?").split("+"))
    return Understood(questions, questions[0], 1.0, not label.endswith("?"), lane or None)


def row(label: str, text: str, source: str = "faq") -> Labelled:
    return Labelled(label, text, source)


def test_each_kind_of_message_is_counted_in_its_own_figures() -> None:
    # given
    rows = [
        row(LENGTH, LENGTH),
        row("greet", "stop", "intents"),
        row("out_of_scope", "greet?", "out_of_scope_far"),
        row(f"{LENGTH}+{HOME}", f"{WEEKS}+{HOME}", "multi"),
        row(f"{LENGTH}+{HOME}", LENGTH, "multi"),
        row("suicide", "stop!suicide", "safety"),
        row("overdose", "stop!suicide", "safety"),
        row("self_harm", "stop", "safety"),
        row("none", "stop", "safety"),
    ]

    # when
    measured, outcomes = measure(parrot, rows)

    # then: lanes and several questions are no outcomes of one label
    assert [one.expected for one in outcomes] == [LENGTH, "greet", "out_of_scope"]
    assert measured["messages"] == 9
    assert measured["topic_accuracy"] == 1.0
    assert measured["other_intent_accuracy"] == 0.0
    assert measured["out_of_scope_far_recall"] == 1.0
    assert measured["several_answered"] == 0.5
    assert measured["lane_recall"] == pytest.approx(2 / 3, abs=1e-4)
    assert measured["right_lane"] == pytest.approx(1 / 3, abs=1e-4)
    assert measured["false_alarms"] == 0.0
    assert measured["ms_p99"] >= measured["ms_median"] >= 0


@pytest.mark.parametrize(("label", "text"), [("none", "stop!suicide"), (LENGTH, f"{LENGTH}!suicide")])
def test_an_alarm_at_a_message_that_raises_none_is_a_false_one(label: str, text: str) -> None:
    measured, _ = measure(parrot, [row(label, text), row(LENGTH, LENGTH)])

    assert measured["false_alarms"] == 0.5


def test_several_questions_that_were_not_sure_enough_are_not_answered() -> None:
    measured, _ = measure(parrot, [row(f"{LENGTH}+{HOME}", f"{LENGTH}+{HOME}?")])

    assert measured["several_answered"] == 0.0


def test_nothing_measured_has_no_figures() -> None:
    measured, outcomes = measure(parrot, [])

    assert measured == {"messages": 0.0}
    assert outcomes == []


def test_messages_of_lanes_alone_have_no_picture(tmp_path: Path) -> None:
    _, outcomes = measure(parrot, [row("suicide", "stop!suicide")])

    assert draw(outcomes, tmp_path) == []


class Talking:
    """A reader that takes each message for its own label, and keeps what the conversation was about when it came."""

    def __init__(self) -> None:
        self.slots: list[dict[str, str]] = []

    def parse(self, text: str, slots: dict[str, str]) -> dict[str, object]:
        self.slots.append(dict(slots))
        accepted = not text.endswith("?")
        label = text.rstrip("?")
        name = label.split("/")[0] if accepted else "nlu_fallback"
        entities = [{"entity": "asked", "value": label}] if accepted else []
        return {"intent": {"name": name}, "questions": [label], "label": label, "entities": entities}


def test_a_follow_up_is_read_with_what_was_talked_about_and_the_first_message_is_not_counted() -> None:
    # given
    reader = Talking()
    dialogue = [row(HOME, LENGTH), row(HOME, WEEKS), row(LENGTH, f"{LENGTH}?"), row(HOME, HOME)]

    # when
    measured = follow_up_figures(reader, [dialogue])

    # then: of three, one has the right topic; what was not sure enough is no answer and leaves the talk as it was
    assert measured == {"follow_ups_understood": pytest.approx(1 / 3, abs=1e-4)}
    assert reader.slots == [{}, {"asked": LENGTH}, {"asked": WEEKS}, {"asked": WEEKS}]


def test_each_dialogue_begins_without_talk() -> None:
    reader = Talking()

    follow_up_figures(reader, [[row(HOME, HOME)], [row(LENGTH, LENGTH)]])

    assert reader.slots == [{}, {}]
    assert follow_up_figures(reader, []) == {}


class AfraidOfCapitals:
    """A reader that understands everything but capitals."""

    def parse(self, text: str) -> dict[str, object]:
        label = "stop" if text.isupper() else "greet"
        return {"intent": {"name": label, "confidence": 1.0}, "questions": [label], "label": label}

    def lane(self, _text: str) -> str | None:
        return None


@pytest.mark.parametrize("besides", ["none", "suicide", "out_of_scope", "greet+stop"])
def test_what_another_way_of_typing_costs_is_measured_on_questions_alone(besides: str) -> None:
    # given: one message that is lost in capitals, and one of a kind that has no part in it
    rows = [row("greet", "good morning"), row(besides, "a long day"), row(besides, "another")]

    # when
    measured = variant_figures(AfraidOfCapitals(), rows)

    # then
    assert measured == {"lost_when_mistyped": 0.0, "lost_when_capitals": 1.0, "lost_when_no_punctuation": 0.0}


def test_the_table_has_a_column_a_pipeline_and_the_floor() -> None:
    # given
    columns = {"ours": {"messages": 9.0, "accuracy": 0.9876, "ms_median": 3.21}, "theirs": {"accuracy": 0.5}}

    # when
    head, *lines = as_table(columns, Floors({"accuracy": 0.95}, {})).splitlines()

    # then
    assert head.split() == ["ours", "theirs", "floor"]
    assert [line.split() for line in lines] == [
        ["messages", "9", "–"],
        ["accuracy", "98.8%", "50.0%", "≥", "95.0%"],
        ["ms", "median", "3.2", "ms", "–"],
    ]

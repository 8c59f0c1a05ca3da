"""The figures, on outcomes made by hand."""

from __future__ import annotations

import pytest

from admissions.evaluation.measure import (
    Outcome,
    calibration,
    calibration_error,
    confusions,
    figures,
    several_right,
    share,
    topic_of,
)

LENGTH, WEEKS, HOME = "faq/how_long__overview", "faq/how_long__minimum_weeks", "faq/what_is_iop__live_at_home"
WEATHER, WEEKENDS = "out_of_scope/everyday", "out_of_scope/schedule_details"


def outcome(expected: str, label: str, *, confidence: float = 1.0, accepted: bool = True, source: str = "") -> Outcome:
    return Outcome("words", expected, label, confidence, accepted, source)


def test_each_kind_of_message_counts_by_its_own_rule() -> None:
    # given
    outcomes = [
        outcome(LENGTH, LENGTH),
        outcome(LENGTH, WEEKS),  # the topic is right, the facet is not
        outcome("greet", "greet"),
        outcome("thanks", "greet"),  # a wrong answer, said with confidence
        outcome("stop", "stop", accepted=False),  # right, and refused
        outcome("skip", WEATHER),  # refused as not covered
        outcome("out_of_scope", WEATHER, source="far"),
        outcome("out_of_scope", LENGTH, accepted=False, source="far"),
        outcome("out_of_scope", "greet", source="near"),  # answered, though nobody can
    ]

    # when
    measured = figures(outcomes)

    # then
    assert measured["accuracy"] == pytest.approx(3 / 6)
    assert measured["topic_accuracy"] == 1.0
    assert measured["facet_accuracy"] == 0.5
    assert measured["other_intent_accuracy"] == 0.5
    assert measured["wrongly_refused"] == pytest.approx(2 / 6, abs=1e-4)
    assert measured["wrong_confident"] == pytest.approx(1 / 6, abs=1e-4)
    assert measured["out_of_scope_recall"] == pytest.approx(2 / 3, abs=1e-4)
    assert (measured["far_recall"], measured["near_recall"]) == (1.0, 0.0)


def test_a_figure_without_messages_of_its_kind_is_left_out() -> None:
    measured = figures([outcome("greet", "greet")])

    assert measured["other_intent_accuracy"] == 1.0
    assert not measured.keys() & {"topic_accuracy", "facet_accuracy", "out_of_scope_recall"}
    assert figures([]) == {}


def test_the_wrong_facet_of_the_right_topic_is_no_wrong_answer() -> None:
    assert figures([outcome(LENGTH, WEEKS)])["wrong_confident"] == 0.0


@pytest.mark.parametrize(
    ("expected", "label", "right"),
    [
        ("out_of_scope", WEATHER, True),  # which gap it is does not matter, none of them is answered
        (WEEKENDS, WEATHER, True),
        (WEEKENDS, LENGTH, False),
        (LENGTH, WEEKENDS, False),
        ("greet", "greet", True),
        (LENGTH, WEEKS, False),
    ],
)
def test_a_label_is_right_when_the_visitor_gets_the_right_kind_of_answer(
    expected: str, label: str, right: bool
) -> None:
    assert outcome(expected, label).right_label is right


@pytest.mark.parametrize(
    ("label", "accepted", "answered"),
    [(LENGTH, True, True), (LENGTH, False, False), (WEATHER, True, False), ("out_of_scope", True, False)],
)
def test_only_what_is_sure_and_covered_is_an_answer(label: str, accepted: bool, answered: bool) -> None:
    assert outcome(LENGTH, label, accepted=accepted).answered is answered


def test_macro_f1_counts_a_rare_label_as_much_as_a_frequent_one() -> None:
    frequent = [outcome("greet", "greet") for _ in range(99)]

    measured = figures([*frequent, outcome("thanks", "stop")])

    assert measured["accuracy"] == pytest.approx(0.99)
    assert measured["macro_f1"] == pytest.approx(0.5)


# -- calibration -------------------------------------------------------------------------------------------------------


def test_calibration_error_is_the_distance_of_confidence_from_truth() -> None:
    sure_and_half_right = [outcome("greet", "greet", confidence=0.95), outcome("greet", "stop", confidence=0.95)]

    assert calibration_error(sure_and_half_right) == pytest.approx(0.45)
    assert calibration_error([]) == 0.0


def test_bins_are_weighed_by_how_many_they_hold() -> None:
    # given: 3 at 0.95, all of them right, and 1 at 0.15, wrong
    outcomes = [outcome("greet", "greet", confidence=0.95)] * 3 + [outcome("greet", "stop", confidence=0.15)]

    # when / then
    assert calibration(outcomes) == [(pytest.approx(0.15), 0.0, 1), (pytest.approx(0.95), 1.0, 3)]
    assert calibration_error(outcomes) == pytest.approx((0.15 * 1 + 0.05 * 3) / 4)


def test_certainty_is_in_the_last_bin_with_the_almost_certain() -> None:
    outcomes = [outcome("greet", "greet", confidence=1.0), outcome("greet", "greet", confidence=0.9)]

    assert [count for _, _, count in calibration(outcomes)] == [2]


def test_confusions_come_most_frequent_first() -> None:
    measured = [outcome("a", "b"), outcome("c", "d"), outcome("c", "d"), outcome("e", "e")]

    assert confusions(measured) == [("c", "d", 2), ("a", "b", 1)]


def test_two_gaps_taken_for_one_another_are_no_confusion() -> None:
    assert confusions([outcome(WEEKENDS, WEATHER), outcome("out_of_scope", WEEKENDS)]) == []


# -- several questions -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expected", "questions", "right"),
    [
        ([LENGTH, HOME], [LENGTH, HOME], True),
        ([LENGTH, HOME], [WEEKS, HOME], True),  # topics are counted
        ([LENGTH, HOME], [HOME, LENGTH], False),  # in another order
        ([LENGTH, HOME], [LENGTH], False),  # one was missed
        ([LENGTH, HOME], [LENGTH, HOME, "greet"], False),  # one was made up
        ([LENGTH, HOME], [LENGTH, WEEKS, HOME], False),  # one topic twice
        ([LENGTH, "out_of_scope"], [LENGTH, WEEKENDS], True),
    ],
)
def test_several_questions_are_right_when_all_are_found_in_order_once_each(
    expected: list[str], questions: list[str], right: bool
) -> None:
    assert several_right(expected, questions) is right


@pytest.mark.parametrize(
    ("label", "topic"),
    [(LENGTH, "faq/how_long"), (WEEKENDS, "out_of_scope"), ("out_of_scope", "out_of_scope"), ("greet", "greet")],
)
def test_a_labels_topic_is_what_it_is_about(label: str, topic: str) -> None:
    assert topic_of(label) == topic


def test_a_share_of_nothing_is_none() -> None:
    assert share([]) is None
    assert share([True, False, False, True]) == 0.5

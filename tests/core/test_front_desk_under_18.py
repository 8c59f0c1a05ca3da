"""Somebody under 18: the intake ends, and nothing more is asked."""

from __future__ import annotations

import pytest

from admissions.core.front_desk import advance
from admissions.core.intake import Intake, Line, Outcome, Turn
from admissions.core.steps import Plan
from tests.core.scripts import AT_INTEREST, SCRIPT, UP_TO_PREVIEW, hold


@pytest.mark.parametrize("said", ["no", "I'm 16", "16", "not yet", "No, under 18"])
def test_someone_under_18_is_asked_nothing_more(said: str) -> None:
    hold(f"""
        > /start_screening
        < say start_screening · ask danger_now
        > no
        < ask about
        > me
        < ask adult
        > {said}
        < say minor_self · END minor
    """)


@pytest.mark.parametrize(
    "conversation",
    [
        pytest.param(
            """
            > /start_screening
            < say start_screening · ask danger_now
            > no
            < ask about
            > my son, he's 15
            < say minor_other · END minor
            """,
            id="in one message",
        ),
        pytest.param(
            "> can you help my daughter, she is 14? {start_screening}\n< say minor_other · END minor", id="at once"
        ),
        pytest.param(
            UP_TO_PREVIEW.replace("> me\n", "> my friend\n").replace("< ask adult", "< say loved_one · ask adult")
            + """
            > /go_back adult
            < ask adult
            > no
            < say minor_other · END minor
            """,
            id="at the preview",
        ),
    ],
)
def test_a_loved_one_under_18_ends_the_intake(conversation: str) -> None:
    assert hold(conversation).outcome is Outcome.MINOR


def test_danger_is_answered_before_an_intake_ends_for_a_minor() -> None:
    hold("""
        > my son is 15 {start_screening}
        < say minor_other · END minor
    """)
    hold("""
        > /start_screening
        < say start_screening · ask danger_now
        > yes, my son is 15
        < say danger_yes · say danger_after · say minor_other · END minor
    """)


@pytest.mark.parametrize("said", ["no, my daughter is 6 and she is fine", "no but my wife is 17 years sober"])
def test_somebody_elses_age_in_an_answer_does_not_end_an_intake_about_oneself(said: str) -> None:
    end = hold(AT_INTEREST + f"> iop\n< ask medical_need\n> {said}\n< ask home_support")

    assert end.state.about == "self"
    assert end.state.answers["adult"] == "yes"


def test_the_visitors_own_age_is_not_the_loved_ones() -> None:
    end = hold("""
        > /start_screening
        < say start_screening · ask danger_now
        > no
        < ask about
        > I'm 52 and it's my son
        < say loved_one · ask adult
    """)

    assert "adult" not in end.state.answers


def test_whom_it_is_about_can_be_corrected_in_the_middle() -> None:
    end = hold(AT_INTEREST + "> actually it's for my brother\n< say corrected · ask interest")

    assert end.state.about == "loved_one"


def test_visitors_who_say_that_they_are_under_18_are_asked_nothing_more_wherever_they_say_it() -> None:
    # given an intake about somebody else, one for a person, and one at its preview
    states = (
        Intake(Plan.SCREENING, "substances", {"about": "loved_one", "adult": "yes"}, asked=("substances",)),
        Intake(Plan.HUMAN, "name", asked=("name",)),
        Intake(Plan.CALLBACK, "preview", {"name": "Leo", "reach": "+17195550134"}),
    )

    # when / then
    for state in states:
        progress = advance(SCRIPT, state, Turn("im 15 by the way"))
        assert progress.outcome is Outcome.MINOR
        assert progress.replies == (Line("minor_self"),)

"""Skip, back, stop and why, in words and by button, and answers that cannot be read."""

from __future__ import annotations

import pytest

from admissions.core.intake import Outcome
from admissions.core.preview import packet
from admissions.core.steps import SKIPPED, Plan
from tests.core.scripts import AT_INTEREST, RULES, SCRIPT, UP_TO_PREVIEW, hold

# -- moving about ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "said", ["/skip", "skip", "Skip please", "I'd rather not say", "next qusetion", "none of your business"]
)
def test_skip_leaves_the_question_out(said: str) -> None:
    end = hold(AT_INTEREST + f"> {said}\n< say skipped · ask medical_need")

    assert end.state.answers["interest"] == SKIPPED
    assert end.state.given("interest") is None


@pytest.mark.parametrize(
    ("said", "line"),
    [
        pytest.param("I don't want to give my number", "no_reach", id="the number"),
        pytest.param("not comfortable sharing that {skip}", "no_reach", id="anything like it"),
    ],
)
def test_a_refusal_in_ones_own_words_skips(said: str, line: str) -> None:
    hold(
        f"""
        > /request_callback
        < say start_callback · ask name
        > Sam
        < ask reach
        > {said}
        < say {line} · ask when
    """,
        Plan.CALLBACK,
    )


def test_whoever_skips_everything_has_nothing_to_send() -> None:
    end = hold(
        """
        > /request_callback
        < say start_callback · ask name
        > skip
        < say skipped · ask reach
        > skip
        < say no_reach · ask when
        > skip
        < say nothing_to_send · END declined
    """,
        Plan.CALLBACK,
    )

    assert packet(SCRIPT, RULES, end.state, "America/Denver").contact is None


@pytest.mark.parametrize("said", ["/go_back", "back", "go back please", "previuos question"])
def test_back_opens_the_question_before_and_takes_its_answer_back(said: str) -> None:
    end = hold(AT_INTEREST + f"> {said}\n< say back · ask adult")

    assert "adult" not in end.state.answers
    assert end.state.answers["about"] == "self"


def test_back_works_step_by_step_until_the_first_question() -> None:
    hold(
        AT_INTEREST
        + """
        > /go_back
        < say back · ask adult
        > /go_back
        < say back · ask about
        > /go_back
        < say back · ask danger_now
        > /go_back
        < say nothing_before · ask danger_now
        > no
        < ask about
    """
    )


def test_back_does_not_show_questions_that_were_answered_in_passing() -> None:
    hold("""
        > /start_screening
        < say start_screening · ask danger_now
        > no
        < ask about
        > my son, he's 19
        < say loved_one · ask interest
        > back
        < say back · ask about
    """)


@pytest.mark.parametrize("said", ["/stop", "stop", "please stop", "cancel", "never mind", "STOP."])
def test_stop_ends_the_intake_at_every_step(said: str) -> None:
    assert hold(AT_INTEREST + f"> {said}\n< say stopped · END stopped").outcome is Outcome.STOPPED
    assert hold(UP_TO_PREVIEW + f"> {said}\n< say stopped · END stopped").outcome is Outcome.STOPPED


@pytest.mark.parametrize("said", ["/why_ask", "why?", "Why do you ask?", "what for"])
def test_why_gives_the_reason_and_asks_again(said: str) -> None:
    end = hold(AT_INTEREST + f"> {said}\n< why interest · ask interest")

    assert end.state.failures == 0


@pytest.mark.parametrize("said", ["/repeat", "say that again", "what was the question?", "ok"])
def test_repeat_asks_again(said: str) -> None:
    hold(AT_INTEREST + f"> {said}\n< ask interest")


def test_not_sure_is_an_answer_where_the_question_offers_it() -> None:
    assert hold(AT_INTEREST + "> not sure\n< ask medical_need").state.answers["interest"] == "not_sure"


def test_not_sure_skips_where_the_question_does_not_offer_it() -> None:
    end = hold(
        """
        > /request_callback
        < say start_callback · ask name
        > Sam
        < ask reach
        > sam@example.org
        < ask when
        > I don't know
        < say skipped · preview
    """,
        Plan.CALLBACK,
    )

    assert end.state.given("when") is None


# -- answers that cannot be read ---------------------------------------------------------------------------------------


def test_three_failures_ask_again_then_give_an_example_then_a_way_out() -> None:
    end = hold(
        AT_INTEREST
        + """
        > asdf
        < say again · ask interest
        > qwer {nlu_fallback}
        < example interest · ask interest
        > zxcv
        < say offer_skip · ask interest
        > uiop
        < say offer_skip · ask interest
        > php
        < ask medical_need
    """
    )

    assert end.state.failures == 0


@pytest.mark.parametrize(
    ("said", "line"),
    [
        pytest.param("719-555", "bad_phone", id="too short"),
        pytest.param("000-000-0000", "bad_phone", id="no such number"),
        pytest.param("sam@example", "bad_email", id="no such address"),
    ],
)
def test_a_slip_in_a_number_is_named(said: str, line: str) -> None:
    end = hold(
        f"""
        > /request_callback
        < say start_callback · ask name
        > Sam
        < ask reach
        > {said}
        < say {line} · ask reach
        > {said}
        < say {line} · example reach · ask reach
        > {said}
        < say {line} · say offer_skip · ask reach
    """,
        Plan.CALLBACK,
    )

    assert "reach" not in end.state.answers


def test_an_impossible_age_is_named() -> None:
    hold("""
        > /start_screening
        < say start_screening · ask danger_now
        > no
        < ask about
        > me
        < ask adult
        > 200
        < say bad_age · ask adult
    """)

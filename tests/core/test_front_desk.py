"""From the first question to the preview, as little conversations."""

from __future__ import annotations

import pytest

from admissions.core.front_desk import plan_for
from admissions.core.intake import Outcome
from admissions.core.steps import Plan
from tests.core.scripts import SCRIPT, UP_TO_PREVIEW, hold

# -- the way through ---------------------------------------------------------------------------------------------------


def test_a_screening_goes_through_every_step_to_the_preview_and_is_sent() -> None:
    # given / when
    end = hold(UP_TO_PREVIEW + "> /affirm\n< END agreed")

    # then
    assert end.outcome is Outcome.AGREED
    assert dict(end.state.answers) == {
        "danger_now": "no",
        "about": "self",
        "adult": "yes",
        "interest": "iop",
        "medical_need": "no",
        "home_support": "no",
        "withdrawal": "not_sure",
        "mental_health": "no",
        "reasons": ("short_relapse",),
        "substances": ("alcohol", "cannabis"),
        "name": "Sam",
        "reach": "+17195550134",
        "when": "after 5 on weekdays",
        "permissions": "text",
    }


def test_one_message_may_answer_several_questions() -> None:
    end = hold("""
        > /start_screening
        < say start_screening · ask danger_now
        > no
        < ask about
        > for my son, he's 19, pills mostly
        < say loved_one · ask interest
    """)

    # "pills" may be opioids, benzodiazepines or something else: it is kept as the word it is, not guessed.
    assert dict(end.state.answers) == {
        "danger_now": "no",
        "about": "loved_one",
        "adult": "yes",
        "substances": ("pills",),
    }


def test_an_early_answer_is_not_asked_again() -> None:
    end = hold("""
        > I need help for my wife, she is 41 and it is xanax
        < say loved_one · say start_screening · ask danger_now
        > no
        < ask interest
        > inpatient
        < ask medical_need
        > skip
        < say skipped · ask home_support
        > skip
        < say skipped · ask withdrawal
        > skip
        < say skipped · ask mental_health
        > skip
        < say skipped · ask reasons
        > none of these
        < ask name
    """)

    assert end.state.answers["substances"] == ("benzodiazepines",)
    assert end.state.answers["adult"] == "yes"


def test_a_question_in_the_opening_message_still_says_whom_it_is_about() -> None:
    end = hold("""
        > Can you help my brother? {start_screening}
        < say loved_one · say start_screening · ask danger_now
    """)

    assert end.state.about == "loved_one"


def test_a_professional_gets_the_short_form() -> None:
    end = hold("""
        > I'm a therapist with a client {start_screening}
        < say start_screening · ask danger_now
        > no
        < ask adult
        > she is 40
        < ask interest
        > php
        < ask reasons
        > finished inpatient
        < ask substances
        > /skip
        < say skipped · ask name
        > Ann Lee
        < ask reach
        > ann@example.org
        < ask when
        > mornings
        < preview
        > yes
        < END agreed
    """)

    assert not {"medical_need", "home_support", "withdrawal", "mental_health"} & end.state.answers.keys()


@pytest.mark.parametrize(
    ("opening", "plan", "line"),
    [
        pytest.param("/request_callback", Plan.CALLBACK, "start_callback", id="a call"),
        pytest.param("/talk_to_human", Plan.HUMAN, "start_human", id="a person"),
    ],
)
def test_asking_for_a_person_asks_only_how_to_reach_the_visitor(opening: str, plan: Plan, line: str) -> None:
    hold(
        f"""
        > {opening}
        < say {line} · ask name
        > my name is Sam
        < ask reach
        > sam@example.org
        < ask when
        > any time
        < preview
        > send it please
        < END agreed
        """,
        plan,
    )


@pytest.mark.parametrize(
    ("intent", "plan"),
    [
        ("start_screening", Plan.SCREENING),
        ("request_callback", Plan.CALLBACK),
        ("talk_to_human", Plan.HUMAN),
        ("something_new", Plan.SCREENING),
        (None, Plan.SCREENING),
    ],
)
def test_an_intent_opens_its_plan(intent: str | None, plan: Plan) -> None:
    assert plan_for(intent) is plan


# -- danger ------------------------------------------------------------------------------------------------------------


def test_danger_is_met_with_numbers_first_and_the_questions_go_on() -> None:
    end = hold("""
        > /start_screening
        < say start_screening · ask danger_now
        > yes
        < say danger_yes · say danger_after · ask about
    """)

    assert end.state.given("danger_now") == "yes"
    assert "911" in SCRIPT.lines["danger_yes"]
    assert "988" in SCRIPT.lines["danger_yes"]


def test_whoever_is_not_sure_about_danger_is_told_that_calling_is_all_right() -> None:
    hold("""
        > /start_screening
        < say start_screening · ask danger_now
        > not sure
        < say danger_not_sure · ask about
    """)

    assert "911" in SCRIPT.lines["danger_not_sure"]


# -- questions in between ----------------------------------------------------------------------------------------------


def test_a_question_in_the_middle_is_answered_and_the_same_question_comes_back_once() -> None:
    end = hold("""
        > /start_screening
        < say start_screening · ask danger_now
        > no
        < ask about
        > what is php? {faq}
        < answer · say return · ask about
        > me
        < ask adult
    """)

    assert end.state.failures == 0


def test_an_answer_and_a_question_in_one_message_get_both() -> None:
    end = hold("""
        > /start_screening
        < say start_screening · ask danger_now
        > no
        < ask about
        > my daughter. what does it cost? {ask_cost_or_insurance}
        < say loved_one · answer · ask adult
    """)

    assert end.state.about == "loved_one"


@pytest.mark.parametrize(
    "asked",
    [
        "who is he? my therapist asked {faq}",
        "Do my wife and I both come? {faq}",
        "what about alcohol? {out_of_scope}",
    ],
)
def test_words_inside_a_question_are_no_answer(asked: str) -> None:
    end = hold(f"""
        > /start_screening
        < say start_screening · ask danger_now
        > no
        < ask about
        > {asked}
        < answer · say return · ask about
    """)

    assert set(end.state.answers) == {"danger_now"}


def test_a_question_at_the_preview_brings_the_question_of_consent_back() -> None:
    hold(UP_TO_PREVIEW + "> is this confidential? {ask_confidentiality}\n< answer · say return · ask consent")


def test_asking_for_the_questions_again_repeats_the_open_one() -> None:
    hold("""
        > /start_screening
        < say start_screening · ask danger_now
        > no
        < ask about
        > lets do the questions {start_screening}
        < ask about
    """)


def test_starting_over_forgets_the_answers() -> None:
    end = hold("""
        > /start_screening
        < say start_screening · ask danger_now
        > no
        < ask about
        > me
        < ask adult
        > lets start from scratch {start_over}
        < say restarted · ask danger_now
    """)

    assert end.state.answers == {}

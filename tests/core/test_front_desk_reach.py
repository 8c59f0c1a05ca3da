"""How the visitor can be reached: refusing a number, and asking for a person in the middle of a screening."""

from __future__ import annotations

import pytest

from admissions.core.front_desk import advance, start
from admissions.core.intake import Intake, Turn
from admissions.core.preview import packet, preview_text
from admissions.core.steps import Plan
from tests.core.scripts import AT_INTEREST, RULES, SCRIPT, hold


@pytest.mark.parametrize("said", ["/skip", "skip", "I'd rather not say", "that's private"])
def test_whoever_gives_no_number_is_told_what_that_means_and_can_go_on(said: str) -> None:
    end = hold(
        f"""
        > /request_callback
        < say start_callback · ask name
        > Sam
        < ask reach
        > {said}
        < say no_reach · ask when
        > any time
        < preview
    """,
        Plan.CALLBACK,
    )

    sent = packet(SCRIPT, RULES, end.state, "America/Denver")
    assert sent.contact is not None
    assert (sent.contact.phone, sent.contact.email) == (None, None)


def test_an_email_is_not_asked_about_voicemail() -> None:
    hold(
        """
        > /request_callback
        < say start_callback · ask name
        > Sam
        < ask reach
        > sam@example.org
        < ask when
        > mornings
        < preview
    """,
        Plan.CALLBACK,
    )


@pytest.mark.parametrize(
    "said", ["can I talk to a human {talk_to_human}", "/talk_to_human", "call me please {request_callback}"]
)
def test_asking_for_a_person_in_a_screening_keeps_the_answers(said: str) -> None:
    # given
    screening = AT_INTEREST + "> iop\n< ask medical_need\n> yes\n< ask home_support"

    # when
    end = hold(
        screening
        + f"""
        > {said}
        < say switch_person · ask name
        > Sam
        < ask reach
        > sam@example.org
        < ask when
        > tomorrow morning
        < preview
        > yes
        < END agreed
    """
    )

    # then
    sent, shown = packet(SCRIPT, RULES, end.state, "America/Denver"), preview_text(SCRIPT, RULES, end.state)
    assert end.state.plan in (Plan.HUMAN, Plan.CALLBACK)
    assert (sent.about, sent.adult) == ("self", True)
    assert [item.question for item in sent.screening] == ["danger_now", "interest", "medical_need"]
    assert "Medical attention needed: yes." in shown


def test_a_name_that_looks_like_a_wish_for_a_person_is_not_kept_as_a_name() -> None:
    end = hold(
        """
        > /request_callback
        < say start_callback · ask name
        > talk to a human {talk_to_human}
        < say start_callback · ask name
    """,
        Plan.CALLBACK,
    )

    assert "name" not in end.state.answers


def test_a_number_given_at_another_question_is_kept() -> None:
    # given somebody asked for a time
    state = Intake(Plan.CALLBACK, "when", {"name": "Sam", "reach": "+17195550134"}, asked=("name", "reach", "when"))

    # when they correct their number there
    progress = advance(SCRIPT, state, Turn("actually it's 719-555-0188", intent="request_callback"))

    # then the new one is kept and the question comes back
    assert progress.state.answers["reach"] == "+17195550188"
    assert progress.state.step == "when"


def test_an_opening_message_with_a_number_is_not_asked_for_one() -> None:
    progress = start(SCRIPT, Plan.CALLBACK, Turn("can someone call me at 719-555-0161", intent="request_callback"))
    assert progress.state.answers["reach"] == "+17195550161"


def test_feelings_and_commands_are_no_names() -> None:
    state = Intake(Plan.CALLBACK, "name", asked=("name",))
    for words in ("im scared", "take a few questions", "start over", "send", "today", "remove my name"):
        assert "name" not in advance(SCRIPT, state, Turn(words)).state.answers, words

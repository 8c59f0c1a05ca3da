"""How the visitor can be reached: refusing a number, and asking for a person in the middle of a screening."""

from __future__ import annotations

import pytest

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

"""Agreeing, declining and correcting before anything is sent."""

from __future__ import annotations

import pytest

from admissions.core.front_desk import advance
from admissions.core.intake import CHANGE, PREVIEW, Intake, Outcome, Turn
from admissions.core.preview import packet, preview_text
from admissions.core.steps import Plan
from tests.core.scripts import AT_INTEREST, RULES, SCRIPT, UP_TO_PREVIEW, hold, replied

# -- the preview -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("said", ["/affirm", "yes", "send", "Send it please", "ok", "looks good"])
def test_agreeing_sends(said: str) -> None:
    hold(UP_TO_PREVIEW + f"> {said}\n< END agreed")


@pytest.mark.parametrize("said", ["/deny", "no", "don't send it", "No thanks", "delete it"])
def test_declining_sends_nothing(said: str) -> None:
    assert hold(UP_TO_PREVIEW + f"> {said}\n< say declined · END declined").outcome is Outcome.DECLINED


@pytest.mark.parametrize(
    "said",
    ["hmm", "maybe later", "yes but is it safe", "I never said send", "purple {affirm}", "not yet {affirm}"],
)
def test_nothing_but_a_plain_yes_counts_as_consent(said: str) -> None:
    progress = hold(UP_TO_PREVIEW + f"> {said}")

    assert progress.outcome is None
    assert progress.state.step == PREVIEW


@pytest.mark.parametrize("said", ["/go_back", "change", "change something"])
def test_change_asks_which_line(said: str) -> None:
    assert hold(UP_TO_PREVIEW + f"> {said}\n< which line").state.step == CHANGE


def test_one_line_can_be_changed_and_the_preview_comes_back() -> None:
    end = hold(
        UP_TO_PREVIEW
        + """
        > /go_back
        < which line
        > /go_back name
        < ask name
        > Alex
        < say corrected · preview
    """
    )

    assert end.state.answers["name"] == "Alex"
    assert "Name: Alex." in preview_text(SCRIPT, RULES, end.state)


def test_skipping_a_line_while_changing_takes_it_out() -> None:
    end = hold(
        UP_TO_PREVIEW
        + """
        > /go_back
        < which line
        > /go_back substances
        < ask substances
        > /skip
        < say skipped · preview
    """
    )

    assert "Substances" not in preview_text(SCRIPT, RULES, end.state)


def test_changing_whom_it_is_about_asks_what_is_new_and_drops_what_no_longer_fits() -> None:
    end = hold(
        UP_TO_PREVIEW
        + """
        > /go_back about
        < ask about
        > a client of mine
        < say corrected · ask adult
        > yes
        < preview
    """
    )

    assert "Home is supportive" not in preview_text(SCRIPT, RULES, end.state)
    assert packet(SCRIPT, RULES, end.state, "America/Denver").about == "professional"


def test_the_choice_of_lines_can_be_left_again() -> None:
    hold(UP_TO_PREVIEW + "> change\n< which line\n> back\n< preview")


def test_back_in_words_at_the_preview_opens_the_last_question() -> None:
    hold(UP_TO_PREVIEW + "> back\n< say back · ask permissions\n> both\n< preview")


@pytest.mark.parametrize(
    ("said", "step", "value"),
    [
        ("actually it's 719-555-0187", "reach", "+17195550187"),
        ("my number is 719-555-0187", "reach", "+17195550187"),
        ("use sam@example.org instead", "reach", "sam@example.org"),
        ("change my name to Alex", "name", "Alex"),
        ("the time should be mornings", "when", "mornings"),
        ("change my age to 40", "adult", "yes"),
    ],
)
def test_a_line_can_be_corrected_in_words(said: str, step: str, value: str) -> None:
    end = hold(UP_TO_PREVIEW + f"> {said}\n< say corrected · preview")

    assert end.state.answers[step] == value


def test_a_first_number_given_at_the_preview_brings_the_question_about_voicemail() -> None:
    hold(
        """
        > /request_callback
        < say start_callback · ask name
        > Sam
        < ask reach
        > skip
        < say no_reach · ask when
        > any time
        < preview
        > actually my number is 719-555-0134
        < say corrected · ask permissions
        > both
        < preview
    """,
        Plan.CALLBACK,
    )


def test_a_wrong_number_in_a_correction_is_named_and_the_old_one_stays() -> None:
    end = hold(UP_TO_PREVIEW + "> my number is 719-555\n< say bad_phone · preview")

    assert end.state.answers["reach"] == "+17195550134"


def test_a_line_named_without_a_new_value_is_opened() -> None:
    hold(UP_TO_PREVIEW + "> my name is wrong\n< ask name\n> Alex\n< say corrected · preview")


def test_telling_of_a_question_does_not_open_a_line() -> None:
    hold(UP_TO_PREVIEW + "> I wonder about cost {ask_cost_or_insurance}\n< answer · say return · ask consent")


def test_asking_for_a_person_at_the_preview_shows_that_sending_is_the_way() -> None:
    hold(UP_TO_PREVIEW + "> I want to talk to a person {talk_to_human}\n< say start_human · ask consent")


# -- kept between messages ---------------------------------------------------------------------------------------------


def test_a_state_read_back_from_json_goes_on_the_same() -> None:
    # given
    kept = Intake.from_json(hold(AT_INTEREST).state.to_json())

    # when
    progress = advance(SCRIPT, kept, Turn("php"))

    # then
    assert replied(progress) == "ask medical_need"


def test_a_line_is_removed_in_words_and_stop_stops() -> None:
    # given
    state = Intake(Plan.CALLBACK, "preview", {"name": "Sam", "reach": "+17195550134", "when": "any time"})

    # when / then
    assert advance(SCRIPT, state, Turn("remove my name")).state.given("name") is None
    assert advance(SCRIPT, state, Turn("please stop asking me", intent="stop")).outcome is Outcome.STOPPED


def test_the_preview_says_that_a_handoff_after_a_card_is_urgent_and_why() -> None:
    state = Intake(Plan.HUMAN, "preview", {"name": "Sam"})
    assert "thoughts of suicide" in preview_text(SCRIPT, (), state, "suicide")
    assert "urgent" not in preview_text(SCRIPT, (), state)

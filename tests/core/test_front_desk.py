"""Whole little conversations with the front desk, written down as scripts.

A line with `>` is the visitor, a line with `<` what the desk replies. `>` takes a tapped button as `/intent` (and the
line to change as `/go_back name`), and words with what the model understood in braces: `> what is php? {faq}`.
"""

from __future__ import annotations

import re

import pytest

from admissions import content
from admissions.core.front_desk import advance, plan_for, start
from admissions.core.intake import (
    CHANGE,
    PREVIEW,
    AskConsent,
    ChooseChange,
    Example,
    Intake,
    Interruption,
    Line,
    Outcome,
    Progress,
    Question,
    Reply,
    ShowPreview,
    Turn,
    Why,
)
from admissions.core.preview import packet, preview_text
from admissions.core.steps import SKIPPED, Plan

SCRIPT = content.script()
RULES = content.topic_rules()


def hold(conversation: str, plan: Plan = Plan.SCREENING) -> Progress:
    """Hold a conversation, compare every reply with the script, and return where it ended."""
    progress: Progress | None = None
    for line in filter(None, map(str.strip, conversation.splitlines())):
        if line.startswith(">"):
            turn = _turn(line[1:].strip())
            progress = start(SCRIPT, plan, turn) if progress is None else advance(SCRIPT, progress.state, turn)
        else:
            assert progress is not None
            assert f"< {_said(progress)}" == line, f"after {turn}"
    assert progress is not None
    return progress


def _turn(said: str) -> Turn:
    if said.startswith("/"):
        intent, _, step = said[1:].partition(" ")
        return Turn(f"[{intent}]", intent, tapped=True, step=step or None)
    words, intent = re.fullmatch(r"(.*?)(?: \{(\w+)\})?", said).groups()
    return Turn(words, intent)


def _said(progress: Progress) -> str:
    said = [_in_words(reply) for reply in progress.replies]
    if progress.outcome:
        said.append(f"END {progress.outcome.value}")
    return " · ".join(said)


def _in_words(reply: Reply) -> str:
    match reply:
        case Line():
            assert reply.name in SCRIPT.lines
            return f"say {reply.name}"
        case Question():
            return f"ask {reply.step}"
        case Why():
            return f"why {reply.step}"
        case Example():
            return f"example {reply.step}"
        case Interruption():
            return "answer"
        case ShowPreview():
            return "preview"
        case AskConsent():
            return "ask consent"
        case ChooseChange():
            return "which line"


#: A screening up to its preview, from which the corrections start.
UP_TO_PREVIEW = """
    > /start_screening
    < say start_screening · ask danger_now
    > no
    < ask about
    > me
    < ask adult
    > yes
    < ask interest
    > IOP
    < ask medical_need
    > no
    < ask home_support
    > no
    < ask withdrawal
    > not sure
    < ask mental_health
    > no
    < ask reasons
    > a short relapse
    < ask substances
    > alcohol and weed
    < ask name
    > Sam
    < ask reach
    > 719-555-0134
    < ask when
    > after 5 on weekdays
    < ask permissions
    > text only
    < preview
"""


# -- the way through ----------------------------------------------------------------------------------------------------


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

    # "pills" may be opioids, benzodiazepines or something else: it is asked, not guessed.
    assert dict(end.state.answers) == {"danger_now": "no", "about": "loved_one", "adult": "yes"}


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
        pytest.param("/talk_to_human", Plan.CRISIS, "start_human", id="after an emergency card"),
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


# -- danger -------------------------------------------------------------------------------------------------------------


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


# -- questions in between -----------------------------------------------------------------------------------------------


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
        < say start_screening · ask about
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


# -- moving about -------------------------------------------------------------------------------------------------------

AT_INTEREST = """
    > /start_screening
    < say start_screening · ask danger_now
    > no
    < ask about
    > me
    < ask adult
    > 34
    < ask interest
"""


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


# -- answers that cannot be read ----------------------------------------------------------------------------------------


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


# -- under 18 -----------------------------------------------------------------------------------------------------------


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


# -- a way to reach the visitor -----------------------------------------------------------------------------------------


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


# -- the preview --------------------------------------------------------------------------------------------------------


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
        < say corrected · preview
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


# -- kept between messages ----------------------------------------------------------------------------------------------


def test_a_state_read_back_from_json_goes_on_the_same() -> None:
    # given
    kept = Intake.from_json(hold(AT_INTEREST).state.to_json())

    # when
    progress = advance(SCRIPT, kept, Turn("php"))

    # then
    assert _said(progress) == "ask medical_need"

"""The form's validation: one message to the front desk, its replies to the visitor, its state to the slots."""

from __future__ import annotations

from typing import Any

import pytest

from actions.intake import ValidateIntakeForm
from admissions import content, names
from admissions.core.intake import PREVIEW
from admissions.core.message import Kind
from tests.actions.conftest import Desk
from tests.actions.trackers import make_tracker, responses, run, slots_of
from tests.fakes import NOW

SCRIPT = content.script()
LINES = SCRIPT.lines

#: The slot an open form asks for, and stays open by.
OPEN = {names.SLOT_REQUESTED: names.SLOT_OUTCOME}

pytestmark = pytest.mark.usefixtures("desk")

Said = list[dict[str, Any]]


class Form:
    """An intake held message by message, its slots kept the way Rasa keeps them."""

    def __init__(self) -> None:
        self.slots: dict[str, Any] = {}

    async def say(self, text: str, intent: str | None = None, **message: Any) -> Said:
        said, events = await run(ValidateIntakeForm(), make_tracker(text, intent, slots=self.slots, **message))
        self.slots.update(slots_of(events))
        return said

    async def tap(self, intent: str, **entities: str) -> Said:
        return await self.say("", intent, tapped=True, entities=entities)

    async def say_all(self, *texts: str) -> Said:
        said: Said = []
        for text in texts:
            said = await self.say(text)
        return said

    @property
    def is_open(self) -> bool:
        return self.slots.get(names.SLOT_REQUESTED) == names.SLOT_OUTCOME

    @property
    def outcome(self) -> str | None:
        return self.slots.get(names.SLOT_OUTCOME)


@pytest.fixture
def form() -> Form:
    return Form()


def ask(step: str, about: str | None = None) -> str:
    return SCRIPT.step(step).wording(about)


def words(said: Said) -> list[str]:
    return [message["text"] for message in said]


def payloads(message: dict[str, Any]) -> list[str]:
    return [button["payload"] for button in message["buttons"]]


async def test_the_start_says_what_it_is_and_asks_the_first_question(form: Form) -> None:
    # when
    said = await form.say("can i answer a few questions", "start_screening")

    # then
    assert words(said) == [LINES["start_screening"], ask("danger_now")]
    assert said[1]["kind"] == Kind.CHOICE.value
    assert payloads(said[1]) == ["No", "Yes", "Not sure", "/skip", "/why_ask", "/talk_to_human", "/stop"]
    assert form.is_open
    assert form.outcome is None


@pytest.mark.parametrize(
    ("intent", "first_line"),
    [
        ("start_screening", LINES["start_screening"]),
        ("request_callback", LINES["start_callback"]),
        ("talk_to_human", LINES["start_human_phone"].format(phone="719-555-0142")),
    ],
)
async def test_each_of_the_three_intents_opens_its_own_intake(form: Form, intent: str, first_line: str) -> None:
    said = await form.say("please", intent)
    assert words(said)[0] == first_line
    assert form.is_open


async def test_a_request_for_a_call_says_whether_admissions_is_open(form: Form, desk: Desk) -> None:
    said = await form.say("call me", "request_callback")
    assert words(said)[1] == "Admissions is closed right now. It opens tomorrow at 8:00 AM (Mountain Time)."
    assert words(said)[2] == ask("name")


async def test_it_is_said_by_the_visitors_own_clock_too(form: Form, desk: Desk) -> None:
    desk.conversations.forget("c1", NOW)
    desk.conversations.create("c1", NOW, page_url=None, time_zone="America/New_York")
    said = await form.say("call me", "request_callback")
    assert "8:00 AM (Mountain Time; today at 10:00 AM your time)" in words(said)[1]


@pytest.mark.usefixtures("no_phone")
async def test_without_a_configured_phone_none_is_shown(form: Form) -> None:
    said = await form.say("a person please", "talk_to_human")
    assert words(said)[0] == LINES["start_human"]
    assert "719" not in repr(said)


async def test_one_answer_leads_to_the_next_question(form: Form) -> None:
    # given
    await form.say("call me", "request_callback")

    # when
    said = await form.say("Sam")

    # then
    assert words(said) == [ask("reach")]
    assert form.slots[names.SLOT_INTAKE]["answers"] == {"name": "Sam"}
    assert form.is_open


async def test_stopping_ends_the_form_with_its_outcome(form: Form) -> None:
    # given
    await form.say("call me", "request_callback")

    # when
    said = await form.say("stop", "stop")

    # then the slot the form asks for is emptied, which is what closes it
    assert words(said) == [LINES["stopped"]]
    assert payloads(said[0]) == ["/talk_to_human"]
    assert form.outcome == "stopped"
    assert form.slots[names.SLOT_REQUESTED] is None


@pytest.mark.parametrize(
    ("intent", "facet", "response"),
    [
        ("faq", "how_long__overview", "utter_faq/how_long__overview"),
        ("ask_cost_or_insurance", None, "utter_ask_cost_or_insurance"),
        ("ask_hours", None, names.UTTER_HOURS_CLOSED),
        ("ask_contact", None, names.UTTER_CONTACT),
        ("out_of_scope", None, names.UTTER_OUT_OF_SCOPE),
        ("faq", "a facet without an answer", names.UTTER_OUT_OF_SCOPE),
    ],
)
async def test_a_question_in_between_is_answered_then_the_open_question_comes_once(
    form: Form, intent: str, facet: str | None, response: str
) -> None:
    # given
    await form.say("call me", "request_callback")
    before = dict(form.slots)

    # when
    said = await form.say("and how is that?", intent, entities={"facet": facet} if facet else {})

    # then
    assert responses(said) == [response, None]
    assert words(said)[1:] == [f"{LINES['return']}\n{ask('name')}"]
    assert form.slots == before
    assert form.is_open


async def test_an_answer_that_cannot_be_read_is_said_to_be_so_and_asked_again(form: Form) -> None:
    await form.say_all("start_screening", "no", "me", "34")
    said = await form.say("purple", "nlu_fallback")
    assert words(said) == [f"{LINES['again']}\n{ask('interest')}"]


async def test_why_is_explained_and_the_question_comes_again(form: Form) -> None:
    await form.say("call me", "request_callback")
    said = await form.tap("why_ask")
    assert words(said) == [SCRIPT.step("name").why, ask("name")]


async def test_the_preview_shows_what_was_said_and_asks(form: Form) -> None:
    # given
    await form.say("call me", "request_callback")

    # when
    said = await form.say_all("Sam", "sam@example.org", "any time")

    # then
    (preview,) = said
    assert "Name: Sam." in preview["text"]
    assert "sam@example.org" in preview["text"]
    assert LINES["consent"] in preview["text"]
    assert payloads(preview) == ["/affirm", "/go_back", "/deny", "/why_ask", "Back", "/skip", "/stop"]


async def test_agreeing_and_declining_end_the_form(form: Form) -> None:
    # given
    await form.say("call me", "request_callback")
    await form.say_all("Sam", "sam@example.org", "any time")
    declining = Form()
    declining.slots = dict(form.slots)

    # when
    agreed, declined = await form.tap("affirm"), await declining.tap("deny")

    # then
    assert agreed == [], "the receipt is the next action's to say"
    assert (form.outcome, form.is_open) == ("agreed", False)
    assert words(declined) == [LINES["declined"]]
    assert (declining.outcome, declining.is_open) == ("declined", False)


async def test_a_yes_that_was_only_guessed_does_not_agree(form: Form) -> None:
    # given
    await form.say("call me", "request_callback")
    await form.say_all("Sam", "sam@example.org", "any time")

    # when the model takes some words for a yes
    await form.say("well it is a nice day today", "affirm")

    # then
    assert form.is_open
    assert form.outcome is None


async def test_a_line_of_the_preview_can_be_changed_by_its_button(form: Form) -> None:
    # given
    await form.say("call me", "request_callback")
    await form.say_all("Sam", "sam@example.org", "any time")

    # when
    (which,) = await form.tap("go_back")
    (question,) = await form.tap("go_back", step="name")

    # then
    assert '/go_back{"step": "name"}' in payloads(which)
    assert question["text"] == ask("name")
    (preview,) = await form.say("Alex")
    assert "Name: Alex." in preview["text"]


async def test_somebody_under_18_ends_the_form_and_is_shown_the_phone(form: Form) -> None:
    await form.say("start", "start_screening")
    said = await form.say_all("no", "me", "16")
    assert words(said) == [LINES["minor_self"], "The number is 719-555-0142."]
    assert (form.outcome, form.is_open) == ("minor", False)


async def test_danger_is_answered_like_an_emergency(form: Form) -> None:
    await form.say("start", "start_screening")
    said = await form.say("yes")
    assert said[0]["text"] == LINES["danger_yes"]
    assert said[0]["kind"] == Kind.EMERGENCY.value


async def test_what_could_not_be_saved_is_shown_again_instead_of_asked_anew(form: Form) -> None:
    # given answers that are still here after the form has closed
    await form.say("call me", "request_callback")
    await form.say_all("Sam", "sam@example.org", "any time")
    await form.tap("affirm")
    form.slots[names.SLOT_OUTCOME] = None

    # when
    (preview,) = await form.tap("start_screening")

    # then
    assert "Name: Sam." in preview["text"]
    assert form.slots[names.SLOT_INTAKE]["step"] == PREVIEW
    assert form.is_open


# -- several questions in one message ----------------------------------------------------------------------------------

LENGTH, COST = "faq/how_long__overview", "ask_cost_or_insurance"


def spoken(said: Said) -> list[str]:
    """Return each message as the response it is, or else its words."""
    return [message.get("response") or message["text"] for message in said]


@pytest.mark.parametrize("intent", sorted(names.REQUESTS))
@pytest.mark.parametrize("turned_round", [False, True], ids=["the request last", "the request first"])
async def test_a_question_beside_the_request_is_answered_before_the_intake_opens(
    form: Form, intent: str, turned_round: bool
) -> None:
    # given
    asked = [intent, LENGTH] if turned_round else [LENGTH, intent]

    # when
    said = await form.say("how long is it and can somebody call me", intent, questions=asked)

    # then the answer once, and behind it what the intake always opens with
    alone = await Form().say("can somebody call me", intent)
    assert spoken(said) == [f"utter_{LENGTH}", *words(alone)]
    assert form.is_open


async def test_every_question_beside_the_request_is_answered_in_order(form: Form) -> None:
    said = await form.say("cost, length, and call me", "request_callback", questions=[COST, LENGTH, "request_callback"])
    assert spoken(said)[:3] == [f"utter_{COST}", f"utter_{LENGTH}", LINES["start_callback"]]


async def test_a_request_alone_opens_the_intake_and_answers_nothing(form: Form) -> None:
    said = await form.say("call me", "request_callback", questions=["request_callback"])
    assert words(said)[0] == LINES["start_callback"]


async def test_an_intake_leaves_no_several_questions_open(form: Form) -> None:
    # given
    form.slots[names.SLOT_SEVERAL] = True

    # when
    await form.say("how long and call me", "request_callback", questions=[LENGTH, "request_callback"])

    # then
    assert form.slots[names.SLOT_SEVERAL] is None


async def test_two_questions_in_between_are_both_answered_then_the_open_question_comes_once(form: Form) -> None:
    # given
    await form.say("call me", "request_callback")

    # when
    said = await form.say("how long is it and what does it cost?", "faq", questions=[LENGTH, COST])

    # then
    assert spoken(said) == [f"utter_{LENGTH}", f"utter_{COST}", f"{LINES['return']}\n{ask('name')}"]


async def test_an_answer_beside_a_question_is_kept_and_the_question_answered(form: Form) -> None:
    # given
    await form.say("call me", "request_callback")

    # when
    said = await form.say("my name is Sam. how long is it?", "faq", questions=[LENGTH])

    # then
    assert spoken(said) == [f"utter_{LENGTH}", ask("reach")]
    assert form.slots[names.SLOT_INTAKE]["answers"] == {"name": "Sam"}


@pytest.mark.parametrize("plan", sorted(names.REQUESTS))
async def test_a_question_beside_another_request_is_answered_inside_an_intake_too(form: Form, plan: str) -> None:
    # given
    await form.say("hello", plan)

    # when
    text = "how long is it and can someone call me?"
    said = await form.say(text, "request_callback", questions=[LENGTH, "request_callback"])

    # then
    assert spoken(said)[0] == f"utter_{LENGTH}"
    assert names.UTTER_OUT_OF_SCOPE not in spoken(said)
    assert form.is_open


async def test_asking_again_for_the_call_that_is_being_arranged_is_nothing_we_cannot_answer(form: Form) -> None:
    # given
    await form.say("call me", "request_callback")

    # when
    text = "my name is Sam. how long is it and can someone call me?"
    said = await form.say(text, "request_callback", questions=[LENGTH, "request_callback"])

    # then
    assert spoken(said) == [f"utter_{LENGTH}", ask("reach")]

"""What the centre's own facts answer."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from rasa_sdk.executor import CollectingDispatcher

from actions.centre import ActionAskContact, ActionAskHours, opening_words, utter_call_back
from admissions import content, names
from admissions.core.handoff import Urgency
from tests.actions.conftest import OPEN_AT, Desk
from tests.actions.trackers import make_tracker, run
from tests.fakes import NOW, make_handoff


async def test_at_night_it_is_said_when_admissions_opens(desk: Desk) -> None:
    (said,), events = await run(ActionAskHours(), make_tracker("are you open", "ask_hours"))
    assert said["response"] == names.UTTER_HOURS_CLOSED
    assert said["opens"] == "tomorrow at 8:00 AM (Mountain Time)"
    assert events == []


async def test_by_day_it_is_said_when_admissions_closes(desk: Desk) -> None:
    desk.set_clock(OPEN_AT)
    (said,), _ = await run(ActionAskHours(), make_tracker("are you open", "ask_hours"))
    assert said["response"] == names.UTTER_HOURS_OPEN
    assert said["closes"] == "8:00 PM (Mountain Time)"


def test_a_centre_that_never_opens_is_not_given_an_hour(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    # given
    never = replace(content.centre(), hours=replace(content.centre().hours, weekly={}))
    monkeypatch.setattr(content, "centre", lambda: never)

    # when / then
    assert opening_words() == (None, "at a time I do not know")


async def test_the_phone_number_is_the_configured_one() -> None:
    (said,), _ = await run(ActionAskContact(), make_tracker("phone number?", "ask_contact"))
    assert said["response"] == names.UTTER_CONTACT
    assert said["phone"] == content.centre().phone


@pytest.mark.usefixtures("no_phone")
async def test_without_a_configured_phone_none_is_shown() -> None:
    (said,), _ = await run(ActionAskContact(), make_tracker("phone number?", "ask_contact"))
    assert said["response"] == names.UTTER_CONTACT_NO_PHONE
    assert "phone" not in said


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("open on saturday?", "Admissions is open on Saturday, November 28: 9:00 AM to 5:00 PM (Mountain Time)."),
        ("thanksgiving?", "Admissions is closed on Thursday, November 26 (Thanksgiving Day)."),
        ("what are your hours", "Admissions is open Monday to Friday 8:00 AM to 8:00 PM, Saturday 9:00 AM to 5:00 PM"),
    ],
)
async def test_a_day_or_the_week_is_told_when_that_is_asked(desk: Desk, asked: str, answer: str) -> None:
    (said,), _ = await run(ActionAskHours(), make_tracker(asked, "ask_hours"))
    assert said["text"].startswith(answer)
    assert [button["payload"] for button in said["buttons"]] == ["/talk_to_human", "/request_callback"]


async def test_a_visitor_in_another_zone_is_told_the_time_by_their_clock(desk: Desk) -> None:
    # given
    desk.conversations.forget("c1", NOW)
    desk.conversations.create("c1", NOW, page_url=None, time_zone="America/New_York")

    # when / then
    (said,), _ = await run(ActionAskHours(), make_tracker("are you open", "ask_hours"))
    assert said["opens"] == "tomorrow at 8:00 AM (Mountain Time; today at 10:00 AM your time)"
    assert [line["text"] for line in call_back(Urgency.ROUTINE)[1:]] == [
        "They can call tomorrow from 8:00 AM to 8:00 PM (Mountain Time; today from 10:00 AM to 10:00 PM your time), "
        "or Wednesday from 8:00 AM to 8:00 PM (Mountain Time; tomorrow from 10:00 AM to 10:00 PM your time)."
    ]


@pytest.mark.parametrize("zone", ["Mars/Olympus", "../etc/passwd", ""])
async def test_a_zone_there_is_not_leaves_the_centres_time(desk: Desk, zone: str) -> None:
    # given
    desk.conversations.forget("c1", NOW)
    desk.conversations.create("c1", NOW, page_url=None, time_zone=zone)

    # when / then
    assert opening_words("c1")[1] == "tomorrow at 8:00 AM (Mountain Time)"


def test_hours_are_told_although_the_store_is_away(desk: Desk) -> None:
    desk.conversations.broken = True
    assert opening_words("c1")[1] == "tomorrow at 8:00 AM (Mountain Time)"


def test_an_ordinary_request_is_told_when_a_person_will_call(desk: Desk) -> None:
    (closed,) = call_back(Urgency.ROUTINE)
    assert (closed["response"], closed["opens"]) == (
        names.UTTER_CALL_BACK_CLOSED,
        "tomorrow at 8:00 AM (Mountain Time)",
    )
    desk.set_clock(OPEN_AT)
    (opened,) = call_back(Urgency.ROUTINE)
    assert opened["response"] == names.UTTER_CALL_BACK_OPEN


@pytest.mark.parametrize("urgency", [Urgency.URGENT, Urgency.EMERGENCY])
def test_an_urgent_request_is_told_not_to_wait_for_the_call(desk: Desk, urgency: Urgency) -> None:
    (closed,) = call_back(urgency)
    assert "Admissions will read this when they open, tomorrow at 8:00 AM" in closed["text"]
    desk.set_clock(OPEN_AT)
    (opened,) = call_back(urgency)
    assert "marked as urgent" in opened["text"]
    for said in (closed, opened):
        assert "911" in said["text"]
        assert "988" in said["text"]


def call_back(urgency: Urgency) -> list[dict[str, Any]]:
    """Return what is said after a handoff of this urgency was sent."""
    dispatcher = CollectingDispatcher()
    utter_call_back(dispatcher, replace(make_handoff(), urgency=urgency, conversation_id="c1"))
    return list(dispatcher.messages)

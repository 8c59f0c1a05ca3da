"""What the centre's own facts answer."""

from __future__ import annotations

from dataclasses import replace

import pytest

from actions.centre import ActionAskContact, ActionAskHours, opening_words
from admissions import content, names
from tests.actions.conftest import OPEN_AT, Desk
from tests.actions.trackers import make_tracker, run


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

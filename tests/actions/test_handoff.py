"""What was agreed to is committed, and the visitor hears of it what is true."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from structlog.testing import capture_logs

from actions import handoff as handoff_actions
from actions.handoff import ActionSubmitHandoff
from admissions import names
from admissions.core.delivery import DeliveryState, Outcome
from admissions.core.intake import PREVIEW, Intake, Value
from admissions.core.message import Kind
from admissions.core.receipt import response_name
from admissions.core.steps import SKIPPED, Plan
from admissions.errors import StoreError
from admissions.service import AdmissionsService
from tests.actions.conftest import OPEN_AT, Desk
from tests.actions.trackers import make_tracker, responses, run, slots_of
from tests.fakes import make_attempt

ANSWERS: dict[str, Value] = {"name": "Sam", "reach": "+17195550134", "when": "any time", "permissions": "neither"}

FORGOTTEN = {names.SLOT_INTAKE: None, names.SLOT_OUTCOME: None}


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A receipt that waits a moment only; nobody delivers in most of these tests."""
    monkeypatch.setattr(handoff_actions, "WAIT_FOR_DELIVERY_S", 0.1)
    monkeypatch.setattr(handoff_actions, "_LOOK_EVERY_S", 0.02)


def slots(outcome: str | None = "agreed", answers: dict[str, Value] | None = None) -> dict[str, Any]:
    intake = Intake(Plan.CALLBACK, PREVIEW, ANSWERS if answers is None else answers)
    return {names.SLOT_INTAKE: intake.to_json(), names.SLOT_OUTCOME: outcome}


async def submit(kept: dict[str, Any]) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    said, events = await run(ActionSubmitHandoff(), make_tracker("Send", "affirm", tapped=True, slots=kept))
    return said, slots_of(events)


async def test_what_was_agreed_to_is_one_row_with_what_the_visitor_saw(desk: Desk) -> None:
    # when
    said, after = await submit(slots())

    # then
    (row,) = desk.outbox.list()
    _, body, _ = desk.outbox.show(row.handoff_id)
    sent = json.loads(body)["data"]
    assert sent["contact"]["name"] == "Sam"
    assert sent["contact"]["phone"] == "+17195550134"
    assert sent["conversation_id"] == "c1"
    assert sent["consent"]["sha256"]
    assert after == FORGOTTEN
    receipt = said[0]
    assert receipt["reference"] == row.reference
    assert receipt["handoff_id"] == row.handoff_id
    assert receipt["kind"] == Kind.RECEIPT.value


async def test_a_receipt_says_saved_while_nobody_has_delivered(desk: Desk) -> None:
    said, _ = await submit(slots())
    assert responses(said)[0] == response_name(DeliveryState.SAVED)


async def test_a_receipt_says_held_where_no_webhook_is_configured(desk: Desk) -> None:
    desk.deliver = False
    said, _ = await submit(slots())
    assert responses(said)[0] == response_name(DeliveryState.HELD)


@pytest.mark.parametrize(
    ("outcome", "again", "state"),
    [
        (Outcome.DELIVERED, False, DeliveryState.DELIVERED),
        (Outcome.RETRY, True, DeliveryState.DELAYED),
        (Outcome.RETRY, False, DeliveryState.FAILED),
    ],
)
async def test_a_receipt_tells_what_became_of_the_first_attempt(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, outcome: Outcome, again: bool, state: DeliveryState
) -> None:
    # given a worker that tries while the receipt waits
    monkeypatch.setattr(handoff_actions, "WAIT_FOR_DELIVERY_S", 5)

    async def work() -> None:
        while not (rows := desk.outbox.list()):
            await asyncio.sleep(0.01)
        later = desk.clock.now() if again else None
        desk.outbox.record(rows[0].handoff_id, make_attempt(outcome), next_attempt_at=later)

    # when
    (said, _), _ = await asyncio.gather(submit(slots()), work())

    # then
    assert responses(said)[0] == response_name(state)


async def test_a_store_that_refuses_is_not_called_saved_and_the_answers_stay(desk: Desk) -> None:
    # given
    desk.outbox.broken = True

    # when
    with capture_logs() as logs:
        said, after = await submit(slots())

    # then no receipt and no promise; the form may be ended again
    assert responses(said) == [names.UTTER_NOT_SAVED_PHONE]
    assert after == {names.SLOT_OUTCOME: None}
    assert logs == [{"event": "handoff.not_saved", "error": "StoreError", "log_level": "error"}]
    desk.outbox.broken = False
    assert not desk.outbox.list()


@pytest.mark.usefixtures("no_phone")
async def test_without_a_configured_phone_a_refusing_store_names_none(desk: Desk) -> None:
    desk.conversations.broken = True
    said, _ = await submit(slots())
    assert responses(said) == [names.UTTER_NOT_SAVED]


@pytest.mark.parametrize("outcome", ["declined", "stopped", "minor", None])
async def test_what_was_not_agreed_to_leaves_nothing_and_says_nothing(desk: Desk, outcome: str | None) -> None:
    said, after = await submit(slots(outcome))
    assert said == []
    assert after == FORGOTTEN
    assert not desk.outbox.list()


async def test_a_store_that_fails_after_the_commit_takes_nothing_back(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given
    def away(*_: object) -> DeliveryState:
        raise StoreError("the database is away")

    monkeypatch.setattr(AdmissionsService, "state_of", away)

    # when
    said, after = await submit(slots())

    # then it is said to be saved, which it is, and it cannot be sent a second time
    assert len(desk.outbox.list()) == 1
    assert responses(said)[0] in (response_name(DeliveryState.SAVED), response_name(DeliveryState.HELD))
    assert after == FORGOTTEN


async def test_agreeing_without_any_answers_leaves_nothing(desk: Desk) -> None:
    said, after = await submit({names.SLOT_INTAKE: None, names.SLOT_OUTCOME: "agreed"})
    assert said == []
    assert after == FORGOTTEN
    assert not desk.outbox.list()


@pytest.mark.parametrize("reach", ["+17195550134", "sam@example.org"])
async def test_with_a_way_to_reach_the_visitor_it_is_said_when(desk: Desk, reach: str) -> None:
    # given a closed and an open admissions desk
    kept = slots(answers={**ANSWERS, "reach": reach})

    # when / then
    at_night, _ = await submit(kept)
    assert responses(at_night)[1:] == [names.UTTER_CALL_BACK_CLOSED]
    assert at_night[1]["opens"] == "tomorrow at 8:00 AM (Mountain Time)"
    desk.set_clock(OPEN_AT)
    by_day, _ = await submit(kept)
    assert responses(by_day)[1:] == [names.UTTER_CALL_BACK_OPEN]
    assert by_day[1]["closes"] == "8:00 PM (Mountain Time)"


@pytest.mark.parametrize("answers", [{"name": "Sam", "reach": SKIPPED}, {"name": SKIPPED, "reach": SKIPPED}])
async def test_without_a_way_to_reach_the_visitor_nobody_promises_a_call(desk: Desk, answers: dict[str, Value]) -> None:
    said, _ = await submit(slots(answers=answers))
    assert responses(said) == [response_name(DeliveryState.SAVED), names.UTTER_PHONE]
    assert len(desk.outbox.list()) == 1


@pytest.mark.usefixtures("no_phone")
async def test_without_any_phone_at_all_only_the_receipt_is_said(desk: Desk) -> None:
    said, _ = await submit(slots(answers={"name": "Sam", "reach": SKIPPED}))
    assert responses(said) == [response_name(DeliveryState.SAVED)]


async def test_nothing_of_the_visitor_is_logged(desk: Desk) -> None:
    with capture_logs() as logs:
        await submit(slots())
    (row,) = desk.outbox.list()
    assert logs == [{"event": "handoff.saved", "handoff_id": row.handoff_id, "log_level": "info"}]


async def test_a_send_whose_turn_was_lost_and_said_again_is_one_handoff(desk: Desk) -> None:
    # given the events Rasa still has: its turn with the first Send was lost
    kept = slots()
    before = [
        {"event": "slot", "name": names.SLOT_INTAKE, "value": "an earlier one", "timestamp": 1.5},
        {"event": "slot", "name": names.SLOT_INTAKE, "value": None, "timestamp": 2.5},
        {"event": "slot", "name": names.SLOT_INTAKE, "value": kept[names.SLOT_INTAKE], "timestamp": 3.5},
    ]

    async def send(sent_at: float) -> str:
        again = [{"event": "slot", "name": names.SLOT_INTAKE, "value": kept[names.SLOT_INTAKE], "timestamp": sent_at}]
        tracker = make_tracker("Send", "affirm", tapped=True, slots=kept, events=[*before, *again])
        said, _ = await run(ActionSubmitHandoff(), tracker)
        return str(said[0]["reference"])

    # when
    references = {await send(10.0), await send(20.0)}

    # then
    assert len(references) == len(desk.outbox.list()) == 1

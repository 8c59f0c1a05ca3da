"""The use cases: passing a visitor on, over fakes."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone

import pytest

from admissions.content import centre
from admissions.core.delivery import DeliveryState
from admissions.core.handoff import Consent, Contact, Handoff, Indication, ScreeningItem
from admissions.core.preview import Packet
from admissions.core.steps import Plan
from admissions.errors import StoreError, UnknownHandoff
from admissions.service import REFERENCE_ALPHABET, REFERENCE_LENGTH, AdmissionsService, HandoffRequest
from tests.fakes import NOW, FixedClock, MemoryOutbox

CONVERSATION = "conversation-1"
PACKET = Packet(
    contact=Contact(name="Sam", phone="+17195550134", preferred="phone"),
    about="self",
    adult=True,
    screening=(ScreeningItem("home_support", "no", "Is home a supportive place for you?"),),
    indications=(Indication("inpatient", "home_support", "article §5"),),
)


@dataclass
class FakeConversations:
    """The part of `ports.Conversations` the service asks for."""

    page_url: str | None = "https://www.example.org/iop"
    time_zone: str | None = "America/Chicago"
    lanes: dict[str, str] = field(default_factory=dict)

    def context(self, conversation_id: str) -> tuple[str | None, str | None]:
        return self.page_url, self.time_zone

    def lane(self, conversation_id: str) -> str | None:
        return self.lanes.get(conversation_id)


@dataclass
class World:
    """A service with everything around it."""

    clock: FixedClock = field(default_factory=FixedClock)
    conversations: FakeConversations = field(default_factory=FakeConversations)
    deliver: bool = True

    def __post_init__(self) -> None:
        self.outbox = MemoryOutbox(self.clock)
        self.service = AdmissionsService(
            self.outbox,
            self.conversations,  # type: ignore[arg-type]
            self.clock,
            centre(),
            content_version="content-1",
            model="model-1",
            deliver=self.deliver,
        )


def request(plan: Plan = Plan.SCREENING, *, danger: bool = False) -> HandoffRequest:
    """Return an agreed request."""
    return HandoffRequest(CONVERSATION, plan, PACKET, Consent("2026-11-23", "0" * 64, NOW), danger=danger)


def test_one_row_is_committed_with_the_bytes_that_will_be_sent() -> None:
    # given
    world = World()

    # when
    handoff = world.service.hand_over(request())

    # then
    (row,) = world.outbox.list()
    _, body, attempts = world.outbox.show(handoff.id)
    data = json.loads(body)["data"]
    assert (row.handoff_id, row.reference) == (handoff.id, handoff.reference)
    assert not attempts
    assert data["contact"] == {"name": "Sam", "phone": "+17195550134", "preferred": "phone"}
    assert data["screening"] == [{"question": "home_support", "answer": "no", "asked": PACKET.screening[0].asked}]
    assert (data["content_version"], data["model"]) == ("content-1", "model-1")
    assert "page_url" not in data, "no line of the preview shows it"
    assert data["consent"]["sha256"] == "0" * 64


def test_the_body_is_the_same_json_in_utf_8_without_spaces() -> None:
    world = World()
    packet = Packet(Contact(name="Zoë 🌱"), None, None, (), ())

    handoff = world.service.hand_over(HandoffRequest(CONVERSATION, Plan.HUMAN, packet, request().consent))

    body = world.outbox.show(handoff.id)[1]
    assert "Zoë 🌱".encode() in body
    assert b'": ' not in body


@pytest.mark.parametrize(
    ("deliver", "state"),
    [
        pytest.param(True, DeliveryState.SAVED, id="with a webhook it is due"),
        pytest.param(False, DeliveryState.HELD, id="without one it is kept"),
    ],
)
def test_the_state_is_the_rows_own(deliver: bool, state: DeliveryState) -> None:
    world = World(deliver=deliver)

    handoff = world.service.hand_over(request())

    assert world.service.state_of(handoff.id) is state


@pytest.mark.parametrize(
    ("plan", "reason", "event"),
    [
        (Plan.SCREENING, "screening", "admissions.handoff.created"),
        (Plan.CALLBACK, "callback", "admissions.callback.requested"),
        (Plan.HUMAN, "human_requested", "admissions.handoff.created"),
    ],
)
def test_the_plan_gives_reason_and_event(plan: Plan, reason: str, event: str) -> None:
    world = World()

    handoff = world.service.hand_over(request(plan))

    body = json.loads(world.outbox.show(handoff.id)[1])
    assert (body["data"]["reason"], body["type"]) == (reason, event)


@pytest.mark.parametrize(
    ("lane", "danger", "urgency"),
    [
        pytest.param(None, False, "routine", id="nothing said"),
        pytest.param(None, True, "urgent", id="somebody is in danger or very unwell"),
        pytest.param("suicide", False, "emergency", id="a card was shown"),
        pytest.param("overdose", True, "emergency", id="both"),
    ],
)
@pytest.mark.parametrize("plan", Plan)
def test_urgency_follows_the_card_then_the_answer(plan: Plan, lane: str | None, danger: bool, urgency: str) -> None:
    world = World(conversations=FakeConversations(lanes={CONVERSATION: lane} if lane else {}))

    handoff = world.service.hand_over(request(plan, danger=danger))

    assert handoff.urgency.value == urgency


@pytest.mark.parametrize(
    ("plan", "reason", "lane"),
    [
        pytest.param(Plan.HUMAN, "crisis", "suicide", id="a person, asked for below the card"),
        pytest.param(Plan.CALLBACK, "callback", None, id="a call"),
        pytest.param(Plan.SCREENING, "screening", None, id="a screening"),
    ],
)
def test_the_lane_is_sent_only_where_the_visitor_asked_for_a_person_about_it(
    plan: Plan, reason: str, lane: str | None
) -> None:
    # given
    world = World(conversations=FakeConversations(lanes={CONVERSATION: "suicide"}))

    # when
    handoff = world.service.hand_over(request(plan))

    # then
    data = json.loads(world.outbox.show(handoff.id)[1])["data"]
    assert (data["reason"], data.get("lane"), data["urgency"]) == (reason, lane, "emergency")


def test_the_topics_are_those_of_the_answers_each_once() -> None:
    # given
    raised = [("inpatient", "home_support"), ("inpatient", "withdrawal"), ("withdrawal", "substances")]
    indications = tuple(Indication(topic, step, "article §5") for topic, step in raised)

    # when
    handoff = World().service.hand_over(replace(request(), packet=replace(PACKET, indications=indications)))

    # then
    assert handoff.topics == ("inpatient", "withdrawal")


def test_another_conversations_card_counts_for_nothing() -> None:
    world = World(conversations=FakeConversations(lanes={"conversation-2": "suicide"}))

    assert world.service.hand_over(request()).urgency.value == "routine"


@pytest.mark.parametrize(
    ("now", "after_hours"),
    [
        pytest.param(NOW, True, id="Monday 22:14 in Denver"),
        pytest.param(datetime(2026, 11, 23, 19, 0, tzinfo=timezone.utc), False, id="Monday noon"),
        pytest.param(datetime(2026, 11, 29, 19, 0, tzinfo=timezone.utc), True, id="Sunday noon"),
        pytest.param(datetime(2026, 11, 26, 19, 0, tzinfo=timezone.utc), True, id="a holiday"),
    ],
)
def test_after_hours_is_the_centres_clock(now: datetime, after_hours: bool) -> None:
    handoff = World(clock=FixedClock(now)).service.hand_over(request())

    assert handoff.after_hours is after_hours
    assert handoff.created_at == now


def test_a_reference_can_be_read_out_on_the_phone_and_spells_nothing() -> None:
    world = World()

    references = {world.service.hand_over(request()).reference for _ in range(200)}

    assert len(references) == 200
    assert all(len(reference) == REFERENCE_LENGTH for reference in references)
    assert set("".join(references)) <= set(REFERENCE_ALPHABET)
    assert not set(REFERENCE_ALPHABET) & set("01OIL" + "AEIUY")


def test_every_handoff_has_an_id_of_its_own() -> None:
    world = World()

    ids = {world.service.hand_over(request()).id for _ in range(50)}

    assert len(ids) == len(world.outbox.list()) == 50
    assert all(found.startswith("hnd_") for found in ids)


@pytest.mark.parametrize(
    ("given", "zone"),
    [("America/Chicago", "America/Chicago"), (None, "America/Denver")],
    ids=["the widget's", "the centre's"],
)
def test_the_visitors_time_zone_is_the_widgets_else_the_centres(given: str | None, zone: str) -> None:
    world = World(conversations=FakeConversations(time_zone=given))

    assert world.service.time_zone_of(CONVERSATION) == zone


def test_what_could_not_be_saved_is_an_error_and_leaves_nothing() -> None:
    # given
    world = World()
    world.outbox.broken = True

    # when
    with pytest.raises(StoreError):
        world.service.hand_over(request())

    # then
    world.outbox.broken = False
    assert not world.outbox.list()


def test_an_unknown_handoff_has_no_state() -> None:
    with pytest.raises(UnknownHandoff):
        World().service.state_of("hnd_none")


def test_now_is_the_clocks() -> None:
    assert World().service.now() == NOW


def test_the_same_intake_sent_twice_is_one_handoff_with_one_reference() -> None:
    # given a Send whose answer never arrived
    world = World()
    first = world.service.hand_over(replace(request(), intake_id="opened at 1"))
    world.clock.advance(600)

    # when
    again = replace(request(), intake_id="opened at 1", consent=replace(request().consent, at=world.clock.now()))
    second = world.service.hand_over(again)

    # then
    assert (second.event_id, second.reference, second.created_at) == (first.event_id, first.reference, NOW)
    assert len(world.outbox.list()) == 1


def test_the_same_intake_with_other_words_is_the_same_handoff_corrected() -> None:
    # given
    world = World()
    first = world.service.hand_over(replace(request(), intake_id="opened at 1"))
    other = replace(PACKET, contact=Contact(name="Sam", phone="+17195550199", preferred="phone"))

    # when
    corrected = [
        world.service.hand_over(replace(request(), packet=packet, intake_id="opened at 1"))
        for packet in (other, other, PACKET)
    ]

    # then
    assert [handoff.event_id for handoff in corrected] == [f"{first.id}_u1", f"{first.id}_u1", f"{first.id}_u2"]
    payload = json.loads(world.outbox.show(f"{first.id}_u1")[1])
    assert payload["type"] == "admissions.handoff.updated"
    assert (payload["data"]["id"], payload["data"]["reference"]) == (first.id, first.reference)
    assert payload["data"]["contact"]["phone"] == "+17195550199"
    assert len(world.outbox.list()) == 3


def test_another_intake_of_the_conversation_is_another_handoff() -> None:
    world = World()

    ids = {world.service.hand_over(replace(request(), intake_id=f"opened at {number}")).id for number in range(3)}

    assert len(ids) == len(world.outbox.list()) == 3


def test_the_same_intake_sent_twice_at_one_time_is_told_with_the_reference_that_was_kept() -> None:
    # given another process that keeps the same intake between our look and our insert
    class Overtaken(MemoryOutbox):
        def add(self, handoff: Handoff, body: bytes, *, deliver: bool) -> None:
            super().add(replace(handoff, reference="FIRST2"), body, deliver=deliver)
            super().add(handoff, body, deliver=deliver)

    world = World()
    outbox = Overtaken(world.clock)
    service = AdmissionsService(
        outbox,
        world.conversations,  # type: ignore[arg-type]
        world.clock,
        centre(),
        content_version="content-1",
        model="model-1",
        deliver=True,
    )

    # when
    handoff = service.hand_over(replace(request(), intake_id="opened at 1"))

    # then
    assert handoff.reference == "FIRST2"
    assert len(outbox.list()) == 1

"""The wire form of a handoff, version 1: a contract with whoever receives it (docs/architecture.md)."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta, timezone

import pytest

from admissions.core.handoff import (
    Consent,
    Contact,
    EventType,
    Handoff,
    Indication,
    Reason,
    ScreeningItem,
    TranscriptLine,
    Urgency,
    Window,
    iso,
    to_payload,
)
from admissions.settings import ROOT
from tests.fakes import NOW

FULL = Handoff(
    id="hnd_0001",
    reference="K7M2QF",
    reason=Reason.SCREENING,
    urgency=Urgency.ROUTINE,
    created_at=NOW,
    conversation_id="conversation-1",
    after_hours=True,
    content_version="content-1",
    model="model-1",
    consent=Consent("2026-11-23", "0" * 64, NOW),
    contact=Contact(
        name="Sam",
        phone="+17195550134",
        email="sam@example.org",
        preferred="phone",
        window=Window("America/Denver", says="after 5", start=NOW, end=NOW + timedelta(hours=2)),
        voicemail_ok=False,
        text_ok=True,
    ),
    about="self",
    adult=True,
    lane="suicide",
    screening=(
        ScreeningItem("home_support", "no", "Is home a supportive place for you?"),
        ScreeningItem("substances", ("alcohol", "cannabis"), "Which substances is it about?"),
    ),
    topics=("inpatient", "withdrawal"),
    indications=(Indication("inpatient", "home_support", "article §5"),),
    page_url="https://www.example.org/iop",
    transcript=(TranscriptLine("visitor", NOW, "what is iop"),),
)

GOLDEN = {
    "type": "admissions.handoff.created",
    "version": 1,
    "timestamp": "2026-11-24T05:14:03Z",
    "test": False,
    "data": {
        "id": "hnd_0001",
        "reference": "K7M2QF",
        "reason": "screening",
        "urgency": "routine",
        "lane": "suicide",
        "contact": {
            "name": "Sam",
            "phone": "+17195550134",
            "email": "sam@example.org",
            "preferred": "phone",
            "window": {
                "says": "after 5",
                "from": "2026-11-24T05:14:03Z",
                "to": "2026-11-24T07:14:03Z",
                "time_zone": "America/Denver",
            },
            "voicemail_ok": False,
            "text_ok": True,
        },
        "about": "self",
        "adult": True,
        "screening": [
            {"question": "home_support", "answer": "no", "asked": "Is home a supportive place for you?"},
            {"question": "substances", "answer": ["alcohol", "cannabis"], "asked": "Which substances is it about?"},
        ],
        "topics": ["inpatient", "withdrawal"],
        "indications": [{"topic": "inpatient", "because": "home_support", "source": "article §5"}],
        "consent": {"text_version": "2026-11-23", "sha256": "0" * 64, "at": "2026-11-24T05:14:03Z"},
        "after_hours": True,
        "conversation_id": "conversation-1",
        "page_url": "https://www.example.org/iop",
        "content_version": "content-1",
        "model": "model-1",
        "transcript": [{"from": "visitor", "at": "2026-11-24T05:14:03Z", "text": "what is iop"}],
    },
}


def make(**changes: object) -> Handoff:
    """Return a handoff that carries nothing of the visitor's."""
    least = {
        "id": "hnd_0001",
        "reference": "K7M2QF",
        "reason": Reason.CRISIS,
        "urgency": Urgency.EMERGENCY,
        "created_at": NOW,
        "conversation_id": "conversation-1",
        "after_hours": False,
        "content_version": "content-1",
        "model": "model-1",
    }
    return Handoff(**{**least, **changes})  # type: ignore[arg-type]


def test_the_golden_payload() -> None:
    assert to_payload(FULL) == GOLDEN


def test_the_payload_is_plain_json() -> None:
    assert json.loads(json.dumps(to_payload(FULL))) == GOLDEN


def test_what_was_never_given_is_absent_not_null() -> None:
    assert to_payload(make())["data"] == {
        "id": "hnd_0001",
        "reference": "K7M2QF",
        "reason": "crisis",
        "urgency": "emergency",
        "after_hours": False,
        "conversation_id": "conversation-1",
        "content_version": "content-1",
        "model": "model-1",
    }


@pytest.mark.parametrize(
    ("contact", "wire"),
    [
        pytest.param(Contact(), None, id="nothing"),
        pytest.param(Contact(name="Sam"), {"name": "Sam"}, id="a name only"),
        pytest.param(
            Contact(email="sam@example.org", preferred="email"),
            {"email": "sam@example.org", "preferred": "email"},
            id="an e-mail",
        ),
        pytest.param(
            Contact(window=Window("America/Denver", says="mornings")),
            {"window": {"says": "mornings", "time_zone": "America/Denver"}},
            id="a time in words",
        ),
        pytest.param(
            Contact(voicemail_ok=False, text_ok=False), {"voicemail_ok": False, "text_ok": False}, id="no is an answer"
        ),
    ],
)
def test_a_contact_holds_only_what_was_given(contact: Contact, wire: dict[str, object] | None) -> None:
    assert to_payload(make(contact=contact))["data"].get("contact") == wire


def test_a_no_stays_on_the_wire() -> None:
    data = to_payload(make(adult=False))["data"]

    assert data["adult"] is False
    assert data["after_hours"] is False


@pytest.mark.parametrize("reason", Reason)
def test_only_a_call_has_an_event_of_its_own(reason: Reason) -> None:
    event = EventType.CALLBACK_REQUESTED if reason is Reason.CALLBACK else EventType.HANDOFF_CREATED

    assert make(reason=reason).event_type is event
    assert to_payload(make(reason=reason))["type"] == event.value


def test_a_test_event_says_so() -> None:
    assert to_payload(FULL, test=True)["test"] is True


@pytest.mark.parametrize(
    ("moment", "written"),
    [
        (datetime(2026, 11, 23, 22, 14, 3, tzinfo=timezone.utc), "2026-11-23T22:14:03Z"),
        (datetime(2026, 11, 23, 15, 14, 3, 999_999, tzinfo=timezone(timedelta(hours=-7))), "2026-11-23T22:14:03Z"),
    ],
)
def test_a_moment_is_written_in_utc_to_the_second(moment: datetime, written: str) -> None:
    assert iso(moment) == written


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="created_at"):
        make(created_at=NOW.replace(tzinfo=None))


def test_the_document_names_every_field_and_every_value() -> None:
    # given
    document = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    wire = document[document.index("The handoff on the wire") :]

    # when
    fields = set(re.findall(r'"(\w+)":', json.dumps(GOLDEN)))
    values = {one.value for one in [*Reason, *Urgency]}

    # then
    assert not {name for name in fields | values if not re.search(rf"\b{name}\b", wire)}

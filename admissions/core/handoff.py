"""What admissions receives: one handoff and its form on the wire, version 1.

The wire form is a contract (docs/architecture.md, "The handoff on the wire"): a field the visitor skipped or never saw
is absent, not null.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from enum import Enum
from typing import Any

#: Rises when a field changes its meaning or goes; a new optional field does not raise it.
WIRE_VERSION = 1


class Reason(Enum):
    """Why the conversation reached admissions."""

    SCREENING = "screening"  #: The visitor answered the screening questions and agreed to send them.
    CALLBACK = "callback"  #: The visitor asked to be called.
    HUMAN_REQUESTED = "human_requested"  #: The visitor asked for a person.
    CRISIS = "crisis"  #: The visitor chose to be contacted after an emergency card.
    FALLBACK = "fallback"  #: The assistant could not help and the visitor chose a person.


class Urgency(Enum):
    """How soon a person should look; not a clinical judgement."""

    EMERGENCY = "emergency"  #: An emergency card was shown in this conversation.
    URGENT = "urgent"  #: The visitor said that somebody is in danger or very unwell.
    ROUTINE = "routine"  #: Everything else.


class EventType(Enum):
    """Names of the webhook events."""

    HANDOFF_CREATED = "admissions.handoff.created"
    HANDOFF_UPDATED = "admissions.handoff.updated"  #: The same intake was sent again with other words.
    CALLBACK_REQUESTED = "admissions.callback.requested"
    TEST = "admissions.test"


@dataclass(frozen=True)
class Window:
    """When a person may be reached: free words as the visitor said them, or two instants, with a time zone."""

    time_zone: str  #: IANA name
    says: str | None = None  #: the visitor's own words, "after 5 on weekdays"
    start: datetime | None = None  #: aware
    end: datetime | None = None  #: aware


@dataclass(frozen=True)
class Contact:
    """How the visitor wants to be reached; every field was shown in the preview."""

    name: str | None = None
    phone: str | None = None  #: E.164
    email: str | None = None
    preferred: str | None = None  #: "phone" or "email"
    window: Window | None = None
    voicemail_ok: bool | None = None
    text_ok: bool | None = None


@dataclass(frozen=True)
class ScreeningItem:
    """One answered question: its step name, the answer's value, and the words the visitor saw."""

    question: str
    answer: str | tuple[str, ...]
    asked: str


@dataclass(frozen=True)
class Indication:
    """A topic to raise with admissions, with the visitor's own answer as the reason and the article's section."""

    topic: str
    because: str
    source: str


@dataclass(frozen=True)
class Consent:
    """The words the visitor agreed to: version, sha256 of the text, and when (aware UTC)."""

    text_version: str
    sha256: str
    at: datetime


@dataclass(frozen=True)
class TranscriptLine:
    """One line of the conversation, only when the visitor agreed to share it."""

    sender: str
    at: datetime
    text: str


@dataclass(frozen=True)
class Handoff:
    """A visitor passed on to a person in admissions."""

    id: str  #: "hnd_" and a random part, the same on every delivery attempt
    reference: str  #: six characters a person can read out on the phone
    reason: Reason
    urgency: Urgency
    created_at: datetime  #: aware UTC
    conversation_id: str
    after_hours: bool
    content_version: str
    model: str
    consent: Consent | None = None
    contact: Contact | None = None
    about: str | None = None  #: self, loved_one or professional
    adult: bool | None = None
    lane: str | None = None  #: the safety lane of a crisis handoff
    screening: tuple[ScreeningItem, ...] = ()
    topics: tuple[str, ...] = ()
    indications: tuple[Indication, ...] = ()
    page_url: str | None = None
    transcript: tuple[TranscriptLine, ...] = ()
    revision: int = 0  #: 0 as first sent; each correction one more

    def __post_init__(self) -> None:
        if self.created_at.tzinfo is None:
            raise ValueError("created_at must be an aware datetime")

    @property
    def event_type(self) -> EventType:
        """The webhook event this handoff is announced as."""
        if self.revision:
            return EventType.HANDOFF_UPDATED
        return EventType.CALLBACK_REQUESTED if self.reason is Reason.CALLBACK else EventType.HANDOFF_CREATED

    @property
    def event_id(self) -> str:
        """The `webhook-id`: the handoff's own id, and for a correction that id with its number."""
        return f"{self.id}_u{self.revision}" if self.revision else self.id

    @property
    def event_reference(self) -> str:
        """How operators find this event: the reference, and for a correction its number behind it."""
        return f"{self.reference}+{self.revision}" if self.revision else self.reference


def iso(moment: datetime) -> str:
    """Write an aware moment as UTC with a trailing Z, to the second (RFC 3339)."""
    return moment.astimezone(timezone.utc).replace(microsecond=0).isoformat().replace("+00:00", "Z")


def to_payload(handoff: Handoff, *, test: bool = False) -> dict[str, Any]:
    """Return the webhook body of a handoff as plain JSON values, absent fields left out."""
    return {
        "type": handoff.event_type.value,
        "version": WIRE_VERSION,
        "timestamp": iso(handoff.created_at),
        "test": test,
        "data": _present(
            {
                "id": handoff.id,
                "reference": handoff.reference,
                "reason": handoff.reason.value,
                "urgency": handoff.urgency.value,
                "lane": handoff.lane,
                "contact": _contact(handoff.contact),
                "about": handoff.about,
                "adult": handoff.adult,
                "screening": [_screening_item(item) for item in handoff.screening],
                "topics": list(handoff.topics),
                "indications": [
                    {"topic": item.topic, "because": item.because, "source": item.source}
                    for item in handoff.indications
                ],
                "consent": _consent(handoff.consent),
                "after_hours": handoff.after_hours,
                "conversation_id": handoff.conversation_id,
                "page_url": handoff.page_url,
                "content_version": handoff.content_version,
                "model": handoff.model,
                "transcript": [
                    {"from": line.sender, "at": iso(line.at), "text": line.text} for line in handoff.transcript
                ],
            }
        ),
    }


def _screening_item(item: ScreeningItem) -> dict[str, Any]:
    answer = list(item.answer) if isinstance(item.answer, tuple) else item.answer
    return {"question": item.question, "answer": answer, "asked": item.asked}


def _contact(contact: Contact | None) -> dict[str, Any] | None:
    if contact is None:
        return None
    window = contact.window
    return _present(
        {
            "name": contact.name,
            "phone": contact.phone,
            "email": contact.email,
            "preferred": contact.preferred,
            "window": window
            and _present(
                {
                    "says": window.says,
                    "from": window.start and iso(window.start),
                    "to": window.end and iso(window.end),
                    "time_zone": window.time_zone,
                }
            ),
            "voicemail_ok": contact.voicemail_ok,
            "text_ok": contact.text_ok,
        }
    )


def _consent(consent: Consent | None) -> dict[str, Any] | None:
    if consent is None:
        return None
    return {"text_version": consent.text_version, "sha256": consent.sha256, "at": iso(consent.at)}


def _present(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what was never given: None, and empty lists and maps; False and 0 stay."""
    return {name: value for name, value in fields.items() if value is not None and value != [] and value != {}}

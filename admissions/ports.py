"""What the use cases need from the world, as protocols; `store` and the tests' fakes implement them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from admissions.core.canary import CanaryStatus
from admissions.core.delivery import (
    DEFAULT_ENDPOINT,
    Attempt,
    DeliveryState,
    EndpointStatus,
    HandoffSummary,
    OutboxItem,
)
from admissions.core.handoff import Handoff
from admissions.core.message import Message
from admissions.core.notices import Kind as NoticeKind
from admissions.core.notices import Waiting
from admissions.core.retention import Expired, Keep


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """Return the current moment, aware UTC."""


class Outbox(Protocol):
    """Keeps handoffs and the duty to deliver them to each endpoint, in one transaction."""

    def add(self, handoff: Handoff, body: bytes, *, deliver: bool) -> None:
        """Commit the handoff and its delivery duties; `deliver` False keeps it as HELD (no webhook is configured).

        Adding the same event id again changes nothing. Raises StoreError when it could not be committed.
        """

    def state(self, handoff_id: str) -> DeliveryState:
        """Return where this handoff stands, over all its endpoints. Raises UnknownHandoff."""

    def claim(
        self, now: datetime, *, lease_s: float, limit: int, endpoint: str = DEFAULT_ENDPOINT
    ) -> Sequence[OutboxItem]:
        """Take what is due at one endpoint for `lease_s` seconds, oldest first; no other worker gets it meanwhile.

        Nothing is due at a disabled endpoint. A moment noted by a clock that has gone back since holds nothing up.
        """

    def record(
        self,
        handoff_id: str,
        attempt: Attempt,
        *,
        next_attempt_at: datetime | None,
        claim: str | None = None,
        endpoint: str = DEFAULT_ENDPOINT,
    ) -> None:
        """Write down one ended attempt and release the claim. Raises UnknownHandoff.

        A DELIVERED outcome ends the duty, GONE disables the endpoint until `enable`; otherwise `next_attempt_at` None
        makes it FAILED (a dead letter). A failed attempt under a `claim` that ran out and was taken over changes
        nothing but the history.
        """

    def list(self, state: DeliveryState | None = None, limit: int = 100) -> Sequence[HandoffSummary]:
        """Return the newest handoffs first, one line for each endpoint."""

    def show(self, handoff: str) -> tuple[HandoffSummary, bytes, Sequence[Attempt]]:
        """Return one handoff by id or reference: summary, body, attempts oldest first. Raises UnknownHandoff."""

    def retry(self, handoff: str, now: datetime) -> HandoffSummary:
        """Make one handoff (id or reference) due now wherever it is not delivered, its schedule begun anew.

        Raises UnknownHandoff.
        """

    def retry_many(
        self,
        now: datetime,
        *,
        state: DeliveryState | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> int:
        """Do the same for what is in `state` and was created from `since` to before `until`; return how many."""

    def endpoints(self) -> Sequence[EndpointStatus]:
        """Return every endpoint that is configured or still owed something, by name."""

    def enable(self, endpoint: str, now: datetime) -> int:
        """Use a disabled endpoint again and make due now what it is owed; return how many."""

    def release_held(self, now: datetime) -> int:
        """Make due what was held, and what is owed to an endpoint that is no longer configured; return how many."""

    def oldest_due(self, now: datetime) -> datetime | None:
        """Return since when the longest-owed handoff is owed, whenever its next try is; None when nothing is owed.

        This is the outbox lag: a receiver that has been dead for an hour is an hour of it.
        """


class Notices(Protocol):
    """Knows which handoffs admissions was told of and which somebody has claimed."""

    def waiting(self, now: datetime) -> Sequence[Waiting]:
        """Return the handoffs of the last days that nobody has claimed and that still owe a notice, oldest first."""

    def take(self, handoff_id: str, kind: NoticeKind, now: datetime) -> int | None:
        """Take one notice to send it and return the try's number; None when it is not this worker's to send now."""

    def note_sent(self, handoff_id: str, kind: NoticeKind, now: datetime) -> None:
        """Remember that a notice went out."""

    def claim(self, handoff: str, now: datetime) -> int:
        """Note that somebody took on a handoff (id or reference); return how many are new. Raises UnknownHandoff."""


class Canaries(Protocol):
    """Knows how each endpoint's hourly test went."""

    def take(self, endpoint: str, now: datetime) -> bool:
        """Say whether this worker is to send the endpoint's test now; no other gets it in the same hour."""

    def note(self, endpoint: str, at: datetime, *, good: bool, detail: str) -> None:
        """Write down how a test ended."""

    def statuses(self) -> Sequence[CanaryStatus]:
        """Return what is known of every endpoint's test, by name."""


class Retention(Protocol):
    """Knows what is older than the centre keeps it."""

    def expired(self, now: datetime, keep: Keep) -> Expired:
        """Return how much is older than `keep` says; nothing is changed. Raises StoreError."""

    def purge(self, now: datetime, keep: Keep) -> Expired:
        """Delete it and return how much it was; any number may do so at once. Raises StoreError."""


class Reads(Protocol):
    """The record of every time a person read what visitors entrusted to us; nothing in it is ever changed."""

    def note(self, at: datetime, person: str, action: str, subject: str) -> None:
        """Add one read; what cannot be added may not be shown. Raises StoreError."""


class TrackerEvents(Protocol):
    """Rasa's own record of a conversation, as far as it holds a visitor's answers."""

    def remove_answers(self, conversation_id: str, *, words: bool) -> None:
        """Empty every saved state of the intake; with `words` also what was said since it began. Raises StoreError."""


class Conversations(Protocol):
    """Keeps what was said, by conversation, for the widget's restore and for answering a repeated id the same way."""

    def create(self, conversation_id: str, now: datetime, *, page_url: str | None, time_zone: str | None) -> None:
        """Start a conversation. Raises StoreError."""

    def exists(self, conversation_id: str) -> bool:
        """Say whether the conversation was created and not forgotten."""

    def append(self, conversation_id: str, messages: Sequence[Message]) -> None:
        """Add messages that belong to no visitor turn (the greeting)."""

    def begin_turn(self, conversation_id: str, client_id: str, said: Message) -> Sequence[Message] | None:
        """Claim a visitor's message id and store what was said.

        Returns None when the id is new (the caller now runs the turn), the stored answer when the turn is finished, and
        an empty sequence while it is still running elsewhere.
        """

    def finish_turn(self, conversation_id: str, client_id: str, answer: Sequence[Message]) -> None:
        """Store the answer of a claimed turn; its messages follow the visitor's in the conversation."""

    def abandon_turn(self, conversation_id: str, client_id: str) -> None:
        """Give a claimed id free again (and drop the visitor's line) because the turn never ran."""

    def messages(self, conversation_id: str) -> Sequence[Message]:
        """Return the conversation so far, in order."""

    def was_offered(self, conversation_id: str, payload: str) -> Message | None:
        """Return the bot message that offered this button payload in this conversation, newest first, or None."""

    def latest_offer(self, conversation_id: str) -> Message | None:
        """Return the newest bot message with buttons, None when nothing was offered yet."""

    def newest(self, conversation_id: str) -> int:
        """Return the number of the newest message, 0 when there is none."""

    def remove_lines(self, conversation_id: str, since: int) -> None:
        """Delete what was said from message `since` on; emergency cards and the visitor's last line stay."""

    def forget(self, conversation_id: str, now: datetime) -> str:
        """Delete the conversation, what was said in it and its handoffs that no receiver has; return a receipt's id.

        Forgetting twice is fine; each time has its own receipt.
        """

    def context(self, conversation_id: str) -> tuple[str | None, str | None]:
        """Return (page_url, time_zone) as the widget gave them."""

    def note_lane(self, conversation_id: str, lane: str) -> None:
        """Remember that an emergency card of this safety lane was shown; the last one counts."""

    def lane(self, conversation_id: str) -> str | None:
        """Return the safety lane of the last emergency card shown, None when none was."""

    def count_event(self, name: str, now: datetime) -> None:
        """Add one to a named counter of the day; no text, no conversation id."""

    def ping(self) -> None:
        """Write and read one row. Raises StoreError when the store is not writable."""

"""Conversations on SQL: what was said, which message ids were answered, and what was offered."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta, timezone
from typing import Any

import sqlalchemy as sa  # type: ignore[import-untyped,unused-ignore]
from sqlalchemy.engine import Connection, Engine  # type: ignore[import-untyped,unused-ignore]

from admissions.core.message import Button, Kind, Message, Sender
from admissions.errors import StoreError
from admissions.store.db import insert_new, reading, scrub, writing
from admissions.store.retention import withdraw
from admissions.store.schema import conversations, daily_counts, deletions, heartbeat, messages, turns

#: After this long an unfinished turn is taken to have died with its process, and the widget's next try runs it anew.
#: Twice Rasa's own limit for a turn (60 s).
TURN_DIED_AFTER = timedelta(minutes=2)

#: How many of the newest bot messages are looked through for the choices that are open now.
OFFER_WITHIN = 8


class SqlConversations:
    """`ports.Conversations` on SQLAlchemy Core."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def create(self, conversation_id: str, now: datetime, *, page_url: str | None, time_zone: str | None) -> None:
        """Start a conversation. Raises StoreError, also when the id exists."""
        with writing(self._engine) as connection:
            connection.execute(
                conversations.insert().values(
                    id=conversation_id, created_at=now, page_url=page_url, time_zone=time_zone
                )
            )

    def exists(self, conversation_id: str) -> bool:
        """Say whether the conversation was created and not forgotten."""
        with reading(self._engine) as connection:
            return _exists(connection, conversation_id)

    def append(self, conversation_id: str, messages: Sequence[Message]) -> None:
        """Add messages that belong to no visitor turn. Raises StoreError when the conversation does not exist."""
        with writing(self._engine) as connection:
            _store(connection, conversation_id, None, messages)

    def begin_turn(self, conversation_id: str, client_id: str, said: Message) -> Sequence[Message] | None:
        """Claim a message id and store what was said: None when new, the answer when finished, empty while running.

        A turn that began more than TURN_DIED_AFTER ago and never finished counts as new; its line is kept once.
        """
        turn = {"conversation_id": conversation_id, "client_id": client_id}
        with writing(self._engine) as connection:
            if insert_new(connection, turns, {**turn, "claimed_at": said.at, "finished": False}):
                _store(connection, conversation_id, client_id, [said])
                return None
            found = connection.execute(
                turns.select().where(_turn(conversation_id, client_id)).with_for_update()
            ).first()
            if found is None:  # the insert was refused for want of a conversation, not for a known id
                raise StoreError("no such conversation: it was never created, or was forgotten")
            if found.finished:
                return _said(connection, conversation_id, client_id, Sender.VISITOR)
            if said.at - found.claimed_at <= TURN_DIED_AFTER:
                return ()
            connection.execute(turns.update().where(_turn(conversation_id, client_id)).values(claimed_at=said.at))
            return None

    def finish_turn(self, conversation_id: str, client_id: str, answer: Sequence[Message]) -> None:
        """Store the answer of a claimed turn, once; a turn forgotten or abandoned meanwhile stays so."""
        with writing(self._engine) as connection:
            claimed = connection.execute(
                turns.update()
                .where(_turn(conversation_id, client_id), turns.c.finished.is_(False))
                .values(finished=True)
            )
            if claimed.rowcount:
                _store(connection, conversation_id, client_id, answer)

    def abandon_turn(self, conversation_id: str, client_id: str) -> None:
        """Give a claimed id free again and drop the visitor's line; a finished turn stays."""
        with writing(self._engine) as connection:
            dropped = connection.execute(
                turns.delete().where(_turn(conversation_id, client_id), turns.c.finished.is_(False))
            )
            if dropped.rowcount:
                connection.execute(
                    messages.delete().where(
                        messages.c.conversation_id == conversation_id, messages.c.client_id == client_id
                    )
                )

    def messages(self, conversation_id: str) -> Sequence[Message]:
        """Return the conversation so far, in order."""
        with reading(self._engine) as connection:
            return _said(connection, conversation_id)

    def was_offered(self, conversation_id: str, payload: str) -> Message | None:
        """Return the newest bot message of this conversation that offered this payload, or None."""
        with reading(self._engine) as connection:
            said = _said(connection, conversation_id)
        for message in reversed(said):
            if message.sender is Sender.BOT and any(button.payload == payload for button in message.buttons):
                return message
        return None

    def latest_offer(self, conversation_id: str) -> Message | None:
        """Return the newest bot message with buttons, None when nothing was offered yet."""
        query = sa.select(messages.c.body).where(
            messages.c.conversation_id == conversation_id, messages.c.sender == Sender.BOT.value
        )
        with reading(self._engine) as connection:
            rows = connection.execute(query.order_by(messages.c.number.desc()).limit(OFFER_WITHIN)).all()
        return next((message for row in rows if (message := _from_row(row.body)).buttons), None)

    def newest(self, conversation_id: str) -> int:
        """Return the number of the newest message, 0 when there is none."""
        query = sa.select(sa.func.max(messages.c.number)).where(messages.c.conversation_id == conversation_id)
        with reading(self._engine) as connection:
            return int(connection.execute(query).scalar() or 0)

    def remove_lines(self, conversation_id: str, since: int) -> None:
        """Delete what was said from message `since` on; emergency cards and the visitor's last line stay."""
        query = sa.select(messages.c.number, messages.c.sender, messages.c.body).where(
            messages.c.conversation_id == conversation_id, messages.c.number >= since
        )
        with writing(self._engine) as connection:
            rows = connection.execute(query).all()
            last = max((row.number for row in rows if row.sender == Sender.VISITOR.value), default=0)
            gone = [row.number for row in rows if row.number != last and row.body["kind"] != Kind.EMERGENCY.value]
            if gone:
                connection.execute(messages.delete().where(messages.c.number.in_(gone)))
        scrub(self._engine)

    def forget(self, conversation_id: str, now: datetime) -> str:
        """Delete the conversation and everything said in it, from the log files too, and what no receiver has of it.

        Returns the id of the receipt, which is kept with the counts and nothing that says whose.
        """
        receipt = f"del_{secrets.token_hex(8)}"
        with writing(self._engine) as connection:
            mine = messages.c.conversation_id == conversation_id
            said = connection.execute(sa.select(sa.func.count()).select_from(messages).where(mine)).scalar_one()
            withdrawn, kept = withdraw(connection, conversation_id)
            for table in (messages, turns):
                connection.execute(table.delete().where(table.c.conversation_id == conversation_id))
            connection.execute(conversations.delete().where(conversations.c.id == conversation_id))
            connection.execute(
                deletions.insert().values(
                    receipt=receipt, at=now, messages=said, handoffs=withdrawn, handoffs_kept=kept
                )
            )
        scrub(self._engine)
        return receipt

    def context(self, conversation_id: str) -> tuple[str | None, str | None]:
        """Return (page_url, time_zone) as the widget gave them, None for both when there is no conversation."""
        with reading(self._engine) as connection:
            row = connection.execute(
                sa.select(conversations.c.page_url, conversations.c.time_zone).where(
                    conversations.c.id == conversation_id
                )
            ).first()
        return (row.page_url, row.time_zone) if row else (None, None)

    def note_lane(self, conversation_id: str, lane: str) -> None:
        """Remember that an emergency card of this safety lane was shown; the last one counts."""
        with writing(self._engine) as connection:
            connection.execute(conversations.update().where(conversations.c.id == conversation_id).values(lane=lane))

    def lane(self, conversation_id: str) -> str | None:
        """Return the safety lane of the last emergency card shown, None when none was."""
        with reading(self._engine) as connection:
            lane: str | None = connection.execute(
                sa.select(conversations.c.lane).where(conversations.c.id == conversation_id)
            ).scalar()
        return lane

    def count_event(self, name: str, now: datetime) -> None:
        """Add one to a named counter of the UTC day."""
        day = now.astimezone(timezone.utc).date()
        with writing(self._engine) as connection:
            insert_new(connection, daily_counts, {"day": day, "name": name, "count": 0})
            connection.execute(
                daily_counts.update()
                .where(daily_counts.c.day == day, daily_counts.c.name == name)
                .values(count=daily_counts.c.count + 1)
            )

    def ping(self) -> None:
        """Write and read one row. Raises StoreError."""
        with writing(self._engine) as connection:
            insert_new(connection, heartbeat, {"id": 1, "beats": 0})
            connection.execute(heartbeat.update().values(beats=heartbeat.c.beats + 1))
            connection.execute(sa.select(heartbeat.c.beats)).scalar_one()


def _turn(conversation_id: str, client_id: str) -> Any:
    return sa.and_(turns.c.conversation_id == conversation_id, turns.c.client_id == client_id)


def _exists(connection: Connection, conversation_id: str) -> bool:
    found = connection.execute(sa.select(conversations.c.id).where(conversations.c.id == conversation_id)).first()
    return found is not None


def _store(connection: Connection, conversation_id: str, client_id: str | None, said: Sequence[Message]) -> None:
    for message in said:
        connection.execute(
            messages.insert().values(
                conversation_id=conversation_id,
                client_id=client_id,
                sender=message.sender.value,
                body=_to_row(message),
            )
        )


def _said(
    connection: Connection, conversation_id: str, client_id: str | None = None, but: Sender | None = None
) -> tuple[Message, ...]:
    """Return messages in order: all, or those of one turn; `but` leaves out one side."""
    query = sa.select(messages.c.body).where(messages.c.conversation_id == conversation_id)
    if client_id is not None:
        query = query.where(messages.c.client_id == client_id)
    if but is not None:
        query = query.where(messages.c.sender != but.value)
    return tuple(_from_row(row.body) for row in connection.execute(query.order_by(messages.c.number)))


def _to_row(message: Message) -> dict[str, Any]:
    fields = asdict(message)
    return {**fields, "sender": message.sender.value, "kind": message.kind.value, "at": message.at.isoformat()}


def _from_row(row: Mapping[str, Any]) -> Message:
    return Message(
        id=row["id"],
        sender=Sender(row["sender"]),
        at=datetime.fromisoformat(row["at"]),
        kind=Kind(row["kind"]),
        text=row["text"],
        buttons=tuple(Button(button["title"], button["payload"]) for button in row["buttons"]),
        source=row["source"],
        handoff_id=row["handoff_id"],
    )

"""A database of an earlier release is brought to the present form with everything that is in it."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Engine

from admissions.core.delivery import DeliveryState
from admissions.errors import StoreError
from admissions.store import SqlOutbox, make_engine
from admissions.store.migrate import MIGRATIONS
from admissions.store.schema import HEAD, handoffs, metadata
from tests.fakes import NOW, FixedClock

#: The tables that step 0002 changed, as the release before it made them.
BEFORE_0002 = (
    "CREATE TABLE outbox (handoff_id VARCHAR(64) PRIMARY KEY REFERENCES handoffs (id), duty VARCHAR(16) NOT NULL,"
    " attempts INTEGER NOT NULL, next_attempt_at {moment}, claim VARCHAR(32), leased_until {moment})",
    "CREATE INDEX outbox_due ON outbox (duty, next_attempt_at)",
    "CREATE TABLE attempts (number {number} NOT NULL PRIMARY KEY,"
    " handoff_id VARCHAR(64) NOT NULL REFERENCES handoffs (id),"
    " at {moment} NOT NULL, outcome VARCHAR(16) NOT NULL, latency_ms INTEGER NOT NULL, status INTEGER,"
    " detail TEXT NOT NULL, retry_after_s FLOAT)",
    "CREATE INDEX ix_attempts_handoff_id ON attempts (handoff_id)",
)
CHANGED = ("outbox", "attempts", "endpoints", "notices", "claims", "canaries", "reads", "deletions")


def make_as_before(url: str) -> Engine:
    """Make a database of the first release with one handoff in each of four states."""
    engine = make_engine(url)
    postgres = engine.dialect.name == "postgresql"
    types = {"moment": "TIMESTAMP WITH TIME ZONE", "number": "BIGSERIAL"}
    types = types if postgres else {"moment": "DATETIME", "number": "INTEGER"}
    with engine.begin() as connection:
        for name in (*CHANGED, "alembic_version"):
            connection.exec_driver_sql(f"DROP TABLE {name}")
        for words in BEFORE_0002:
            connection.exec_driver_sql(words.format(**types))
        for number, duty in enumerate(("held", "due", "delivered", "failed"), start=1):
            connection.execute(
                handoffs.insert().values(
                    id=f"hnd_{number}", reference=f"REF{number}", event_type="admissions.handoff.created",
                    reason="callback", urgency="routine", conversation_id="c1", created_at=NOW, body=b"{}",
                )
            )  # fmt: skip
            moment = "2026-11-24 05:14:03.000000" + ("+00" if postgres else "")
            connection.exec_driver_sql(
                f"INSERT INTO outbox VALUES ('hnd_{number}', '{duty}', 1, '{moment}', NULL, NULL)"
            )
        connection.exec_driver_sql(
            "INSERT INTO attempts (handoff_id, at, outcome, latency_ms, status, detail)"
            f" VALUES ('hnd_2', '{moment}', 'retry', 12, 500, '\"sorry\"')"
        )
    engine.dispose()
    return engine


def differences(engine: Engine) -> list[object]:
    """Return what Alembic would change to bring the database to the form of the schema."""
    with engine.connect() as connection:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))


def test_a_database_of_the_first_release_keeps_its_duties_and_attempts(database_url: str) -> None:
    # given
    make_as_before(database_url)

    # when
    outbox = SqlOutbox(make_engine(database_url), FixedClock())

    # then
    states = [outbox.state(f"hnd_{number}") for number in (1, 2, 3, 4)]
    assert states == [DeliveryState.HELD, DeliveryState.DELAYED, DeliveryState.DELIVERED, DeliveryState.FAILED]
    (attempt,) = outbox.show("hnd_2")[2]
    assert (attempt.status, attempt.detail, attempt.endpoint) == (500, "sorry", "default")
    (item,) = outbox.claim(NOW, lease_s=30, limit=10)
    assert item.handoff_id == "hnd_2"
    assert outbox.oldest_due(NOW) == NOW


def test_a_migrated_database_has_the_form_of_a_new_one(database_url: str) -> None:
    make_as_before(database_url)

    assert differences(make_engine(database_url)) == []


def test_a_new_database_needs_no_change_and_is_marked_with_the_newest_step(database_url: str) -> None:
    engine = make_engine(database_url)

    assert differences(engine) == []
    with engine.connect() as connection:
        assert MigrationContext.configure(connection).get_current_revision() == HEAD
    assert ScriptDirectory(str(MIGRATIONS)).get_heads() == [HEAD]


def test_a_database_of_a_newer_release_is_refused_and_left_alone(database_url: str) -> None:
    engine = make_engine(database_url)
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(StoreError, match="newer release"):
        make_engine(database_url)


def test_a_step_that_fails_leaves_the_database_as_it_was(database_url: str) -> None:
    # given something in the way of the step
    engine = make_as_before(database_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE outbox_before (x INTEGER)")

    # when
    with pytest.raises(StoreError):
        make_engine(database_url)

    # then nothing of it was done, and it can be done later
    assert "endpoints" not in sa.inspect(engine).get_table_names()
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE outbox_before")
    assert differences(make_engine(database_url)) == []

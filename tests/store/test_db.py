"""How the database is opened, and what its errors say."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from admissions.errors import StoreError
from admissions.store import SqlConversations, SqlOutbox, make_engine
from admissions.store.db import reading, writing
from admissions.store.schema import metadata
from tests.fakes import NOW, FixedClock, make_handoff

ROOT = Path(__file__).resolve().parents[2]


def test_the_folder_and_the_file_are_made_for_the_owner_only(sqlite_path: Path) -> None:
    make_engine(f"sqlite:///{sqlite_path}")

    assert stat.S_IMODE(sqlite_path.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("secure_delete", 1), ("foreign_keys", 1), ("busy_timeout", 2000)],
)
def test_every_sqlite_connection_is_durable_and_forgetful(pragma: str, value: object, sqlite_path: Path) -> None:
    engine = make_engine(f"sqlite:///{sqlite_path}")

    with reading(engine) as connection:
        assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() == value


def test_a_store_is_opened_again_with_what_is_in_it(database_url: str) -> None:
    SqlOutbox(make_engine(database_url), FixedClock()).add(make_handoff(1), b"{}", deliver=True)

    engine = make_engine(database_url)

    assert len(SqlOutbox(engine, FixedClock()).list()) == 1
    assert "outbox" in sa.inspect(engine).get_table_names()


def test_processes_that_start_at_once_all_find_the_tables(database_url: str) -> None:
    command = [sys.executable, "-c", "import sys; from admissions.store import make_engine; make_engine(sys.argv[1])"]

    started = [
        subprocess.Popen([*command, database_url], cwd=ROOT, stderr=subprocess.PIPE, text=True) for _ in range(6)
    ]
    errors = [process.communicate(timeout=60)[1] for process in started]

    assert [process.returncode for process in started] == [0] * 6, errors


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "sqlite:///file:x?mode=memory&uri=true"])
def test_a_database_in_memory_is_refused(url: str) -> None:
    with pytest.raises(StoreError, match="must name a file"):
        make_engine(url)


@pytest.mark.parametrize("url", ["", "no address", "nosuchdatabase://user:geheim@example.org/x"])
def test_an_address_that_cannot_be_used_is_refused_without_showing_its_password(url: str) -> None:
    with pytest.raises(StoreError, match="ADMISSIONS_DATABASE_URL") as refused:
        make_engine(url)

    assert "geheim" not in str(refused.value)


def test_a_folder_that_cannot_be_made_is_a_store_error(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("a file where the folder should be")

    with pytest.raises(StoreError, match="cannot be made"):
        make_engine(f"sqlite:///{tmp_path / 'var' / 'admissions.db'}")


def test_a_locked_database_is_a_store_error_within_a_few_seconds(sqlite_path: Path) -> None:
    conversations = SqlConversations(make_engine(f"sqlite:///{sqlite_path}"))
    other = sqlite3.connect(sqlite_path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(StoreError, match="locked"):
        conversations.ping()

    other.close()
    conversations.ping()


def test_reading_goes_on_while_another_process_writes(sqlite_path: Path) -> None:
    outbox = SqlOutbox(make_engine(f"sqlite:///{sqlite_path}"), FixedClock())
    other = sqlite3.connect(sqlite_path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    assert outbox.claim(NOW, lease_s=30, limit=1) == ()

    other.close()


def test_a_server_that_does_not_answer_is_a_store_error_without_its_password() -> None:
    with pytest.raises(StoreError, match="refused") as refused:
        make_engine("postgresql://user:geheim@127.0.0.1:1/x")

    assert "geheim" not in str(refused.value)


def test_an_error_does_not_repeat_what_was_being_stored(engine: Engine) -> None:
    conversations = SqlConversations(engine)
    conversations.create("c1", NOW, page_url="https://example.org/canary", time_zone=None)

    with pytest.raises(StoreError) as refused:
        conversations.create("c1", NOW, page_url="https://example.org/canary", time_zone=None)

    assert "canary" not in str(refused.value)
    assert refused.value.__suppress_context__


def test_a_transaction_that_fails_leaves_nothing(engine: Engine) -> None:
    def write_and_fail() -> None:
        with writing(engine) as connection:
            connection.exec_driver_sql("INSERT INTO heartbeat (id, beats) VALUES (1, 5)")
            connection.exec_driver_sql("INSERT INTO nowhere VALUES (1)")

    with pytest.raises(StoreError):
        write_and_fail()

    with reading(engine) as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM heartbeat").scalar() == 0


def test_a_missing_table_is_a_store_error(sqlite_path: Path) -> None:
    engine = make_engine(f"sqlite:///{sqlite_path}")
    conversations = SqlConversations(engine)
    metadata.drop_all(engine)

    with pytest.raises(StoreError, match="no such table"):
        conversations.exists("c1")


def test_a_removed_database_is_noticed_and_not_written_to_unseen(sqlite_path: Path) -> None:
    outbox = SqlOutbox(make_engine(f"sqlite:///{sqlite_path}"), FixedClock())
    outbox.add(make_handoff(1), b"{}", deliver=True)
    shutil.rmtree(sqlite_path.parent)

    with pytest.raises(StoreError):
        outbox.add(make_handoff(2), b"{}", deliver=True)


def test_a_restored_database_is_read_anew(sqlite_path: Path, tmp_path: Path) -> None:
    url = f"sqlite:///{sqlite_path}"
    outbox = SqlOutbox(make_engine(url), FixedClock())
    outbox.add(make_handoff(1), b"{}", deliver=True)
    restored = tmp_path / "restored.db"
    SqlOutbox(make_engine(f"sqlite:///{restored}"), FixedClock()).add(make_handoff(2), b"{}", deliver=True)
    for log in ("-wal", "-shm"):
        Path(f"{sqlite_path}{log}").unlink(missing_ok=True)
    checkpoint(restored)
    os.replace(restored, sqlite_path)

    assert [summary.handoff_id for summary in outbox.list()] == ["hnd_0002"]


def checkpoint(path: Path) -> None:
    """Bring everything from SQLite's log into the file."""
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()

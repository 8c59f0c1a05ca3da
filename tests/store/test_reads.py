"""Every read by a person is written down before it is shown, and what is written down cannot be changed unseen."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError

from admissions import cli
from admissions.errors import StoreError
from admissions.store import SqlOutbox, make_engine
from admissions.store.reads import SqlReads
from admissions.store.schema import reads
from tests.fakes import NOW, FixedClock, make_handoff


@pytest.mark.parametrize(
    "words",
    ["UPDATE reads SET person = '\"nobody\"'", "DELETE FROM reads WHERE number = 1", "DELETE FROM reads"],
    ids=["change", "delete one", "delete all"],
)
def test_a_row_is_neither_changed_nor_deleted(engine: Engine, words: str) -> None:
    record = SqlReads(engine)
    record.note(NOW, "anna", "show", "hnd_0001")

    with pytest.raises(DBAPIError, match="append only"), engine.begin() as connection:
        connection.exec_driver_sql(words)

    assert [(one.person, one.action, one.subject, one.true) for one in record.all()] == [
        ("anna", "show", "hnd_0001", True)
    ]


@pytest.mark.parametrize("change", ["changed", "taken out", "put in"])
def test_who_goes_around_the_lock_leaves_a_trace(sqlite_path: Path, change: str) -> None:
    # given somebody who may change the database's form
    engine = make_engine(f"sqlite:///{sqlite_path}")
    record = SqlReads(engine)
    for person in ("anna", "ben", "cleo"):
        record.note(NOW, person, "show", "hnd_0001")
    with engine.begin() as connection:
        for trigger in ("reads_no_update", "reads_no_delete"):
            connection.exec_driver_sql(f"DROP TRIGGER {trigger}")

        # when
        if change == "changed":
            connection.execute(reads.update().where(reads.c.number == 2).values(person="nobody"))
        elif change == "taken out":
            connection.execute(reads.delete().where(reads.c.number == 2))
        else:
            connection.execute(
                reads.insert().values(number=9, at=NOW, person="x", action="show", subject="y", chain="0" * 64)
            )

    # then
    assert not all(one.true for one in record.all())


def test_many_readers_at_once_make_one_chain(database_url: str) -> None:
    # given
    records = [SqlReads(make_engine(database_url)) for _ in range(4)]
    threads = [
        threading.Thread(target=lambda record=record: [record.note(NOW, "anna", "list", "0") for _ in range(5)])
        for record in records
    ]

    # when
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    # then
    found = records[0].all()
    assert len(found) == 20
    assert all(one.true for one in found)


@pytest.fixture
def var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of an installation with one handoff."""
    monkeypatch.setenv("ADMISSIONS_VAR", str(tmp_path))
    outbox = SqlOutbox(make_engine(f"sqlite:///{tmp_path / 'admissions.db'}"), FixedClock())
    outbox.add(make_handoff(1), b'{"data":{"contact":{"name":"Maria"}}}', deliver=True)
    return tmp_path


def test_list_and_show_are_written_down_with_who_asked(
    var: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # given / when
    monkeypatch.setenv("SUDO_USER", "anna")
    assert cli.main(["outbox", "list"]) == 0
    assert cli.main(["outbox", "show", "ref001"]) == 0
    assert cli.main(["outbox", "show", "Maria"]) == 2
    capsys.readouterr()

    # then
    assert cli.main(["audit"]) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first.endswith("list  1 handoffs")
    assert second.endswith("show  hnd_0001")
    assert "(sudo by anna)" in first


def test_what_cannot_be_written_down_is_not_shown(
    var: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: object) -> None:
        raise StoreError("the database refused: disk full")

    monkeypatch.setattr(SqlReads, "note", refuse)

    assert cli.main(["outbox", "show", "REF001"]) == 2
    assert cli.main(["outbox", "list"]) == 2

    assert capsys.readouterr().out == ""


def test_a_record_that_was_changed_ends_with_1(var: Path, capsys: pytest.CaptureFixture[str]) -> None:
    engine = make_engine(f"sqlite:///{var / 'admissions.db'}")
    with engine.begin() as connection:
        connection.execute(
            sa.insert(reads).values(at=NOW, person="x", action="show", subject="hnd_0001\x1b[2J", chain="0" * 64)
        )

    assert cli.main(["audit"]) == 1

    said = capsys.readouterr()
    assert "NOT AS WRITTEN" in said.out
    assert "\x1b" not in said.out
    assert "not as it was written" in said.err


def test_an_empty_record_says_so(var: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["audit"]) == 0
    assert capsys.readouterr().out == "Nobody has read anything.\n"

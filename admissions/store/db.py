"""The database itself: how it is opened, how a transaction begins, how its errors are told.

The only module that knows what is special about SQLite (and, for making tables and counting time, PostgreSQL).
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa  # type: ignore[import-untyped,unused-ignore]
from sqlalchemy.engine import (  # type: ignore[import-untyped,unused-ignore]
    Connection,
    Engine,
    make_url,
)
from sqlalchemy.exc import (  # type: ignore[import-untyped,unused-ignore]
    DBAPIError,
    DisconnectionError,
    IntegrityError,
    SQLAlchemyError,
)
from sqlalchemy.pool import NullPool, QueuePool  # type: ignore[import-untyped,unused-ignore]

from admissions.errors import StoreError
from admissions.store.migrate import bring_up_to_date

#: How long a statement waits for another process's lock: long enough for a commit, short beside a visitor's turn.
BUSY_TIMEOUT_S = 2.0

#: How long to try to reach a database server; 2 is the least libpq accepts.
CONNECT_TIMEOUT_S = 2

#: An engine option of ours: this transaction writes, so SQLite takes its lock at the start (see `_begin`).
WRITES = "admissions_writes"

#: PRAGMAs of every connection. FULL: a commit is on the disk before we say "saved". secure_delete: what a visitor
#: deletes is overwritten with zeros, not only unlinked.
PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON", "foreign_keys=ON")


def make_engine(url: str) -> Engine:
    """Return an engine for `url` whose tables exist; for SQLite the folder and the file (mode 600) are made.

    Raises:
        StoreError: the address cannot be used, the file cannot be made, or the server does not answer.
    """
    engine = _open(url)
    _create_tables(engine)
    return engine


def _open(url: str) -> Engine:
    try:
        address = make_url(url)
        if address.get_backend_name() == "sqlite":
            return _sqlite_engine(address)
        timeout = {"connect_timeout": CONNECT_TIMEOUT_S} if address.get_backend_name() == "postgresql" else {}
        # A connection the server closed (restart, failover) is noticed before it is used.
        return sa.create_engine(url, hide_parameters=True, pool_pre_ping=True, connect_args=timeout)
    except (SQLAlchemyError, ImportError, ValueError):  # their words would show the password in the address
        raise StoreError("ADMISSIONS_DATABASE_URL is not an address that SQLAlchemy can open") from None


def _sqlite_engine(address: Any) -> Engine:
    if address.database in (None, "", ":memory:") or address.database.startswith("file:"):
        raise StoreError("ADMISSIONS_DATABASE_URL must name a file by its path: handoffs kept in memory would be lost")
    _make_file(Path(address.database))
    engine = sa.create_engine(
        address,
        hide_parameters=True,
        # SQLite's default of no pool would close the last connection, and with it checkpoint the log, after each use.
        poolclass=QueuePool,
        pool_timeout=BUSY_TIMEOUT_S,
        connect_args={"timeout": BUSY_TIMEOUT_S, "check_same_thread": False},
    )
    sa.event.listen(engine, "connect", _set_up)
    sa.event.listen(engine, "begin", _begin)
    _notice_a_replaced_file(engine, Path(address.database))
    return engine


def make_side_engine(path: Path) -> Engine:
    """Return an engine for a SQLite file of somebody else's (Rasa's events): opened, never made."""
    engine = sa.create_engine(
        sa.engine.URL.create("sqlite", database=str(path)),
        hide_parameters=True,
        poolclass=NullPool,
        connect_args={"timeout": BUSY_TIMEOUT_S, "check_same_thread": False},
    )
    sa.event.listen(engine, "connect", _set_up_side)
    sa.event.listen(engine, "begin", _begin)
    return engine


def _set_up_side(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None
    connection.execute("PRAGMA secure_delete=ON").close()


def _make_file(path: Path) -> None:
    """Make the database file readable by its owner only; SQLite gives its log files the same mode."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as exc:
        raise StoreError(f"the database file {path} cannot be made or written: {exc.strerror}") from None


def _set_up(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # the driver's own BEGIN comes too late to lock; `_begin` says it instead
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}").close()


def _notice_a_replaced_file(engine: Engine, path: Path) -> None:
    """Open anew when the file was removed or restored meanwhile; SQLite itself would go on writing to the lost one."""

    def remember(_connection: sqlite3.Connection, record: Any) -> None:
        record.info["file"] = _identity(path)

    def compare(_connection: sqlite3.Connection, record: Any, _proxy: object) -> None:
        if record.info["file"] != _identity(path):
            raise DisconnectionError("the database file was replaced")

    sa.event.listen(engine, "connect", remember)
    sa.event.listen(engine, "checkout", compare)


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _begin(connection: Connection) -> None:
    # A transaction that reads first and locks later can fail without waiting (SQLITE_BUSY on upgrade); IMMEDIATE waits.
    writes = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Give a connection in a transaction that writes; it commits at the end of the block. Raises StoreError."""
    with _told_as_store_error(), engine.execution_options(**{WRITES: True}).begin() as connection:
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Give a connection in a transaction that only reads. Raises StoreError."""
    with _told_as_store_error(), engine.begin() as connection:
        yield connection


@contextmanager
def _told_as_store_error() -> Iterator[None]:
    """Turn the database's errors into StoreError, without the values that were being stored."""
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error) as exc:
        raise StoreError(f"the database refused: {_reason(exc)}") from None
    except ValueError as exc:  # the driver on text it cannot write; its words would quote the text
        raise StoreError(f"the database cannot hold a value: {type(exc).__name__}") from None


def _reason(exc: Exception) -> str:
    """Name what went wrong in words that can hold no visitor's data."""
    original: object = exc.orig if isinstance(exc, DBAPIError) else exc
    if isinstance(original, sqlite3.Error):
        return str(original)  # fixed words and column names: "database is locked", "UNIQUE constraint failed: …"
    code = getattr(original, "pgcode", None)
    return f"{type(original).__name__} {code}" if code else type(original).__name__


def insert_new(connection: Connection, table: sa.Table, values: Mapping[str, object]) -> bool:
    """Insert a row and say True, or say False when a constraint refuses it; the transaction goes on either way."""
    try:
        with connection.begin_nested():
            connection.execute(table.insert().values(**values))
    except IntegrityError:
        return False
    return True


def _create_tables(engine: Engine) -> None:
    """Create the tables or bring them up to date; any number of processes may start at once."""
    with writing(engine) as connection:
        if connection.dialect.name == "postgresql":  # on SQLite the write transaction already keeps others out
            connection.exec_driver_sql(
                "SELECT pg_advisory_xact_lock(7305)"
            )  # any number, the same in all our processes
        bring_up_to_date(connection)


def scrub(engine: Engine) -> None:
    """Empty SQLite's write-ahead log, which still holds pages from before a deletion; elsewhere do nothing.

    Best effort: while another process reads, SQLite keeps the log until a later checkpoint. Raises StoreError.
    """
    if engine.dialect.name != "sqlite":
        return
    with _told_as_store_error(), closing(engine.raw_connection()) as connection:
        connection.execute(
            "PRAGMA wal_checkpoint(TRUNCATE)"
        ).close()  # refused inside a transaction, so not through one

"""A fresh database for each test: a SQLite file, and a schema on the server that ADMISSIONS_TEST_POSTGRES names."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy.engine import Engine

from admissions.store import SqlOutbox, make_engine
from tests.fakes import FixedClock, MemoryOutbox
from tests.postgres import own_schema

DATABASES = ("sqlite", "postgresql")


@contextmanager
def fresh_database(kind: str, folder: Path) -> Iterator[str]:
    """Give the address of an empty database, gone afterwards; skip the test where there is no such server."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'var' / 'admissions.db'}"
        return
    server = os.environ.get("ADMISSIONS_TEST_POSTGRES")
    if not server:
        if os.environ.get("CI") == "true":
            pytest.fail("ADMISSIONS_TEST_POSTGRES names no PostgreSQL server: run the tests with make test")
        pytest.skip("ADMISSIONS_TEST_POSTGRES names no PostgreSQL server: make test starts one")
    with own_schema(server, "test") as address:
        yield address


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database of each kind."""
    with fresh_database(request.param, tmp_path) as url:
        yield url


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """An opened store."""
    opened = make_engine(database_url)
    yield opened
    opened.dispose()


@pytest.fixture
def sqlite_path(tmp_path: Path) -> Path:
    """Where a test that is about SQLite puts its file."""
    return tmp_path / "var" / "admissions.db"


@pytest.fixture
def clock() -> FixedClock:
    """The clock of the outbox."""
    return FixedClock()


@pytest.fixture(params=[*DATABASES, "memory"])
def outbox(request: pytest.FixtureRequest, tmp_path: Path, clock: FixedClock) -> Iterator[SqlOutbox | MemoryOutbox]:
    """The real outbox on each database, and the fake that other tests trust to behave alike."""
    if request.param == "memory":
        yield MemoryOutbox(clock)
        return
    with fresh_database(request.param, tmp_path) as url:
        opened = make_engine(url)
        yield SqlOutbox(opened, clock)
        opened.dispose()

"""A schema of its own on the PostgreSQL server that `make test` starts."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa


@contextmanager
def own_schema(server: str, kind: str) -> Iterator[str]:
    """Give the address of an empty schema on a server, gone afterwards; `kind` begins its name."""
    schema = f"{kind}_{uuid.uuid4().hex}"
    admin = sa.create_engine(server)
    with admin.begin() as connection:
        connection.exec_driver_sql(f"CREATE SCHEMA {schema}")
    try:
        yield f"{server}?options=-csearch_path%3D{schema}"
    finally:
        with admin.begin() as connection:
            connection.exec_driver_sql(f"DROP SCHEMA {schema} CASCADE")
        admin.dispose()

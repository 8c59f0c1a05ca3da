"""Brings a database to the form of `schema.py`: makes the tables of a new one, and takes an older one there by Alembic.

All of it is one transaction of the caller's, so a process that is killed meanwhile leaves the database as it was.
"""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa  # type: ignore[import-untyped,unused-ignore]
from sqlalchemy.engine import Connection  # type: ignore[import-untyped,unused-ignore]

from admissions.errors import StoreError
from admissions.store.schema import HEAD, metadata

MIGRATIONS = Path(__file__).parent / "migrations"

#: The form of the databases made before there were migrations: they carry no mark.
UNMARKED = "0001"

#: Alembic's own table, in its own form.
_mark = sa.Table("alembic_version", sa.MetaData(), sa.Column("version_num", sa.String(32), primary_key=True))


def bring_up_to_date(connection: Connection) -> None:
    """Give the database the tables of `schema.py` and mark it so; a marked one that is up to date is left alone.

    Raises:
        StoreError: the database was made by a newer release.
    """
    tables = sa.inspect(connection)
    found = connection.execute(sa.select(_mark.c.version_num)).scalar() if tables.has_table(_mark.name) else None
    if found == HEAD:
        return
    if found is None and not tables.has_table("handoffs"):
        metadata.create_all(connection)
        _mark.create(connection, checkfirst=True)
        connection.execute(_mark.insert().values(version_num=HEAD))
        return
    _upgrade(connection, found)


def _upgrade(connection: Connection, found: str | None) -> None:
    # Only here: a start that has nothing to migrate needs no Alembic, and a second less.
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    if found is None:
        command.stamp(config, UNMARKED)
    elif found not in {step.revision for step in ScriptDirectory.from_config(config).walk_revisions()}:
        raise StoreError("the database was made by a newer release: use that one, or restore a backup from before it")
    command.upgrade(config, "head")

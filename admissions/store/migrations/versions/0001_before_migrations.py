"""The form of the databases made before there were migrations; nothing to do, they are marked with it."""

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Do nothing: a database without these tables is made in its newest form, see `migrate.py`."""

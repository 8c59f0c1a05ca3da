"""`admissions secret`: makes a webhook secret or a data key, and changes the key what handoffs hold is sealed under."""

from __future__ import annotations

import argparse

from admissions.commands.up import new_webhook_secret
from admissions.settings import load_settings
from admissions.store.db import make_engine
from admissions.store.reseal import reseal
from admissions.store.sealing import DATA_KEY_FILE, Sealer, new_key


def run(given: argparse.Namespace) -> int:
    """Print one fresh secret, or change the data key and say how much was sealed again."""
    if given.what == "rotate-data-key":
        return _rotate()
    print(new_key() if given.what == "data-key" else new_webhook_secret())
    return 0


def _rotate() -> int:
    """Seal everything under a new key of the file, or under the first of the settings; running processes go on.

    Exit status 1 when something could not be opened: then no key is dropped.
    """
    settings = load_settings()
    sealer = Sealer(settings.data_keys, settings.var / DATA_KEY_FILE)
    if sealer.file is not None:
        sealer.add_key()
    done = reseal(make_engine(settings.database_url), sealer)
    print(f"{done.changed} sealed again under the newest key.")
    if done.unreadable:
        print(f"{done.unreadable} cannot be opened: put the key they were sealed with back, then run this again.")
        return 1
    sealer.drop_old_keys()
    if sealer.file is None:
        print("ADMISSIONS_DATA_KEYS: the older keys can be taken out once every process runs with the new one.")
    else:
        print(f"{sealer.file}: keep a copy of it, apart from the database's.")
    return 0

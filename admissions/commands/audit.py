"""`admissions audit`: who read what visitors entrusted to us, and when."""

from __future__ import annotations

import argparse
import sys

from admissions.core.handoff import iso
from admissions.settings import load_settings
from admissions.store.db import make_engine
from admissions.store.reads import SqlReads


def run(given: argparse.Namespace) -> int:
    """Print every read, the first one first; exit status 1 when a row was changed, put in or taken out."""
    found = SqlReads(make_engine(load_settings().database_url)).all()
    for one in found:
        true = "" if one.true else "  NOT AS WRITTEN, or something before it is not"
        subject = "".join(character if character.isprintable() else " " for character in one.subject)
        print(f"{one.number}  {iso(one.at)}  {one.person}  {one.action}  {subject}{true}")
    if not found:
        print("Nobody has read anything.")
    broken = not all(one.true for one in found)
    if broken:
        print("admissions: the record of reads is not as it was written", file=sys.stderr)
    return int(broken)

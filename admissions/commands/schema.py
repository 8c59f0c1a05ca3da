"""`python -m admissions.commands.schema`: writes docs/webhook.schema.json anew from the code."""

from __future__ import annotations

import json

from admissions.core.wire_schema import webhook_schema
from admissions.settings import ROOT

#: Checked by tests/webhook/test_schema.py.
PATH = ROOT / "docs" / "webhook.schema.json"


def schema_text() -> str:
    """Return the file as it should be."""
    return json.dumps(webhook_schema(), indent=2) + "\n"


if __name__ == "__main__":
    PATH.write_text(schema_text(), encoding="utf-8")

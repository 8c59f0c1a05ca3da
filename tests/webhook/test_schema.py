"""docs/webhook.schema.json: made from the code, and true of everything the code can send."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker

from admissions.commands.schema import PATH, schema_text
from admissions.core.canary import canary_item
from admissions.core.handoff import Handoff, to_payload
from admissions.core.wire_schema import webhook_schema
from admissions.settings import ROOT

KEPT = json.loads(PATH.read_text(encoding="utf-8"))


def strict(schema: Any) -> Any:
    """Return the schema with no room for a field it does not name."""
    if isinstance(schema, list):
        return [strict(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {"additionalProperties": False} if "properties" in schema and "type" in schema else {}
    return {**{name: strict(value) for name, value in schema.items()}, **closed}


STRICT = Draft202012Validator(strict(KEPT), format_checker=FormatChecker())
OPEN = Draft202012Validator(KEPT)

moments = st.datetimes(datetime(2020, 1, 1), datetime(2090, 1, 1), timezones=st.just(timezone.utc))
st.register_type_strategy(datetime, moments)
handoffs = st.builds(Handoff)


def test_the_file_is_what_the_code_makes() -> None:
    assert PATH.read_text(encoding="utf-8") == schema_text(), "run: python -m admissions.commands.schema"
    assert webhook_schema() == KEPT


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(KEPT)


@settings(max_examples=200, deadline=None)
@given(handoffs, st.booleans())
def test_whatever_is_sent_fits_the_schema_and_holds_nothing_else(handoff: Handoff, test: bool) -> None:
    payload = to_payload(handoff, test=test)

    assert [error.message for error in STRICT.iter_errors(payload)] == []


def test_a_test_fits_the_schema() -> None:
    item = canary_item("test_0123", "default", datetime(2026, 11, 24, tzinfo=timezone.utc))

    assert [error.message for error in STRICT.iter_errors(json.loads(item.body))] == []


def golden() -> dict[str, Any]:
    """Return the handoff of the golden vectors."""
    vectors = json.loads((ROOT / "docs" / "webhook-vectors.json").read_text(encoding="utf-8"))
    return dict(json.loads(vectors[1]["body"]))


@pytest.mark.parametrize(
    ("part", "field", "value"),
    [
        ("", "type", "admissions.unknown"),
        ("", "version", 2),
        ("", "timestamp", "yesterday"),
        ("data", "reason", "curiosity"),
        ("data", "urgency", None),
        ("data", "topics", []),
        ("data", "adult", "yes"),
    ],
)
def test_what_is_never_sent_does_not_fit(part: str, field: str, value: object) -> None:
    payload = golden()
    (payload[part] if part else payload)[field] = value

    assert not OPEN.is_valid(payload)


def test_a_field_of_the_future_does_not_break_a_receiver_that_checks() -> None:
    payload = golden()
    payload["data"]["shoe_size"] = 44

    assert OPEN.is_valid(payload)


def test_every_field_of_the_schema_is_explained_on_the_integrators_page() -> None:
    page = (ROOT / "docs" / "webhook.md").read_text(encoding="utf-8")

    missing = [name for name in KEPT["oneOf"][0]["properties"]["data"]["properties"] if f"`{name}`" not in page]
    assert missing == []

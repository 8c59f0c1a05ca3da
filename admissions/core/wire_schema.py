"""The JSON Schema of what the webhook sends, made from the very classes that `handoff.to_payload` writes."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import datetime
from enum import Enum
from typing import Any, Union, get_args, get_origin, get_type_hints

from admissions.core.handoff import WIRE_VERSION, EventType, Handoff, TranscriptLine, Window

Schema = dict[str, Any]

#: Where a field has another name on the wire.
RENAMED: Mapping[tuple[type, str], str] = {
    (Window, "start"): "from",
    (Window, "end"): "to",
    (TranscriptLine, "sender"): "from",
}

#: Fields that travel elsewhere: the moment in the envelope, the revision in the webhook-id.
NOT_IN_DATA = frozenset(((Handoff, "created_at"), (Handoff, "revision")))

UNIONS = (Union, getattr(types, "UnionType", Union))


def webhook_schema() -> Schema:
    """Return the schema of a whole request body: an envelope with a handoff, or with a test's id.

    New optional fields may come without a new version, so no object refuses what it does not know.
    """
    events = [event.value for event in EventType if event is not EventType.TEST]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:admissions:webhook:v{WIRE_VERSION}",
        "title": "What the admissions assistant's webhook sends",
        "oneOf": [
            _envelope({"enum": events}, {"type": "boolean"}, _object(Handoff)),
            _envelope(
                {"const": EventType.TEST.value},
                {"const": True},
                {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}}},
            ),
        ],
    }


def _envelope(event: Schema, test: Schema, data: Schema) -> Schema:
    properties = {
        "type": event,
        "version": {"const": WIRE_VERSION},
        "timestamp": _of(datetime),
        "test": test,
        "data": data,
    }
    return {"type": "object", "required": list(properties), "properties": properties}


def _object(cls: type) -> Schema:
    hints = get_type_hints(cls)
    shown = [field for field in fields(cls) if (cls, field.name) not in NOT_IN_DATA]
    return {
        "type": "object",
        "description": " ".join((cls.__doc__ or "").split()),
        "required": [_name(cls, field) for field in shown if _always(field)],
        "properties": {_name(cls, field): _of(hints[field.name]) for field in shown},
    }


def _name(cls: type, field: Field[Any]) -> str:
    return RENAMED.get((cls, field.name), field.name)


def _always(field: Field[Any]) -> bool:
    return field.default is MISSING and field.default_factory is MISSING


def _of(hint: Any) -> Schema:
    """Return the schema of one annotation; an absent field is left out, so None is no value of it."""
    if get_origin(hint) in UNIONS:
        choices = [_of(one) for one in get_args(hint) if one is not type(None)]
        return choices[0] if len(choices) == 1 else {"anyOf": choices}
    if get_origin(hint) is tuple:
        return {"type": "array", "items": _of(get_args(hint)[0]), "minItems": 1}
    if hint is datetime:
        return {"type": "string", "format": "date-time", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"}
    if hint in (str, bool):
        return {"type": "string" if hint is str else "boolean"}
    if isinstance(hint, type) and issubclass(hint, Enum):
        return {"enum": [member.value for member in hint]}
    if is_dataclass(hint) and isinstance(hint, type):
        return _object(hint)
    raise TypeError(f"the schema does not know how {hint} is written")

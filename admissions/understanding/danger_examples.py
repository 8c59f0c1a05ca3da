"""What the trained safety signal learns from: safety/examples as checked objects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from admissions.errors import ContentError

#: Kinds of `none` that are ordinary talk; every other kind is a look-alike of danger.
ORDINARY = ("screening", "ordinary", "long")

_WHO = ("self", "other", "es")


@dataclass(frozen=True)
class Example:
    """One made-up message."""

    text: str
    lane: str | None  #: None: no danger
    other: bool = False  #: about somebody else than the visitor
    spanish: bool = False
    look_alike: bool = False  #: no danger, but it sounds alike


def read_examples(lanes: Mapping[str, Any], none: Mapping[str, Any]) -> list[Example]:
    """Build the examples from the loaded YAML: by lane and whom it is about, and without danger by kind.

    Raises:
        ContentError: a group is missing, or a line stands twice.
    """
    try:
        examples = list(_examples(lanes, none))
    except (KeyError, TypeError, AttributeError) as problem:
        raise ContentError(f"safety/examples: {problem} is missing or not a block of lines") from None
    seen: set[str] = set()
    for example in examples:
        words = " ".join(example.text.lower().split())
        if words in seen:
            raise ContentError(f"safety/examples: {example.text!r} stands twice")
        seen.add(words)
    return examples


def _examples(lanes: Mapping[str, Any], none: Mapping[str, Any]) -> Iterator[Example]:
    for lane, groups in lanes.items():
        for who in _WHO:
            for line in groups[who].splitlines():
                yield Example(line, lane, other=who == "other", spanish=who == "es")
    for kind, lines in none.items():
        for line in lines.splitlines():
            yield Example(line, None, spanish=kind == "es", look_alike=kind not in ORDINARY)

"""Conversation scripts as data, read from the folders under scripts/; its README says what may stand in one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent / "scripts"

#: What may stand under `assistant:`, and in a script.
EXPECTATIONS = frozenset(
    {"says", "says_not", "says_one_of", "asks", "returns_to", "card", "buttons", "sent", "nothing_sent"}
)
FIELDS = frozenset({"title", "at", "for", "plan", "script", "known_fault"})


@dataclass(frozen=True)
class Scene:
    """What the visitor does, message by message, and what must then be true of the answer to the last."""

    visitor: tuple[str, ...]
    assistant: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Opening:
    """How a script gets to the question it begins with."""

    plan: str  #: screening or callback
    about: str  #: self, loved_one or professional
    at: str  #: the step to be open


@dataclass(frozen=True, eq=False)
class Script:
    """One visitor's conversation and the fact it proves."""

    folder: str
    title: str
    scenes: tuple[Scene, ...]
    opening: Opening | None = None
    known_fault: str | None = None  #: why the assistant cannot pass it yet

    @property
    def name(self) -> str:
        """The folder and the fact, as a test's id."""
        return f"{self.folder}: {self.title}"


def all_scripts() -> list[Script]:
    """Return every script, folder by folder."""
    return [
        _script(path.parent.name, raw)
        for path in sorted(FOLDER.glob("*/*.yml"))
        for raw in yaml.safe_load(path.read_text(encoding="utf-8"))
    ]


@cache
def openings() -> Mapping[str, Any]:
    """Return what is said on the way to a question, by plan and by whom it is about."""
    loaded: Mapping[str, Any] = yaml.safe_load((FOLDER / "openings.yml").read_text(encoding="utf-8"))
    return loaded


def _script(folder: str, raw: Mapping[str, Any]) -> Script:
    title = raw["title"]
    assert not set(raw) - FIELDS, f"{folder}: {title}: unknown {sorted(set(raw) - FIELDS)}"
    opening = Opening(raw.get("plan", "screening"), raw.get("for", "self"), raw["at"]) if "at" in raw else None
    return Script(folder, title, tuple(_scene(title, one) for one in raw["script"]), opening, raw.get("known_fault"))


def _scene(title: str, raw: Mapping[str, Any]) -> Scene:
    said = raw["visitor"] if isinstance(raw["visitor"], list) else [raw["visitor"]]
    assert all(isinstance(one, str) for one in said), f"{title}: {said} has to be words, put them in quotes"
    expected = raw.get("assistant") or {}
    assert not set(expected) - EXPECTATIONS, f"{title}: unknown {sorted(set(expected) - EXPECTATIONS)}"
    return Scene(tuple(said), expected)

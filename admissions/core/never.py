"""What may never be said: finds it in a text before a visitor does."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from admissions.errors import ContentError


@dataclass(frozen=True)
class Finding:
    """Words that may not be said, and why."""

    words: str
    reason: str


class NeverList:
    """The patterns of safety/never.yml."""

    def __init__(self, entries: Iterable[Mapping[str, Any]]) -> None:
        """Build the list. Raises ContentError naming the entry that cannot be used."""
        self._entries: list[tuple[re.Pattern[str], str]] = []
        for number, entry in enumerate(entries, start=1):
            try:
                self._entries.append((re.compile(entry["pattern"], re.IGNORECASE), str(entry["reason"])))
            except (KeyError, TypeError, re.error) as problem:
                raise ContentError(f"safety/never.yml: entry {number} cannot be used: {problem}") from None

    def findings(self, text: str) -> list[Finding]:
        """Return everything in the text that may not be said, in the list's order."""
        straight = text.replace("\u2019", "'")
        return [
            Finding(match.group(), reason) for pattern, reason in self._entries for match in pattern.finditer(straight)
        ]

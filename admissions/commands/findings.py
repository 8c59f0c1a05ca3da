"""What the doctor finds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Verdict(Enum):
    """How a check came out."""

    GOOD = "ok"
    WARNING = "warn"
    BAD = "bad"


@dataclass(frozen=True)
class Finding:
    """One line of the doctor's report."""

    verdict: Verdict
    words: str

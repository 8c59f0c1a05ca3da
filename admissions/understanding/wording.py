"""How a message's characters are evened out before anything else looks at it."""

from __future__ import annotations

import re
import unicodedata

#: The longest text that is read, in characters: what follows adds cost and no intent.
MAX_CHARACTERS = 2000

#: Our three abbreviations, which the encoder never met in this sense ("PHP" is a programming language to it).
_SPELLED_OUT = {
    "iop": "intensive outpatient program",
    "iops": "intensive outpatient programs",
    "php": "partial hospitalization program",
    "mat": "medication assisted treatment",
}
_ABBREVIATION = re.compile(rf"\b(?:{'|'.join(_SPELLED_OUT)})\b")


def clean(text: str) -> str:
    """Fold case, compatibility forms, curly quotes and runs of white space; cut at MAX_CHARACTERS."""
    folded = unicodedata.normalize("NFKC", text[:MAX_CHARACTERS]).lower().replace("\u2019", "'")
    return re.sub(r"\s+", " ", folded).strip()


def spelled_out(cleaned: str) -> str:
    """Return a cleaned text with our abbreviations in full, for the encoder."""
    return _ABBREVIATION.sub(lambda match: _SPELLED_OUT[match[0]], cleaned)


def without_apostrophes(cleaned: str) -> str:
    """Return a cleaned text in which "don't" and "dont" are one word, for the n-grams."""
    return cleaned.replace("'", "")

"""A visitor's text before anything reads it: one form of every character, nothing invisible."""

from __future__ import annotations

import unicodedata

#: Line breaks and tabs are a person's; every other control character is not.
_KEPT_CONTROLS = "\n\t"

#: Other (control, format, surrogate, private use, unassigned). Format characters hide text or turn its direction;
#: the joiners that emoji and some scripts need are kept.
_DROPPED_CATEGORIES = {"Cc", "Cf", "Cs", "Co", "Cn"}
_KEPT_FORMATS = "\u200c\u200d"


def clean(text: str) -> str:
    """Return the text in NFC without control, direction-changing, surrogate or unassigned characters."""
    kept = (
        character
        for character in text
        if character in _KEPT_CONTROLS
        or character in _KEPT_FORMATS
        or unicodedata.category(character) not in _DROPPED_CATEGORIES
    )
    return unicodedata.normalize("NFC", "".join(kept)).strip()

"""Numbers nobody should have typed here: payment cards and social security numbers go before anything is kept."""

from __future__ import annotations

import re

#: What stands in place of a removed number.
REMOVED = "[number removed]"

_CARD = re.compile(r"(?<!\d)(?:\d[ .\-]{0,2}){12,18}\d(?!\d)")
_SSN = re.compile(r"(?<![\d\-])\d{3}[- ]\d{2}[- ]\d{4}(?![\d\-])|(?i:(?:ssn|social security)\D{0,20})\d{9}(?!\d)")


def remove_sensitive(text: str) -> tuple[str, bool]:
    """Return the text without card numbers (ISO/IEC 7812 check digit) and SSNs, and whether any was removed."""
    without = _SSN.sub(REMOVED, text)
    without = _CARD.sub(lambda match: REMOVED if _passes_luhn(match.group()) else match.group(), without)
    return without, without != text


def _passes_luhn(number: str) -> bool:
    digits = [int(character) for character in number if character.isdigit()]
    doubled = [digit if index % 2 == 0 else sum(divmod(digit * 2, 10)) for index, digit in enumerate(reversed(digits))]
    return sum(doubled) % 10 == 0

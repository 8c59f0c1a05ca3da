"""The same message as somebody else types it: with slips of the finger, in capitals, without punctuation."""

from __future__ import annotations

import random
import re
import zlib
from collections.abc import Callable

#: One slip in about this many letters: a phone at night.
LETTERS_A_SLIP = 18

_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def mistyped(text: str) -> str:
    """Return the text with letters swapped, lost, doubled or wrong, always the same ones for the same text."""
    chance = random.Random(zlib.crc32(text.encode()))
    slips = max(1, sum(map(str.isalpha, text)) // LETTERS_A_SLIP)
    letters = list(text)
    for _ in range(slips):
        inside = [i for i in range(1, len(letters) - 1) if letters[i].isalpha() and letters[i - 1].isalpha()]
        if not inside:
            break
        at, kind = chance.choice(inside), chance.randrange(4)
        if kind == 0:
            letters[at - 1], letters[at] = letters[at], letters[at - 1]
        elif kind == 1:
            del letters[at]
        elif kind == 2:
            letters.insert(at, letters[at])
        else:
            letters[at] = chance.choice(_LETTERS)
    return "".join(letters)


def shouted(text: str) -> str:
    """Return the text in capitals."""
    return text.upper()


def bare(text: str) -> str:
    """Return the text in small letters without punctuation."""
    return " ".join(re.sub(r"[^\w\s]", "", text.replace("-", " ")).lower().split())


VARIANTS: dict[str, Callable[[str], str]] = {"mistyped": mistyped, "capitals": shouted, "no punctuation": bare}

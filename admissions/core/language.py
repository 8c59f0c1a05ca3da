"""Which language a message is written in, as far as its letters and its commonest words tell."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from admissions.core.wording import fold

#: Fewer words than this say too little: "no" and "si" belong to many languages, names to none.
WORDS_NEEDED = 3

#: Share of a message's words that must be commonest words of the language.
SHARE_NEEDED = 0.34

#: Share of a message's letters in another script (Cyrillic, Han, Arabic …) from which on it is not English.
FOREIGN_LETTERS = 0.5

#: The code of a language that is not told apart further.
UNKNOWN = "und"

#: Asking for Spanish in English, or with so few words that no count tells: the answer is the Spanish one.
_SPANISH_WANTED = re.compile(
    r"^(?:\w+ ){0,6}?(?:habl\w* (?:en )?espa[nñ]ol|speaks? spanish|speaking spanish)(?: \w+){0,4}$"
    r"|^(?:\w+ ){0,6}?(?:in|to|en) (?:spanish|espa[nñ]ol)(?: please| pls| por favor)?$"
    r"|^(?:espa[nñ]ol|spanish)(?: please| pls| por favor)?$"
    r"|^(?:hola )?(?:ayuda|ay[uú]d[ae]me|necesito ayuda|auxilio|por favor ayuda|no hablo ingl[eé]s|cu[aá]nto cuesta"
    r"|cu[aá]nto dura|d[oó]nde est[aá]n?|tel[eé]fono|horarios?|precios?|costos?|direcci[oó]n)(?: por favor)?$"
    r"|^no (?:hablo|entiendo|se) (?:\w+ )?ingl[eé]s\b"
)


def foreign_language(text: str, commonest: Mapping[str, frozenset[str]]) -> str | None:
    """Return the code of the language other than English that a message is in, None for English and for doubt.

    Args:
        text: the visitor's words.
        commonest: by language code the commonest words of each, English ("en") among them, folded.
    """
    if _share_of_other_letters(text) >= FOREIGN_LETTERS:
        return UNKNOWN
    if asks_for_spanish(text):
        return "es"
    words = _words(text)
    if len(words) < WORDS_NEEDED:
        return None
    hits = {code: sum(word in known for word in words) for code, known in commonest.items()}
    english = hits.pop("en", 0)
    code = max(hits, key=lambda one: hits[one], default="en")
    enough = hits.get(code, 0) > english and hits.get(code, 0) >= max(2, SHARE_NEEDED * len(words))
    return code if enough else None


def asks_for_spanish(text: str) -> bool:
    """Say whether a message asks for Spanish, or is a Spanish word that is no name: even in the middle of a form."""
    return _SPANISH_WANTED.match(" ".join(_words(text))) is not None


def _words(text: str) -> list[str]:
    return fold(text.replace("'", " ").replace("\u2019", " ")).split()  # "j'ai besoin d'aide"


def _share_of_other_letters(text: str) -> float:
    letters = [character for character in text if character.isalpha()]
    # Two letters at least: one alone may be an emoji's relative or a slip of the keyboard.
    if len(letters) < 2:
        return 0.0
    return sum(not unicodedata.name(letter, "LATIN").startswith("LATIN") for letter in letters) / len(letters)

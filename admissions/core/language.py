"""Which language a message is written in, as far as its commonest words tell."""

from __future__ import annotations

from collections.abc import Mapping

from admissions.core.wording import fold

#: Fewer words than this say too little: "no" and "si" belong to many languages, names to none.
WORDS_NEEDED = 3

#: Share of a message's words that must be commonest words of the language.
SHARE_NEEDED = 0.34


def foreign_language(text: str, commonest: Mapping[str, frozenset[str]]) -> str | None:
    """Return the code of the language other than English that a message is in, None for English and for doubt.

    Args:
        text: the visitor's words.
        commonest: by language code the commonest words of each, English ("en") among them, folded.
    """
    words = fold(text.replace("'", " ").replace("\u2019", " ")).split()  # "j'ai besoin d'aide"
    if len(words) < WORDS_NEEDED:
        return None
    hits = {code: sum(word in known for word in words) for code, known in commonest.items()}
    english = hits.pop("en", 0)
    code = max(hits, key=lambda one: hits[one], default="en")
    enough = hits.get(code, 0) > english and hits.get(code, 0) >= max(2, SHARE_NEEDED * len(words))
    return code if enough else None

"""Whose answer it is: "my husband drinks too" says nothing about the visitor's own substances."""

from __future__ import annotations

import re
from collections.abc import Iterable

from admissions.core.wording import fold, says

_OTHERS = ("he", "hes", "she", "shes", "they", "theyre", "everyone", "everybody", "my family", "people")
_ONESELF = re.compile(r"\b(?:i|im|ive|me|both of us|we)\b")
_OWN_AGE = re.compile(r"(?:well |but |so )?(?:im|i am)\b")
_I_MYSELF = re.compile(
    r"\b(?:i|ive) (?:also |still |used to |sometimes )?(?:drink|drank|use|used|smoke|smoked|take|took|do|like)\b"
    r"|\bme too\b"
)


def words_about(about: str | None, text: str, relatives: Iterable[str]) -> str:
    """Return the clauses of a message that can be about the person the screening is about.

    Args:
        about: self, loved_one, professional or None while unknown.
        text: the visitor's words.
        relatives: how visitors name someone they love, "my husband".
    """
    clauses = [clause for clause in re.split(r"[,;.!\n]| and | but | because ", text) if clause.strip()]
    named = [*relatives, *_OTHERS]
    if about in (None, "self"):
        kept = [clause for clause in clauses if _ONESELF.search(fold(clause)) or not says(clause, named)]
    elif about == "loved_one":
        kept = [clause for clause in clauses if not _I_MYSELF.search(fold(clause))]
    else:
        kept = clauses
    return ", ".join(clause.strip() for clause in kept)


def ages_about(about: str | None, text: str, relatives: Iterable[str]) -> str:
    """Return the clauses whose age can be the person's: in "I'm 52, he's 15" the second, for somebody they love."""
    clauses = [clause for clause in re.split(r"[,;!\n]|\.\s| and | but ", text) if clause.strip()]
    if about in ("loved_one", "professional"):
        kept = [clause for clause in clauses if not _OWN_AGE.match(fold(clause))]
    elif about == "self":
        named = [*relatives, *_OTHERS]
        kept = [clause for clause in clauses if not says(clause, named)]
    else:
        return text
    return ", ".join(clause.strip() for clause in kept)

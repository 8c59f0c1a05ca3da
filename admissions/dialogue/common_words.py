"""The commonest words of some languages, from spaCy's own lists, folded the way messages are."""

from __future__ import annotations

from spacy.lang.de.stop_words import STOP_WORDS as GERMAN
from spacy.lang.en.stop_words import STOP_WORDS as ENGLISH
from spacy.lang.es.stop_words import STOP_WORDS as SPANISH
from spacy.lang.fr.stop_words import STOP_WORDS as FRENCH
from spacy.lang.it.stop_words import STOP_WORDS as ITALIAN
from spacy.lang.pl.stop_words import STOP_WORDS as POLISH
from spacy.lang.pt.stop_words import STOP_WORDS as PORTUGUESE
from spacy.lang.tl.stop_words import STOP_WORDS as TAGALOG
from spacy.lang.tr.stop_words import STOP_WORDS as TURKISH
from spacy.lang.vi.stop_words import STOP_WORDS as VIETNAMESE

from admissions.core.wording import fold

#: What people looking for help write in Spanish that no stop word list holds.
_SPANISH_BESIDES = {
    "hola",
    "ayuda",
    "necesito",
    "quiero",
    "gracias",
    "programa",
    "tratamiento",
    "hijo",
    "hija",
    "cuanto",
}
_SPANISH_BESIDES |= {
    "esposo",
    "esposa",
    "drogas",
    "alcohol",
    "hablan",
    "espanol",
    "español",
    "cuesta",
    "cuánto",
    "ingles",
}
_ENGLISH_BESIDES = {
    "hi",
    "hello",
    "help",
    "need",
    "want",
    "im",
    "dont",
    "whats",
    "iop",
    "php",
    "how",
    "is",
    "program",
    "stop",
    "sound",
    "me",
}


def _folded(words: set[str]) -> frozenset[str]:
    """Return the words that tell a language: single letters and words that English has too do not."""
    return frozenset(folded for word in words if len(folded := fold(word)) > 1 and folded not in _ENGLISH)


def _parts(words: set[str]) -> set[str]:
    """Return the syllables of words that are written apart: messages are counted word by word."""
    return {part for word in words for part in word.split("_")}


#: Haitian Creole has no list in spaCy, and the one of Tagalog is short; common words by our own knowledge.
_HAITIAN = {
    *("mwen", "ou", "li", "nou", "yo", "se", "pa", "ki", "nan", "pou", "ak", "sa", "gen", "te", "ap", "konsa", "kijan"),
    *("konbyen", "kote", "poukisa", "bezwen", "ed", "pitit", "dwòg", "tretman"),
}
_POLISH_BESIDES = {
    "potrzebuję",
    "pomocy",
    "pomoc",
    "mojego",
    "mojej",
    "syna",
    "córki",
    "męża",
    "leczenie",
    "ile",
    "kosztuje",
}
_TAGALOG_BESIDES = {
    *("ang", "ng", "sa", "mga", "ko", "mo", "niya", "namin", "kami", "siya", "ako", "ikaw", "po", "opo", "hindi", "ba"),
    *("na", "ay", "kung", "paano", "magkano", "saan", "anak", "tulong", "kailangan"),
}

_ENGLISH = frozenset(fold(word) for word in ENGLISH | _ENGLISH_BESIDES)

#: By language code; "en" is there so that English wins in doubt.
COMMONEST_WORDS = {
    "en": _ENGLISH,
    "es": _folded(SPANISH | _SPANISH_BESIDES),
    "pt": _folded(PORTUGUESE),
    "fr": _folded(FRENCH),
    "de": _folded(GERMAN),
    "it": _folded(ITALIAN),
    "pl": _folded(POLISH | _POLISH_BESIDES),
    "tl": _folded(TAGALOG | _TAGALOG_BESIDES),
    "tr": _folded(TURKISH),
    "vi": _folded(_parts(VIETNAMESE)),
    "ht": _folded(_HAITIAN),
}

"""How many years of school a text asks of its reader: Flesch-Kincaid, with a small syllable counter for English."""

from __future__ import annotations

import re

#: A sentence ends at its mark, and a line of a list at its end.
_SENTENCE_ENDS = re.compile(r"[.!?]+(?=\s|$)|\n")

_WORD = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)?|\d+")

#: Numbers are read aloud: those that more than one syllable.
_SYLLABLES_OF_NUMBER = {"7": 2, "11": 3, "18": 2, "24": 3, "911": 3, "988": 3}

#: An e inside a word that is not heard: something, safely, movement, useful.
_SILENT_INSIDE = re.compile(r"(?<=[aeiou][^aeiou])e(?=ly|ment|ful|less|ness|thing|one|time|where|work)")

#: Two vowels side by side that are two syllables: media, individual, being, client; not social, patient, behavior.
_TWO_VOWELS = re.compile(r"(?<![tcsgv])i[ao]|(?<![qg])ua|(?<![tfr])ie(?=n|t)|(?<=r)ie(?=nc)|ea$|[aeou](?=ing$)")


def grade(text: str) -> float:
    """Return the school grade from which on a text is read with ease."""
    sentences = [part for part in _SENTENCE_ENDS.split(text) if _WORD.search(part)]
    words = _WORD.findall(text)
    heard = sum(map(syllables, words))
    return 0.39 * len(words) / len(sentences) + 11.8 * heard / len(words) - 15.59


def syllables(word: str) -> int:
    """Return how many syllables a word has when it is read aloud."""
    if word.isdigit():
        return _SYLLABLES_OF_NUMBER.get(word, 1)
    if word.isupper() and len(word) > 1:
        return len(word)  # "IOP" is read letter by letter
    plain = re.sub(r"['’]s$|['’]", "", word.lower())
    heard = _SILENT_INSIDE.sub("", plain)
    heard = re.sub(r"([aeiou])(y[aeiou])", r"\1 \2", heard)  # be-yond
    count = len(re.findall(r"[aeiouy]+", heard)) + len(_TWO_VOWELS.findall(plain))
    silent_end = re.search(r"[^aeiouyl ]e$|[aeiou]le$|[^td]ed$|[^aeiouysxzhcgl]es$|[aeiou]les$", heard)
    long_end = re.search(r"[aeiouy]e[ds]$|ee$", heard)
    return max(1, count - bool(silent_end and not long_end))

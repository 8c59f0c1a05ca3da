"""A message as plain words: typing errors, leetspeak, spaced letters and glued words undone, each word knows its place.

Only words of a given lexicon survive; everything else becomes UNKNOWN. So nothing a visitor writes stays in memory, and
no rule can depend on a word it does not name.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

#: Stands for a word no rule knows; it still counts in distances between words.
UNKNOWN = "_"
#: Ends a sentence in the stream of words.
STOP = "."
#: Numbers: below MANY_FROM, from there on, and years; a number longer than MAX_NUMBER_DIGITS is a phone or a card.
FEW, MANY, YEAR = "#few", "#many", "#year"
MANY_FROM, MAX_NUMBER_DIGITS = 8, 4

#: An ordinary word may become another by one edit, a long key word hardly ever does.
FUZZY_FROM_LETTERS = 6
#: Glued words ("killmyself"): shorter ones are abbreviations, longer ones are noise.
GLUED_FROM_LETTERS, GLUED_TO_LETTERS = 7, 60

_LEET = str.maketrans(
    {"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "!": "i", "|": "i"}
)
_LEET_L = str.maketrans(
    {"0": "o", "1": "l", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "!": "l", "|": "l"}
)
#: Letters of other scripts that look like Latin ones, and the dotless i that case changes lose.
_LOOK_ALIKE = str.maketrans("асеорхуікмтнвıɑ", "aceopxyikmthbia")
_APOSTROPHES = "'\u2019\u2018`\u00b4\u02bc"
_ONE_APOSTROPHE = str.maketrans(dict.fromkeys(_APOSTROPHES, "'"))
_TOKEN = re.compile(
    rf"(?P<word>[^\W_@$](?:[^\W_]|[{_APOSTROPHES}*@$!|](?=[^\W_*@$!|]|[*]+[^\W_]))*|[@$](?=[^\W\d_])[^\W_]+)"
    r"|(?P<stop>[.!?;\n\u2026\u00bf\u00a1]+)|(?P<comma>[,:()\"\u201c\u201d\u2013\u2014]|\s-+\s)"
)
_NUMBER = re.compile(r"(\d+)(mg|mgs|g|ml|x|k|st|nd|rd|th|s|yo|yr|yrs|hrs|hr|h|d|oz)?$")
_RUN = re.compile(r"(.)\1+")
_PIECES = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Word:
    """One word of the lexicon, UNKNOWN or STOP, and where it stood in the plain text."""

    text: str
    start: int
    end: int
    comma: bool = False  #: a comma, colon or dash stood before it


@dataclass(frozen=True)
class Lexicon:
    """The words rules know and the ways visitors write them."""

    words: frozenset[str]
    key: frozenset[str]  #: words worth recognising in a distorted form
    fuzzy: Mapping[str, tuple[str, ...]]  #: one-letter-short forms of the long key words -> those words
    expansions: Mapping[str, tuple[str, ...]]  #: contractions, slang and known misspellings -> plain words
    pairs: Mapping[tuple[str, str], str]  #: two words people write apart -> the one word rules know
    fillers: frozenset[str]  #: words that change nothing ("really"), left out of the stream
    ordinary: frozenset[str]  #: look-alikes of key words that are never corrected


def make_lexicon(
    words: Iterable[str],
    key: Iterable[str],
    expansions: Mapping[str, str],
    pairs: Mapping[str, str],
    fillers: Iterable[str],
    ordinary: Iterable[str],
) -> Lexicon:
    """Index the words of all rules for folding."""
    split = {written: tuple(plain.split()) for written, plain in expansions.items()}
    of_pairs = {
        (first, second): one for (first, second), one in ((tuple(two.split()), one) for two, one in pairs.items())
    }
    keys = frozenset(key)
    fuzzy: dict[str, set[str]] = {}
    for word in keys:
        if len(word) >= FUZZY_FROM_LETTERS:
            for shape in {word, *_one_short(word)}:
                fuzzy.setdefault(shape, set()).add(word)
    known = {*words, *keys, *of_pairs.values(), *(part for parts in split.values() for part in parts)}
    known |= {half for pair in of_pairs for half in pair}
    return Lexicon(
        frozenset(known),
        keys,
        {shape: tuple(sorted(found)) for shape, found in fuzzy.items()},
        split,
        of_pairs,
        frozenset(fillers),
        frozenset(ordinary),
    )


def plain(text: str) -> str:
    """Return the text in one case, without accents, invisible characters and look-alike letters."""
    decomposed = unicodedata.normalize("NFKD", text.casefold()).casefold()
    kept = "".join(c for c in decomposed if unicodedata.category(c) not in ("Mn", "Cf", "Me"))
    return kept.translate(_LOOK_ALIKE)


def fold(text: str, lexicon: Lexicon) -> list[Word]:
    """Return the words of a plain text in order; sentences end with STOP, fillers are left out."""
    return list(_sentences(_paired(_folded(text, lexicon), lexicon), lexicon))


def _folded(text: str, lexicon: Lexicon) -> Iterator[Word]:
    letters: list[re.Match[str]] = []
    comma = False
    for match in _TOKEN.finditer(text):
        kind, single = match.lastgroup, len(match.group()) == 1
        dot = kind == "stop" and single and bool(letters) and text[match.end() : match.end() + 1].isalpha()  # k.m.s
        if letters and not (single and (dot or kind == "word") and match.start() - letters[-1].end() <= 1):
            yield from _spelled(letters, lexicon, comma)
            letters, comma = [], False
        if single and (dot or kind == "word"):
            letters.append(match)
        elif kind == "word":
            for word in fold_word(match.group(), lexicon):
                yield Word(word, match.start(), match.end(), comma)
                comma = False
        elif kind == "stop":
            yield Word(STOP, match.start(), match.end())
            comma = False
        else:
            comma = True
    if letters:
        yield from _spelled(letters, lexicon, comma)


def _spelled(letters: list[re.Match[str]], lexicon: Lexicon, comma: bool) -> Iterator[Word]:
    """Read single letters as one spelled word ("k m s") when that is a word, else one by one."""
    said = [letter for letter in letters if letter.lastgroup == "word"]
    if len(said) >= 3:
        whole = fold_word("".join(letter.group() for letter in said), lexicon)
        if UNKNOWN not in whole and not set(whole) <= {FEW, MANY, YEAR}:
            for word in whole:
                yield Word(word, said[0].start(), said[-1].end(), comma)
                comma = False
            return
    for letter in letters:
        if letter.lastgroup == "stop":
            yield Word(STOP, letter.start(), letter.end())
            continue
        for word in fold_word(letter.group(), lexicon):
            yield Word(word, letter.start(), letter.end(), comma)
            comma = False


def fold_word(written: str, lexicon: Lexicon) -> tuple[str, ...]:
    """Return the lexicon's words for one written word; (UNKNOWN,) when there is none."""
    bare = "".join(c for c in written if c not in _APOSTROPHES)
    with_apostrophe = written.translate(_ONE_APOSTROPHE)
    for form in (with_apostrophe, bare):
        if form in lexicon.expansions:
            return lexicon.expansions[form]
    if written[-2:-1] and written[-2] in _APOSTROPHES and written[-1] == "s":
        return fold_word(bare[:-1], lexicon)
    if bare in lexicon.words or bare in lexicon.fillers:
        return (bare,)
    if bare in lexicon.ordinary or len(bare) > GLUED_TO_LETTERS:
        return (UNKNOWN,)
    number = _NUMBER.match(bare)
    if number:
        return (_number(number.group(1)),)
    return _distorted(bare, lexicon)


def _number(digits: str) -> str:
    if len(digits) > MAX_NUMBER_DIGITS:
        return UNKNOWN
    value = int(digits)
    if 1940 <= value <= 2049:
        return YEAR
    return MANY if value >= MANY_FROM else FEW


def _distorted(bare: str, lexicon: Lexicon) -> tuple[str, ...]:
    if not bare.isalpha():
        for table in (_LEET, _LEET_L):
            undone = bare.translate(table)
            if undone.isalpha() and (undone in lexicon.key or undone in lexicon.expansions or _near(undone, lexicon)):
                return lexicon.expansions.get(undone) or (
                    (undone,) if undone in lexicon.key else (_near(undone, lexicon) or "",)
                )
        if "*" in bare:
            starred = re.compile(re.escape(bare).replace(r"\*", ".") + "$")
            hidden = next((word for word in sorted(lexicon.key) if starred.match(word)), None)
            return (hidden,) if hidden else (UNKNOWN,)
        pieces = _PIECES.findall(bare)
        if len(pieces) > 1:
            return tuple(word for piece in pieces for word in fold_word(piece, lexicon))
    for longest in (2, 1):
        shorter = _RUN.sub(lambda run, n=longest: run.group(1) * min(n, len(run.group())), bare)  # type: ignore[misc]
        if shorter != bare and (shorter in lexicon.key or (longest == 2 and shorter in lexicon.words)):
            return (shorter,)
        if shorter != bare and _RUN.search(bare) and shorter in lexicon.expansions and len(bare) - len(shorter) > 1:
            return lexicon.expansions[shorter]
    near = _near(bare, lexicon)
    if near:
        return (near,)
    return _unglued(bare, lexicon) or (UNKNOWN,)


def _one_short(word: str) -> set[str]:
    return {word[:i] + word[i + 1 :] for i in range(len(word))}


def _near(word: str, lexicon: Lexicon) -> str | None:
    """Return the long key word one letter away: one added, lost, changed, or two neighbours swapped."""
    if len(word) < FUZZY_FROM_LETTERS - 1 or word in lexicon.ordinary:
        return None
    for shape in (word, *sorted(_one_short(word))):
        for key in lexicon.fuzzy.get(shape, ()):
            if _one_edit(word, key):
                return key
    return None


def _one_edit(a: str, b: str) -> bool:
    if abs(len(a) - len(b)) > 1:
        return False
    at = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    rest_a, rest_b = a[at:], b[at:]
    swapped = len(rest_a) > 1 and rest_a[:2] == rest_b[1::-1] and rest_a[2:] == rest_b[2:]
    return swapped or rest_a[1:] == rest_b or rest_a == rest_b[1:] or rest_a[1:] == rest_b[1:]


def _unglued(word: str, lexicon: Lexicon) -> tuple[str, ...] | None:
    """Split words written without spaces, when all parts are known, at least one is a key word, in the fewest parts."""
    if len(word) < GLUED_FROM_LETTERS or not word.isalpha():
        return None
    best: list[tuple[str, ...] | None] = [(), *[None] * len(word)]
    for end in range(1, len(word) + 1):
        for start in range(max(0, end - 14), end):
            before, part = best[start], word[start:end]
            if before is None or not (part in lexicon.words or part in lexicon.expansions or part in lexicon.fillers):
                continue
            if len(part) == 1 and part not in ("i", "a", "u"):
                continue
            if best[end] is None or len(before) + 1 < len(best[end] or ()):
                best[end] = (*before, part)
    parts = best[len(word)]
    if parts is None or len(parts) < 2 or not any(part in lexicon.key for part in parts):
        return None
    return tuple(word for part in parts for word in lexicon.expansions.get(part, (part,)))


def _paired(words: Iterable[Word], lexicon: Lexicon) -> Iterator[Word]:
    """Join words people write apart ("over dose")."""
    held: Word | None = None
    for word in words:
        joined = lexicon.pairs.get((held.text, word.text)) if held and not word.comma else None
        if held and joined:
            held = Word(joined, held.start, word.end, held.comma)
            continue
        if held:
            yield held
        held = word
    if held:
        yield held


def _sentences(words: Iterable[Word], lexicon: Lexicon) -> Iterator[Word]:
    """Leave out fillers, and stops between single words ("I. want. to. die.")."""
    sentence: list[Word] = []
    last_stop: Word | None = None
    lone = False
    comma = False
    for word in words:
        if word.text == STOP:
            if not sentence:
                continue
            if last_stop and not (lone and len(sentence) == 1):
                yield last_stop
            yield from sentence
            lone, last_stop, sentence = len(sentence) == 1, word, []
        elif word.text in lexicon.fillers:
            comma = comma or word.comma
        else:
            sentence.append(Word(word.text, word.start, word.end, True) if comma else word)
            comma = False
    if sentence:
        if last_stop and not (lone and len(sentence) == 1):
            yield last_stop
        yield from sentence

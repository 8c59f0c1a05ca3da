"""The trained signal of the safety gate: how much a message is like made-up messages that speak of danger.

MiniLM's meaning in a kernel ridge regression, letters and words in a linear one, solved together. English and Spanish:
MiniLM hardly knows Spanish, the letters do. It stands beside the patterns and never silences them.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csr_matrix

from admissions.understanding.arrays import Array
from admissions.understanding.clauses import pieces
from admissions.understanding.danger_examples import Example
from admissions.understanding.encoder import Encoder
from admissions.understanding.features import Projection, encode_all, products
from admissions.understanding.ngrams import NGrams
from admissions.understanding.ridge import solve
from admissions.understanding.wording import clean, spelled_out, without_apostrophes

#: Share of letters and words in the likeness of two texts, and what is added to the kernel's diagonal. With the third
#: power that makes the meaning's likeness steep (`_kernel`) the best of 36 settings, each trained on one half of the
#: first examples and measured on the other half; flat around this point.
SHARE_LETTERS, SMOOTHING = 0.35, 0.1

#: Share of ordinary messages that may raise an alarm, each scored as if it had been left out of training. Strangers
#: raise fewer: the examples were written close to danger.
ORDINARY_ALARMS = 0.006
#: Share of ordinary long messages that may, by their worst piece: one message in five is long.
LONG_ALARMS = 0.02
#: Share of look-alikes that may, where a pattern was taken back as idiom, denial, past or policy.
LOOK_ALIKE_ALARMS = 0.01

#: How many of the ordinary messages of data/nlu are learned from: training takes the cube of all examples' number.
ORDINARY_READ = 2500
#: How many short ordinary, long ordinary and look-alike messages at most set the thresholds.
JUDGED = (1600, 250, 500)

#: Pieces of a long message that the encoder reads (about 0.5 ms each): those whose letters look most like danger.
PIECES_READ = 2


@dataclass(frozen=True)
class Thresholds:
    """How far the likeliest lane must lie above "no danger"; set at every training."""

    alarm: float
    piece: float  #: of a piece of a long message, which is easily misread without the rest
    guarded: float  #: where a guard of the patterns took something back


@dataclass(frozen=True)
class Suspicion:
    """What the model thinks of the most telling piece of a message."""

    lane: str
    margin: float  #: score of the lane less the score of "no danger"
    other: bool  #: about somebody else
    spanish: bool
    torn_out: bool  #: read in a piece of a long message


@dataclass(frozen=True)
class DangerHead:
    """What was learned: one column a lane, then none, other and spanish."""

    lanes: tuple[str, ...]
    meanings: Array  #: examples x components, signed bytes
    scale: float  #: of one step of them
    weights: Array  #: examples x columns
    terms: Array  #: n-grams x columns
    thresholds: Thresholds


class DangerModel:
    """A trained signal: `suspect` danger in a message."""

    def __init__(self, encoder: Encoder, projection: Projection, ngrams: NGrams, head: DangerHead) -> None:
        self._encoder = encoder
        self.projection = projection
        self.ngrams = ngrams
        self.head = head
        self._meanings = head.meanings.astype(np.float32) * np.float32(head.scale)

    @classmethod
    def fit(cls, encoder: Encoder, examples: Sequence[Example], ordinary: Sequence[str]) -> DangerModel:
        """Train on examples and on ordinary messages that speak of no danger."""
        known = {clean(example.text) for example in examples}
        talk = _some([text for text in ordinary if clean(text) not in known])
        every = [*examples, *(Example(text, None) for text in talk)]
        # A long message is read in pieces, so the pieces of ordinary ones, torn out, have to be known as well.
        torn = [_torn(example) if example.lane is None else [] for example in every]
        firsts = np.cumsum([len(every), *map(len, torn)])
        groups = [[i, *range(firsts[i], firsts[i + 1])] for i in range(len(every))]
        every += [piece for pieces_of_one in torn for piece in pieces_of_one]
        texts = [example.text for example in every]
        layers = encode_all(encoder, [_for_encoder(text) for text in texts])
        projection = Projection.fit(layers)
        meanings, scale = _in_bytes(projection(layers))
        ngrams, counts = NGrams.fit([_for_letters(text) for text in texts])
        letters = _unit_share(ngrams.weigh(counts))
        lanes = tuple(sorted({example.lane for example in examples if example.lane}))
        targets = np.array([_target(example, lanes) for example in every], dtype=np.float32)
        kernel = _kernel(meanings * scale, meanings * scale) + np.float32(SHARE_LETTERS) * products(letters)
        kernel[np.diag_indices_from(kernel)] += SMOOTHING
        seen = _judged(every, groups)
        weights, left_out = solve(kernel, targets, seen)
        thresholds = _thresholds(every, seen, [_margins(scores, len(lanes)) for scores in left_out])
        terms = SHARE_LETTERS * (letters.T @ weights)
        return cls(
            encoder,
            projection,
            ngrams,
            DangerHead(lanes, meanings.astype(np.int8), float(scale), weights, terms, thresholds),
        )

    def suspect(self, text: str, *, guarded: bool) -> Suspicion | None:
        """Return the danger a message speaks of, None below the threshold.

        Args:
            text: the visitor's words.
            guarded: a guard of the patterns took something back, so more is asked for.
        """
        read = self.read(text)
        if read is None:
            return None
        needed = self.head.thresholds.piece if read.torn_out else self.head.thresholds.alarm
        return read if read.margin > (max(needed, self.head.thresholds.guarded) if guarded else needed) else None

    def read(self, text: str) -> Suspicion | None:
        """Return what the most telling piece of a message says, however little; None for a message without words."""
        parts = [piece for piece in pieces(text) if _for_letters(piece)]
        if not parts:
            return None
        scores = np.stack([self._letters_say(piece) for piece in parts])
        count = len(self.head.lanes)
        telling = np.argsort(-_margins(scores, count), kind="stable")[:PIECES_READ]
        layers = np.stack([self._encoder.layers(_for_encoder(parts[index])) for index in telling])
        scores = scores[telling] + _kernel(self.projection(layers), self._meanings) @ self.head.weights
        margins = _margins(scores, count)
        best = scores[margins.argmax()]
        _, other, spanish = best[count:]
        lane = self.head.lanes[int(best[:count].argmax())]
        return Suspicion(lane, float(margins.max()), bool(other > 0.5), bool(spanish > 0.5), len(parts) > 1)

    def _letters_say(self, piece: str) -> Array:
        """Return the letters' share of a piece's scores."""
        row = self.ngrams.row(_for_letters(piece))
        # By hand: building sparse matrices for a dozen rows takes longer than all of the arithmetic.
        return np.asarray(row.data @ self.head.terms[row.indices] / max(float(np.linalg.norm(row.data)), 1e-9))


def _for_encoder(text: str) -> str:
    return spelled_out(clean(text)) or "?"


def _for_letters(text: str) -> str:
    return without_apostrophes(clean(text))


def _unit_share(letters: csr_matrix) -> csr_matrix:
    """Return rows whose two kinds of n-grams together have length 1 (ngrams.py gives them their share of another)."""
    norms = np.sqrt(np.asarray(letters.multiply(letters).sum(axis=1)).ravel())
    return csr_matrix(letters.multiply((1.0 / np.maximum(norms, 1e-9))[:, None]), dtype=np.float32)


def _target(example: Example, lanes: Sequence[str]) -> list[float]:
    return [
        *(float(example.lane == lane) for lane in lanes),
        float(example.lane is None),
        float(example.other),
        float(example.spanish),
    ]


def _kernel(meanings: Array, others: Array) -> Array:
    likeness = 0.5 * (meanings @ others.T) + 0.5
    return np.asarray((1.0 - SHARE_LETTERS) * likeness * likeness * likeness, dtype=np.float32)


def _margins(scores: Array, lanes: int) -> Array:
    return np.asarray(scores[:, :lanes].max(axis=1) - scores[:, lanes])


def _some(ordinary: Sequence[str]) -> list[str]:
    """Return ORDINARY_READ of these messages, always the same ones: by their own checksum, not by their place."""
    return sorted(ordinary, key=lambda text: zlib.crc32(text.encode()))[:ORDINARY_READ]


def _judged(every: Sequence[Example], groups: Sequence[Sequence[int]]) -> list[Sequence[int]]:
    """Return the messages without danger that set the thresholds, at most JUDGED of each of three kinds."""
    none = [group for group in groups if every[group[0]].lane is None]
    short = [group for group in none if not every[group[0]].look_alike and len(group) == 1]
    long = [group for group in none if not every[group[0]].look_alike and len(group) > 1]
    alike = [group for group in none if every[group[0]].look_alike]
    chance = np.random.default_rng(0)
    found: list[Sequence[int]] = []
    for kind, most in zip((short, long, alike), JUDGED, strict=True):
        found += [kind[index] for index in np.sort(chance.permutation(len(kind))[:most])]
    return found


def _thresholds(every: Sequence[Example], groups: Sequence[Sequence[int]], margins: Sequence[Array]) -> Thresholds:
    """Set the thresholds on left-out messages without danger; a long one counts by its worst piece."""
    judged = list(zip(groups, margins, strict=True))
    ordinary = [(group, own) for group, own in judged if not every[group[0]].look_alike]
    return Thresholds(
        alarm=_quantile([own[0] for group, own in ordinary if len(group) == 1], ORDINARY_ALARMS),
        piece=_quantile([own[1:].max() for group, own in ordinary if len(group) > 1], LONG_ALARMS),
        guarded=_quantile([own[0] for group, own in judged if every[group[0]].look_alike], LOOK_ALIKE_ALARMS),
    )


def _in_bytes(meanings: Array) -> tuple[Array, np.float32]:
    """Return meanings rounded to whole steps of a signed byte, and one step: what is trained on is what is kept."""
    scale = np.float32(np.abs(meanings).max() / 127)
    return np.round(meanings / scale).astype(np.float32), scale


def _quantile(margins: Sequence[float], alarms: float) -> float:
    return float(np.quantile(margins, 1.0 - alarms)) if margins else 0.0


def _torn(example: Example) -> list[Example]:
    """Return a long example in pieces, nothing of a short one."""
    found = pieces(example.text)
    return [replace(example, text=piece) for piece in found] if len(found) > 1 else []

"""The trained signal of the safety gate: how much a message is like made-up messages that speak of danger.

Three ways of reading, added up: MiniLM's meaning in a kernel ridge regression, letters and words in a linear one solved
together with it (English and Spanish: MiniLM hardly knows Spanish, the letters do), and MiniLM's upper layers trained
for this alone (danger_tuning.py). It stands beside the patterns.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix

from admissions.core.danger import Leaning
from admissions.understanding.arrays import Array
from admissions.understanding.clauses import pieces
from admissions.understanding.danger_examples import Example
from admissions.understanding.danger_tuning import TOKENS, tune_once
from admissions.understanding.encoder import Encoder, session
from admissions.understanding.encoder_graph import Weights, build_tuned, read_weights, weights_folder
from admissions.understanding.features import Projection, encode_all, products
from admissions.understanding.ngrams import NGrams
from admissions.understanding.ridge import solve
from admissions.understanding.wording import clean, spelled_out, without_apostrophes

#: Share of letters and words in the likeness of two texts, and what is added to the kernel's diagonal. With the third
#: power that makes the meaning's likeness steep (`_kernel`) the best of 36 settings, each trained on one half of the
#: first examples and measured on the other half; flat around this point.
SHARE_LETTERS, SMOOTHING = 0.35, 0.1

#: What a score of the tuned layers counts for beside the others', which lie between 0 and 1; flat from 0.1 to 0.4.
TUNED_SHARE = 0.2

#: Share of ordinary messages that may raise an alarm, measured at every training on messages it did not learn from.
ORDINARY_ALARMS = 0.01
#: Share of look-alikes that may, where a pattern was taken back as idiom, denial, past or policy.
GUARDED_ALARMS = 0.02
#: Below this margin a message is plainly ordinary: of the dangers by two authors whom it had not learned from two in a
#: thousand lay there, and of the look-alikes that patterns take for danger more than half.
PLAINLY_ORDINARY = -0.8

#: How many of the ordinary messages of data/nlu the ridge learns from (its training takes the cube of all examples'
#: number), how many the tuned layers do, and how many others set the threshold.
ORDINARY_READ, ORDINARY_TUNED, ORDINARY_JUDGED = 2500, 6000, 2500
#: One in so many of the long ordinary messages and of the look-alikes is not learned from but sets the thresholds.
LEFT_OUT = 12

#: Pieces of a long message that the ridge reads, each some milliseconds: those whose letters look most like danger. A
#: second one found nothing that the tuned layers, which read the whole, had not.
PIECES_READ = 1
#: A message up to this long is read as a whole by the tuned layers, in words; of a longer one its most telling piece.
WHOLE_FOR_TUNED_WORDS = 90


@dataclass(frozen=True)
class Thresholds:
    """How far the likeliest lane must lie above "no danger"; set at every training."""

    alarm: float
    guarded: float  #: where a guard of the patterns took something back


@dataclass(frozen=True)
class Suspicion:
    """What the model thinks of the most telling piece of a message."""

    lane: str
    margin: float  #: score of the lane less the score of "no danger"
    other: bool  #: about somebody else
    spanish: bool
    leaning: Leaning = Leaning.DOUBT


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

    def __init__(
        self, encoder: Encoder, projection: Projection, ngrams: NGrams, head: DangerHead, tuned: bytes
    ) -> None:
        self._encoder = encoder
        self.projection = projection
        self.ngrams = ngrams
        self.head = head
        self.tuned = tuned  #: the graph of the tuned layers
        self._tuned = session(tuned)
        self._meanings = head.meanings.astype(np.float32) * np.float32(head.scale)

    @classmethod
    def fit(cls, encoder: Encoder, examples: Sequence[Example], ordinary: Sequence[str], folder: Path) -> DangerModel:
        """Train on examples and on ordinary messages that speak of no danger.

        Args:
            encoder: reads the texts, here and later.
            examples: labelled messages.
            ordinary: messages without danger; some are learned from, others set the threshold.
            folder: keeps what takes minutes to learn, for a training of the same examples.
        """
        known = {clean(example.text) for example in examples}
        talk = _by_chance([text for text in ordinary if clean(text) not in known])
        judges = [example for example in examples if _is_judge(example)]
        learned = [example for example in examples if not _is_judge(example)]
        read, more, others = np.split(np.array(talk, dtype=object), (ORDINARY_READ, ORDINARY_TUNED))
        learned += [Example(text, None) for text in read]
        judges += [Example(text, None) for text in others[:ORDINARY_JUDGED]]
        lanes = tuple(sorted({example.lane for example in examples if example.lane}))
        tuned = _tuned_layers(encoder, [*learned, *(Example(text, None) for text in more)], lanes, folder)
        model = cls(encoder, *_ridge(encoder, learned, lanes), build_tuned(read_weights(weights_folder()) | tuned))
        model.head = replace(model.head, thresholds=model._thresholds(judges))
        return model

    def suspect(self, text: str, *, guarded: bool) -> Suspicion | None:
        """Return what a message says and how far to believe it; None for a message without words.

        Args:
            text: the visitor's words.
            guarded: a guard of the patterns took something back, so more is asked for.
        """
        read = self.read(text)
        if read is None:
            return None
        needed = self.head.thresholds.alarm
        if guarded:
            needed = max(needed, self.head.thresholds.guarded)
        if read.margin > needed:
            return replace(read, leaning=Leaning.DANGER)
        return replace(read, leaning=Leaning.ORDINARY if read.margin < PLAINLY_ORDINARY else Leaning.DOUBT)

    def read(self, text: str) -> Suspicion | None:
        """Return what the most telling piece of a message says, however little; None for a message without words."""
        parts = [piece for piece in pieces(text) if _for_letters(piece)]
        if not parts:
            return None
        by_letters = np.stack([self._letters_say(piece) for piece in parts])
        count = len(self.head.lanes)
        telling = np.argsort(-_margins(by_letters, count), kind="stable")[:PIECES_READ]
        states = [self._encoder.states(_for_encoder(parts[index])) for index in telling]
        layers = np.stack([own for own, _ in states])
        scores = by_letters[telling] + _kernel(self.projection(layers), self._meanings) @ self.head.weights
        most = int(_margins(scores, count).argmax())
        lower = states[most][1]
        if len(parts) > 1 and len(text.split()) <= WHOLE_FOR_TUNED_WORDS:
            _, lower = self._encoder.states(_for_encoder(text))
        both = scores[most] + TUNED_SHARE * self._tuned.run(None, {"lower": lower[:TOKENS]})[0]
        _, other, spanish = both[count:]
        lane = self.head.lanes[int(both[:count].argmax())]
        margin = float(both[:count].max() - both[count])
        return Suspicion(lane, margin, bool(other > 0.5), bool(spanish > 0.5))

    def _letters_say(self, piece: str) -> Array:
        """Return the letters' share of a piece's scores."""
        row = self.ngrams.row(_for_letters(piece))
        # By hand: building sparse matrices for a dozen rows takes longer than all of the arithmetic.
        return np.asarray(row.data @ self.head.terms[row.indices] / max(float(np.linalg.norm(row.data)), 1e-9))

    def _thresholds(self, judges: Sequence[Example]) -> Thresholds:
        """Set the thresholds on messages without danger that nothing was learned from."""
        read = [(judge.look_alike, self.read(judge.text)) for judge in judges]
        margins = [(alike, own.margin) for alike, own in read if own]
        return Thresholds(
            # Never below 0, where "no danger" is the likelier reading.
            alarm=max(0.0, _quantile([margin for alike, margin in margins if not alike], ORDINARY_ALARMS)),
            guarded=_quantile([margin for alike, margin in margins if alike], GUARDED_ALARMS),
        )


def _is_judge(example: Example) -> bool:
    """Say whether an example sets thresholds instead of being learned from: a look-alike, or long; by its checksum."""
    if example.lane or not (example.look_alike or len(pieces(example.text)) > 1):
        return False
    return zlib.crc32(example.text.encode()) % LEFT_OUT == 0


def _tuned_layers(encoder: Encoder, learned: Sequence[Example], lanes: Sequence[str], folder: Path) -> Weights:
    states = [encoder.states(_for_encoder(example.text))[1][:TOKENS].astype(np.float16) for example in learned]
    targets = np.array([_target(example, lanes) for example in learned], dtype=np.float32)
    return tune_once(folder, read_weights(weights_folder()), states, targets, len(lanes) + 1)


def _ridge(
    encoder: Encoder, learned: Sequence[Example], lanes: tuple[str, ...]
) -> tuple[Projection, NGrams, DangerHead]:
    """Return what reads meaning and letters, thresholds not yet set."""
    # A long message is read in pieces, so the pieces of ordinary ones, torn out, have to be known as well.
    every = [*learned, *(piece for example in learned if example.lane is None for piece in _torn(example))]
    layers = encode_all(encoder, [_for_encoder(example.text) for example in every])
    projection = Projection.fit(layers)
    meanings, scale = _in_bytes(projection(layers))
    ngrams, counts = NGrams.fit([_for_letters(example.text) for example in every])
    letters = _unit_share(ngrams.weigh(counts))
    targets = np.array([_target(example, lanes) for example in every], dtype=np.float32)
    kernel = _kernel(meanings * scale, meanings * scale) + np.float32(SHARE_LETTERS) * products(letters)
    kernel[np.diag_indices_from(kernel)] += SMOOTHING
    weights, _ = solve(kernel, targets, [])
    terms = SHARE_LETTERS * (letters.T @ weights)
    head = DangerHead(lanes, meanings.astype(np.int8), float(scale), weights, terms, Thresholds(0.0, 0.0))
    return projection, ngrams, head


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


def _by_chance(messages: Sequence[str]) -> list[str]:
    """Return messages in an order that is always the same: by their own checksum, not by their place."""
    return sorted(messages, key=lambda text: zlib.crc32(text.encode()))


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

"""Fine-tunes the upper layers of MiniLM to tell danger from what sounds alike.

The lower layers stay as published: their states come from the encoder that serves, so training sees what serving sees.
TensorFlow does the work because Rasa brings it along; what is learned leaves as plain arrays.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from admissions.understanding.arrays import Array
from admissions.understanding.encoder_graph import FIRST_TUNED, HEADS, LAYERS, TUNED_HEAD, WIDTH, Weights

#: Three rounds at this rate, warmed up over a tenth and then falling to nothing; a fourth gained nothing once the other
#: ways of reading were added. Tuning all layers took half as long again for no gain; one layer less lost some points.
ROUNDS, RATE, WARM_UP = 3, 1.5e-4, 0.1
#: Messages a step, dropped units, how soft the targets are, the weight of "about another" and "Spanish" in the loss.
BATCH, DROPOUT, SOFT, SIDE_WEIGHT = 32, 0.1, 0.05, 0.3
#: Tokens read of a message: 128 are some 90 words.
TOKENS = 128
#: Batches are padded to a multiple of this many tokens, so that few shapes have to be compiled.
_PAD_TO = 8

_EPSILON = 1e-12


def tune(weights: Weights, states: Sequence[Array], targets: Array, kinds: int) -> Weights:
    """Return the layers from FIRST_TUNED on and the matrix above them, trained.

    Args:
        weights: the published weights.
        states: of each message, its tokens' states below FIRST_TUNED (tokens x 384).
        targets: messages x columns; the first `kinds` exclude each other, the others are yes or no.
        kinds: how many columns are lanes or "no danger".
    """
    import tensorflow as tf

    tf.random.set_seed(0)
    chance = random.Random(0)
    start = np.random.default_rng(0).normal(0, 0.02, (targets.shape[1], WIDTH)).astype(np.float32)
    names = [name for layer in range(FIRST_TUNED, LAYERS) for name in weights if f"encoder.layer.{layer}." in name]
    learned = {name: tf.Variable(np.asarray(weights[name], dtype=np.float32)) for name in names}
    learned[f"{TUNED_HEAD}.weight"] = tf.Variable(start)
    learned[f"{TUNED_HEAD}.bias"] = tf.Variable(np.zeros(targets.shape[1], dtype=np.float32))
    variables = list(learned.values())
    rate = tf.Variable(0.0)
    optimizer = tf.keras.optimizers.legacy.Adam(learning_rate=rate)

    @tf.function(autograph=False, reduce_retracing=True)  # type: ignore[misc, untyped-decorator]
    def step(states: Any, present: Any, wanted: Any) -> None:
        with tf.GradientTape() as tape:
            scores_now = scores(tf, learned, states, present, DROPOUT)
            soft = wanted[:, :kinds] * (1 - SOFT) + SOFT / kinds
            lane = tf.nn.softmax_cross_entropy_with_logits(soft, scores_now[:, :kinds])
            sides = tf.nn.sigmoid_cross_entropy_with_logits(wanted[:, kinds:], scores_now[:, kinds:])
            loss = tf.reduce_mean(lane) + SIDE_WEIGHT * tf.reduce_mean(sides)
        gradients, _ = tf.clip_by_global_norm(tape.gradient(loss, variables), 1.0)
        optimizer.apply_gradients(zip(gradients, variables, strict=True))

    total = ROUNDS * -(-len(states) // BATCH)
    done = 0
    for _ in range(ROUNDS):
        for batch in _batches(states, chance):
            done += 1
            rate.assign(RATE * min(1.0, done / (total * WARM_UP)) * (1.0 - done / (total + 1)))
            step(*_padded([states[index] for index in batch]), tf.constant(targets[batch]))
    return {name: variable.numpy() for name, variable in learned.items()}


def tune_once(cache: Path, weights: Weights, states: Sequence[Array], targets: Array, kinds: int) -> Weights:
    """Return what `tune` returns, from `cache` when it was asked the same before: it takes minutes.

    Only the newest result is kept.
    """
    kept = cache / f"danger-{_digest(states, targets)}.npz"
    if kept.is_file():
        with np.load(kept, allow_pickle=False) as arrays:
            return dict(arrays)
    learned = tune(weights, states, targets, kinds)
    cache.mkdir(parents=True, exist_ok=True)
    for older in cache.glob("danger-*.npz"):
        older.unlink()
    # Whole or not at all: half a file, left by a training that was stopped, would end every later one.
    half = kept.with_name(f"half-{kept.name}")
    np.savez(half, **learned)
    half.replace(kept)
    return learned


def _digest(states: Sequence[Array], targets: Array) -> str:
    digest = hashlib.sha256(Path(__file__).read_bytes())
    for one in states:
        digest.update(np.ascontiguousarray(one).tobytes())
    digest.update(np.ascontiguousarray(targets).tobytes())
    return digest.hexdigest()[:16]


def _batches(states: Sequence[Array], chance: random.Random) -> Iterator[list[int]]:
    """Return batches of messages of about the same length, in an order of chance."""
    order = sorted(range(len(states)), key=lambda index: len(states[index]) + chance.uniform(0, _PAD_TO / 2))
    batches = [order[first : first + BATCH] for first in range(0, len(order), BATCH)]
    chance.shuffle(batches)
    yield from batches


def _padded(states: Sequence[Array]) -> tuple[Array, Array]:
    """Return states in one block, and 1.0 where there is a token."""
    longest = max(map(len, states))
    longest += -longest % _PAD_TO
    block = np.zeros((len(states), longest, WIDTH), dtype=np.float32)
    present = np.zeros((len(states), longest), dtype=np.float32)
    for row, own in enumerate(states):
        block[row, : len(own)] = own
        present[row, : len(own)] = 1.0
    return block, present


def scores(tf: Any, learned: Mapping[str, Any], state: Any, present: Any, dropout: float) -> Any:
    """Return the scores of messages as TensorFlow computes them: messages x columns.

    Args:
        tf: TensorFlow, which only training loads.
        learned: the layers from FIRST_TUNED on and the matrix above them, by name.
        state: the tokens' states, padded: messages x tokens x 384.
        present: 1.0 where there is a token.
        dropout: share of units left out by chance.
    """
    hidden = (1.0 - present)[:, None, None, :] * -1e4
    for layer in range(FIRST_TUNED, LAYERS):
        state = _layer(tf, learned, f"encoder.layer.{layer}", state, hidden, dropout)
    mean = tf.reduce_sum(state * present[..., None], 1) / tf.reduce_sum(present, 1, keepdims=True)
    return _linear(tf, learned, TUNED_HEAD, _thinned(tf, mean, dropout))


def _layer(tf: Any, learned: Mapping[str, Any], prefix: str, state: Any, hidden: Any, dropout: float) -> Any:
    shape = (tf.shape(state)[0], tf.shape(state)[1], HEADS, WIDTH // HEADS)

    def heads(name: str) -> Any:
        projected = _linear(tf, learned, f"{prefix}.attention.self.{name}", state)
        return tf.transpose(tf.reshape(projected, shape), (0, 2, 1, 3))

    likeness = tf.matmul(heads("query"), heads("key"), transpose_b=True) * (WIDTH // HEADS) ** -0.5 + hidden
    mixed = tf.matmul(_thinned(tf, tf.nn.softmax(likeness), dropout), heads("value"))
    mixed = tf.reshape(tf.transpose(mixed, (0, 2, 1, 3)), tf.shape(state))
    mixed = _linear(tf, learned, f"{prefix}.attention.output.dense", mixed)
    state = _norm(tf, learned, f"{prefix}.attention.output.LayerNorm", state + _thinned(tf, mixed, dropout))
    inner = tf.nn.gelu(_linear(tf, learned, f"{prefix}.intermediate.dense", state))
    outer = _linear(tf, learned, f"{prefix}.output.dense", inner)
    return _norm(tf, learned, f"{prefix}.output.LayerNorm", state + _thinned(tf, outer, dropout))


def _thinned(tf: Any, x: Any, dropout: float) -> Any:
    return tf.nn.dropout(x, dropout) if dropout else x


def _linear(tf: Any, learned: Mapping[str, Any], name: str, x: Any) -> Any:
    return tf.linalg.matmul(x, learned[f"{name}.weight"], transpose_b=True) + learned[f"{name}.bias"]


def _norm(tf: Any, learned: Mapping[str, Any], name: str, x: Any) -> Any:
    mean, variance = tf.nn.moments(x, -1, keepdims=True)
    return (x - mean) * tf.math.rsqrt(variance + _EPSILON) * learned[f"{name}.weight"] + learned[f"{name}.bias"]

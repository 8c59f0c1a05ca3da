"""Kernel ridge regression in closed form, with the scores that examples would have if they had been left out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.linalg import lapack

from admissions.errors import ContentError
from admissions.understanding.arrays import Array

#: Columns of the inverse's factor held at a time.
_BLOCK = 1500


def solve(kernel: Array, targets: Array, groups: Sequence[Sequence[int]]) -> tuple[Array, list[Array]]:
    """Solve kernel x weights = targets; the kernel, its smoothing on the diagonal, is used up.

    Args:
        kernel: examples x examples, single precision.
        targets: examples x columns.
        groups: numbers of examples that are left out together, such as a message and its parts.

    Returns:
        The weights, and for each group the scores of its examples as if all of them had been left out.

    Raises:
        ContentError: the examples are too much alike to tell apart.
    """
    # Single precision: twice as fast as double and, with this smoothing, right to four digits.
    factor, failed = lapack.spotrf(kernel, lower=1, overwrite_a=1)
    if failed:
        raise ContentError("the examples are too much alike: is one of them there many times?")
    weights, _ = lapack.spotrs(factor, targets, lower=1)
    left_out: list[Array] = []
    for some in _blocks(groups):
        columns = _inverse_columns(factor, [index for group in some for index in group])
        first = 0
        for group in some:
            own = columns[:, first : first + len(group)]
            first += len(group)
            left_out.append(targets[list(group)] - np.linalg.solve(own.T @ own, weights[list(group)]))
    return np.asarray(weights), left_out


def _inverse_columns(factor: Array, rows: Sequence[int]) -> Array:
    """Return L^-1 at these columns, where L is the kernel's factor: their products are the kernel's inverse there."""
    ones = np.zeros((len(factor), len(rows)), dtype=np.float32)
    ones[rows, np.arange(len(rows))] = 1.0
    columns, _ = lapack.strtrs(factor, ones, lower=1, overwrite_b=1)
    return np.asarray(columns)


def _blocks(groups: Sequence[Sequence[int]]) -> list[list[Sequence[int]]]:
    blocks: list[list[Sequence[int]]] = [[]]
    for group in groups:
        if blocks[-1] and sum(map(len, blocks[-1])) + len(group) > _BLOCK:
            blocks.append([])
        blocks[-1].append(group)
    return [block for block in blocks if block]

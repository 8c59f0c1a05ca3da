"""Pictures of a measurement: is it as sure as it is right, and what does it take for what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from admissions.evaluation.measure import Outcome, calibration, topic_of

#: Inches and dots an inch: legible on a screen, small enough for a page.
_SIZE, _DPI = 11, 110


def draw(outcomes: Sequence[Outcome], folder: Path) -> list[Path]:
    """Write calibration.png and confusion.png into `folder` and return their paths; none for no outcomes."""
    if not outcomes:
        return []
    import matplotlib

    matplotlib.use("Agg")  # no screen
    from matplotlib import pyplot

    folder.mkdir(parents=True, exist_ok=True)
    figure, axes = pyplot.subplots(figsize=(_SIZE / 2, _SIZE / 2))
    sure, right, count = (list(column) for column in zip(*calibration(outcomes), strict=True))
    axes.plot([0, 1], [0, 1], color="grey", linestyle="--", label="as sure as right")
    axes.plot(sure, right, marker="o", label="held-out messages")
    for x, y, n in zip(sure, right, count, strict=True):
        axes.annotate(str(n), (x, y), textcoords="offset points", xytext=(6, -10), fontsize=8)
    axes.set(
        xlabel="confidence",
        ylabel="share that was right (topic)",
        title="Calibration; number of messages at each point",
    )
    axes.legend()
    figure.tight_layout()
    figure.savefig(folder / "calibration.png", dpi=_DPI)
    pyplot.close(figure)

    pairs = Counter((topic_of(one.expected), topic_of(one.label)) for one in outcomes)
    names = sorted({name for pair in pairs for name in pair})
    matrix = np.array([[pairs[row, column] for column in names] for row in names], dtype=float)
    shares = matrix / np.maximum(matrix.sum(axis=1, keepdims=True), 1)
    figure, axes = pyplot.subplots(figsize=(_SIZE, _SIZE))
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    axes.set(xticks=range(len(names)), yticks=range(len(names)), xlabel="understood as", ylabel="is")
    axes.set_xticklabels(names, rotation=90, fontsize=7)
    axes.set_yticklabels(names, fontsize=7)
    for row, column in zip(*np.nonzero(matrix), strict=True):
        colour = "white" if shares[row, column] > 0.5 else "black"
        axes.text(column, row, int(matrix[row, column]), ha="center", va="center", fontsize=6, color=colour)
    figure.tight_layout()
    figure.savefig(folder / "confusion.png", dpi=_DPI)
    pyplot.close(figure)
    return [folder / "calibration.png", folder / "confusion.png"]

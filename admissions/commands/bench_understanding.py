"""What understanding a message costs, without Rasa around it: for `make bench`."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from admissions import content
from admissions.commands.train import MODELS, ensure_model, training_environment
from admissions.core.follow_ups import Talk
from admissions.evaluation.messages import read_labelled
from admissions.settings import ROOT
from admissions.understanding.reader import MessageReader
from admissions.understanding.storage import DESCRIPTION, load

#: Messages that are read; every third of some twelve hundred, short and long as they are.
FILES, EVERY = ("faq.tsv", "intents.tsv"), 3
#: Not counted: the first messages warm caches.
WARM_UP = 20


def run() -> None:
    """Print what reading a held-out message takes (median, 99th percentile), the model's size and a training's time."""
    model = ensure_model()
    with _unpacked(model) as folder:
        reader = MessageReader(load(folder), content.entity_names(), content.follow_ups())
    texts = [message.text for name in FILES for message in read_labelled(ROOT / "eval" / name)][::EVERY]
    times: list[float] = []
    for text in [*texts[:WARM_UP], *texts]:
        started = time.perf_counter()
        reader.read(text, Talk())
        times.append((time.perf_counter() - started) * 1000)
    times = times[WARM_UP:]
    print(
        f"{'understanding':24}{statistics.median(times):>10.1f}{statistics.quantiles(times, n=100)[-1]:>10.1f}", end=""
    )
    print(f"{len(times):>10}   (the second figure is p99)")
    print(f"{'model':24}{model.stat().st_size / 1e6:>10.1f} MB")
    print(f"{'training':24}{_train_once():>10.1f} s", flush=True)


@contextmanager
def _unpacked(model: Path) -> Iterator[Path]:
    """Unpack a model of ours and give the folder that holds the intent model."""
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(model) as archive:
            archive.extractall(folder)  # made by us, on this machine
        yield next(Path(folder).rglob(DESCRIPTION)).parent


def _train_once() -> float:
    """Return how long a training from nothing takes, in seconds; its model is thrown away."""
    with tempfile.TemporaryDirectory(dir=MODELS) as folder:
        started = time.monotonic()
        subprocess.run(
            [sys.executable, "-m", "rasa", "train", "--force", "--out", folder],
            cwd=ROOT,
            env=training_environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=True,
        )
        return time.monotonic() - started

"""`admissions train`: one model for one content, named by its version: unchanged content is never trained twice."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

from admissions import content
from admissions.commands.quiet import QUIET_ENVIRONMENT
from admissions.errors import StartError
from admissions.settings import ROOT

MODELS = ROOT / "models"

#: What limits the threads of NumPy and TensorFlow.
THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS")

#: How many older models are kept, for going back.
KEPT_MODELS = 2


def run(given: argparse.Namespace) -> int:
    """Train unless there is a model for this content, and print its path."""
    print(ensure_model(force=given.force).relative_to(ROOT))
    return 0


def model_path() -> Path:
    """Return where the model for the present content is, or will be."""
    return MODELS / f"admissions-{content.model_version()}.tar.gz"


def ensure_model(*, force: bool = False) -> Path:
    """Return the model for the present content, training it first where it is missing.

    Raises:
        StartError: the training failed; names the log and its last lines.
    """
    path = model_path()
    if path.exists() and not force:
        return path
    log = log_file("train.log")
    command = [sys.executable, "-m", "rasa", "train", "--fixed-model-name", path.name.removesuffix(".tar.gz")]
    with log.open("wb") as output:
        started = time.monotonic()
        process = subprocess.Popen(
            [*command, "--out", str(MODELS)],
            cwd=ROOT,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=training_environment(),
        )
        try:
            while process.poll() is None:
                _progress(f"training a model for this content: {time.monotonic() - started:.0f} s (log: {log})")
                time.sleep(0.5)
        except KeyboardInterrupt:
            process.terminate()
            process.wait()
            raise
    _progress_ends()
    if process.returncode != 0 or not path.exists():
        raise StartError(f"training failed: {_reason(log)}\n  the whole log is in {log}")
    _forget_old_models(path)
    return path


def training_environment() -> dict[str, str]:
    """Return the environment of a training: quiet, and unlike serving with every core for its matrices."""
    cores = str(os.cpu_count() or 1)
    return {**os.environ, **QUIET_ENVIRONMENT, **dict.fromkeys(THREADS, cores)}


def log_file(name: str) -> Path:
    """Return the path of a log under var/, its folder made."""
    folder = Path(os.environ.get("ADMISSIONS_VAR") or ROOT / "var") / "log"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / name


def _reason(log: Path) -> str:
    """Return the line of the log that names what is wrong: an error of ours if there is one, else the last line."""
    lines = [line.strip() for line in log.read_text(errors="replace").splitlines() if line.strip()]
    ours = [line for line in lines if "admissions.errors." in line or "YamlSyntaxException" in line or "YAML" in line]
    return (ours or lines or ["it wrote nothing"])[-1][-400:]


def _progress(words: str) -> None:
    if sys.stderr.isatty():
        print(f"\r{words}\x1b[K", end="", file=sys.stderr, flush=True)
    elif not getattr(_progress, "said", False):
        print(words, file=sys.stderr, flush=True)
        _progress.said = True  # type: ignore[attr-defined]


def _progress_ends() -> None:
    if sys.stderr.isatty():
        print(file=sys.stderr)


def _forget_old_models(newest: Path) -> None:
    others = sorted((path for path in MODELS.glob("admissions-*.tar.gz") if path != newest), key=os.path.getmtime)
    for path in others[:-KEPT_MODELS]:
        path.unlink()

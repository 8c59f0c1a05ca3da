"""Rasa's own default pipeline on our data: what `admissions eval --stock` measures the assistant against."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from admissions import content
from admissions.commands.quiet import QUIET_ENVIRONMENT
from admissions.commands.train import MODELS, log_file
from admissions.errors import StartError
from admissions.settings import ROOT

CONFIG = ROOT / "eval" / "stock.yml"


def ensure_stock_model() -> Path:
    """Return the default pipeline trained on the present data, training it first where it is missing (many minutes).

    Raises:
        StartError: the training failed; names the log.
    """
    hashed = hashlib.sha256(CONFIG.read_bytes())
    for example in content.nlu_files().examples:  # not the answers beside them: their wording changes nothing here
        hashed.update(f"{example.label}\t{example.text}\n".encode())
    version = hashed.hexdigest()[: content.VERSION_DIGITS]
    path = MODELS / f"stock-{version}.tar.gz"
    if path.exists():
        return path
    log = log_file("train-stock.log")
    print(f"training Rasa's default pipeline on our data, which takes long: {log}", file=sys.stderr)
    command = [
        sys.executable,
        "-m",
        "rasa",
        "train",
        "nlu",
        "--config",
        str(CONFIG),
        "--nlu",
        str(ROOT / "data" / "nlu"),
    ]
    with log.open("wb") as output:
        ended = subprocess.run(
            [
                *command,
                "--domain",
                str(ROOT / "domain.yml"),
                "--fixed-model-name",
                path.name.removesuffix(".tar.gz"),
                "--out",
                str(MODELS),
            ],
            cwd=ROOT,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, **QUIET_ENVIRONMENT},
            check=False,
        )
    if ended.returncode != 0 or not path.exists():
        raise StartError(f"training the default pipeline failed: the log is in {log}")
    return path

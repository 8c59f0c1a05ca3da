"""Keeps Rasa and its libraries from talking into our output, and from using more threads than help."""

from __future__ import annotations

import os
import warnings

#: No telemetry, no chatter of TensorFlow, one thread a library (docs/decisions/0002-environment.md).
QUIET_ENVIRONMENT = {
    "RASA_TELEMETRY_ENABLED": "false",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "PYTHONWARNINGS": "ignore",
    "TOKENIZERS_PARALLELISM": "false",
}


def hush() -> None:
    """Set this process up to be quiet; has to come before Rasa, spaCy or TensorFlow is loaded."""
    for name, value in QUIET_ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    # Libraries set filters of their own while they load; what is never shown needs none.
    warnings.showwarning = lambda *_, **__: None

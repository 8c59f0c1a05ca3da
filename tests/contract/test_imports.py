"""Worker, receiver and action server stay small: nothing they import brings TensorFlow, Rasa or spaCy along."""

from __future__ import annotations

import subprocess
import sys

import pytest

from admissions.settings import ROOT

#: Half a gigabyte and several seconds, each of them; rasa_sdk is another package than rasa.
HEAVY = ("tensorflow", "rasa", "spacy")

ACTIONS = sorted(f"actions.{path.stem}" for path in (ROOT / "actions").glob("*.py") if path.stem != "__init__")
COMMANDS = ["admissions.commands.outbox", "admissions.commands.receiver", "admissions.commands.worker"]

_LOADED = "import importlib, sys; importlib.import_module(sys.argv[1]); print(*sys.modules)"


def loaded_by(module: str) -> set[str]:
    """Return the top-level packages that importing a module loads in a fresh interpreter."""
    listed = subprocess.run(
        [sys.executable, "-c", _LOADED, module], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    return {name.partition(".")[0] for name in listed.stdout.split()}


@pytest.mark.parametrize("module", [*ACTIONS, *COMMANDS])
def test_small_processes_load_nothing_heavy(module: str) -> None:
    packages = loaded_by(module)
    assert module.partition(".")[0] in packages
    assert not packages & set(HEAVY)


def test_there_are_actions_to_look_at() -> None:
    assert "actions.handoff" in ACTIONS


def test_what_is_heavy_would_be_seen() -> None:
    assert "spacy" in loaded_by("admissions.dialogue.common_words")

"""`admissions claim`: somebody has taken it on."""

from __future__ import annotations

from pathlib import Path

import pytest

from admissions.bootstrap import build
from admissions.cli import main
from admissions.settings import load_settings
from tests.fakes import make_handoff


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A database with one handoff."""
    monkeypatch.setenv("ADMISSIONS_VAR", str(tmp_path))
    monkeypatch.setenv("ADMISSIONS_DATABASE_URL", "")
    build(load_settings()).outbox.add(make_handoff(), b"{}", deliver=False)


def test_a_handoff_is_claimed_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["claim", "REF001"]) == 0
    assert main(["claim", "ref001"]) == 0

    assert capsys.readouterr().out == "REF001: claimed\nref001: was claimed already\n"


def test_a_handoff_there_is_not_is_an_error_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["claim", "REF999"]) == 2
    assert capsys.readouterr().err == "admissions: no handoff REF999\n"

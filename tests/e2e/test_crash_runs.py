"""A short crash run: the real action server and two workers, killed again and again (all of it: scripts/crash-runs)."""

from __future__ import annotations

import os

import pytest

from tests.e2e.crash_runs import run_one

#: Enough for some kills of each process.
HANDOFFS = 40


@pytest.mark.parametrize("on", ["sqlite", "postgresql"])
def test_every_acknowledged_handoff_arrives_once_whoever_is_killed(on: str) -> None:
    if on == "postgresql" and not os.environ.get("ADMISSIONS_TEST_POSTGRES"):
        if os.environ.get("CI") == "true":
            pytest.fail("ADMISSIONS_TEST_POSTGRES names no PostgreSQL server: run the tests with make test")
        pytest.skip("ADMISSIONS_TEST_POSTGRES names no PostgreSQL server: make test starts one")

    result = run_one("kill", on, HANDOFFS)

    assert result.good, result
    assert result.kills > 0, result

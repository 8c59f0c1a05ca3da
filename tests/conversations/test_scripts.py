"""Every conversation script under scripts/, held against the trained model: one test a script."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import pytest

from tests.conversations.script import Script, all_scripts
from tests.conversations.stage import ALL_TIMEOUT_S, Performance

SCRIPTS = all_scripts()

#: What visitors do that breaks forms; each has a folder.
BEHAVIOURS = {
    *("happy", "interrupt", "correct", "stop", "refuse", "minor"),
    *("loved_one", "professional", "emergency_inside", "returns", "invalid", "adversarial"),
}


def _cases() -> list[object]:
    return [
        pytest.param(
            script,
            id=script.name,
            marks=[pytest.mark.xfail(reason=script.known_fault, strict=True)] if script.known_fault else [],
        )
        for script in SCRIPTS
    ]


@pytest.mark.model
@pytest.mark.timeout(ALL_TIMEOUT_S)
@pytest.mark.parametrize("script", _cases())
def test_the_conversation_goes_as_written(script: Script, performances: Mapping[str, Performance]) -> None:
    failure = performances[script.name].failure
    assert failure is None, failure


def test_each_behaviour_has_at_least_seven_scripts_of_a_hundred() -> None:
    held = Counter(script.folder for script in SCRIPTS)
    assert set(held) == BEHAVIOURS
    assert min(held.values()) >= 7
    assert sum(held.values()) >= 100


def test_every_script_proves_a_fact_of_its_own() -> None:
    titles = Counter(script.title for script in SCRIPTS)
    assert [title for title, times in titles.items() if times > 1] == []


def test_every_scene_that_ends_a_script_expects_something() -> None:
    assert [script.title for script in SCRIPTS if not script.scenes[-1].assistant] == []

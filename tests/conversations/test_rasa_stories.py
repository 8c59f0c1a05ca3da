"""The stories in test_rules.yml, run by Rasa itself against the model of the present content."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from admissions.commands.quiet import QUIET_ENVIRONMENT
from admissions.commands.train import model_path
from admissions.settings import ROOT

STORIES = Path(__file__).parent / "test_rules.yml"

#: Importing TensorFlow and loading the model takes ten seconds on two cores; ten times that is a fault. Seconds.
RASA_TIMEOUT_S = 120


def rasa_test(stories: Path, results: Path) -> subprocess.CompletedProcess[str]:
    """Run `rasa test core` over these stories."""
    assert model_path().exists(), "there is no model for the present content: run `admissions train`"
    return subprocess.run(
        [
            *(sys.executable, "-m", "rasa", "test", "core", "--model", str(model_path()), "--stories", str(stories)),
            *("--fail-on-prediction-errors", "--out", str(results)),
        ],
        cwd=ROOT,
        env={**os.environ, **QUIET_ENVIRONMENT},
        capture_output=True,
        text=True,
        timeout=RASA_TIMEOUT_S,
        check=False,
    )


@pytest.mark.model
def test_every_story_goes_as_written(tmp_path: Path) -> None:
    # when
    ended = rasa_test(STORIES, tmp_path)

    # then
    failed = tmp_path / "failed_test_stories.yml"
    told = failed.read_text(encoding="utf-8") if failed.exists() else ""
    assert ended.returncode == 0, f"{told}\n{ended.stderr[-3000:]}"
    assert (tmp_path / "story_report.json").exists(), "Rasa found no stories to run"


@pytest.mark.model
def test_a_story_that_goes_otherwise_is_noticed(tmp_path: Path) -> None:
    # given a story that expects a wrong action
    wrong = tmp_path / "test_wrong.yml"
    wrong.write_text(
        "version: '3.1'\nstories:\n- story: wrong\n  steps:\n  - intent: greet\n  - action: utter_goodbye\n",
        encoding="utf-8",
    )

    # when / then
    assert rasa_test(wrong, tmp_path / "results").returncode != 0


def test_every_rule_file_has_its_stories() -> None:
    # given
    stories = yaml.safe_load(STORIES.read_text(encoding="utf-8"))["stories"]
    told = {step["intent"] for story in stories for step in story["steps"] if "intent" in step}

    # when / then: at least two reactions of each file, or all where there are fewer
    for path in sorted((ROOT / "data" / "rules").glob("*.yml")):
        rules = yaml.safe_load(path.read_text(encoding="utf-8"))["rules"]
        intents = {step["intent"] for rule in rules for step in rule["steps"] if "intent" in step}
        assert len(intents & told) >= min(2, len(intents)), f"data/rules/{path.name} has no story"

"""Adding a step touches its definition only: one entry in a copy of the YAML, and everything else knows it."""

from __future__ import annotations

from typing import Any

import pytest

from admissions import content
from admissions.core.assess import load_topic_rules
from admissions.core.front_desk import advance
from admissions.core.intake import Example, Intake, Interruption, Question, Turn, Why
from admissions.core.preview import packet, preview_text
from admissions.core.steps import SKIPPED, Plan, Script, load_script
from admissions.settings import ROOT
from admissions.yaml_files import read_yaml

#: What README shows, word for word the entry somebody would add.
ENTRY = """
- name: work
  kind: choice
  called: ["job", "work"]
  plans: [screening]
  for: [self, loved_one]
  ask:
    default: "Are you working or in school at the moment?"
    loved_one: "Is the person working or in school at the moment?"
  why: "Sessions can be by day or in the evening."
  example: "Yes, no or not sure is enough."
  choices:
  - {value: "yes", title: "Yes", yes_no: "yes", says: ["full time", "night shift"], preview: "yes"}
  - {value: "no", title: "No", yes_no: "no", says: ["laid off"], preview: "no"}
  - {value: "not_sure", title: "Not sure", says: ["not sure"], preview: "not sure"}
  preview: "Working or in school: {answer}."
"""

RULE = {"topic": "iop", "when": {"work": "yes"}, "source": "article §3", "says": "There is work or school."}


@pytest.fixture(scope="module")
def script(tmp_path_factory: pytest.TempPathFactory) -> Script:
    """The screening with the new step in front of the substances."""
    copy = tmp_path_factory.mktemp("content") / "screening.yml"
    original = (ROOT / "content" / "screening.yml").read_text(encoding="utf-8")
    before, marker, after = original.partition("- name: substances\n")
    copy.write_text(before + ENTRY.lstrip() + "\n" + marker + after, encoding="utf-8")
    return load_script(read_yaml(copy))


def at_work(**answers: Any) -> Intake:
    given = {step.name: "no" for step in content.script().steps[:8]} | {"about": "self", "adult": "yes"}
    given |= {"interest": "iop", "reasons": ("none",), **answers}
    return Intake(Plan.SCREENING, "work", given, (*given, "work"))


def test_readme_shows_this_entry() -> None:
    assert ENTRY.strip() in (ROOT / "README.md").read_text(encoding="utf-8")


def test_it_is_asked_in_its_place_and_in_the_words_for_the_person(script: Script) -> None:
    state = at_work(about="loved_one")
    before = Intake(Plan.SCREENING, "reasons", {k: v for k, v in state.answers.items() if k != "reasons"})

    end = advance(script, before, Turn("none of these"))

    assert end.replies == (Question("work"),)
    assert script.step("work").wording("loved_one") == "Is the person working or in school at the moment?"


@pytest.mark.parametrize(
    ("said", "value"), [("yes", "yes"), ("I got laid off", "no"), ("Not sure", "not_sure"), ("skip", SKIPPED)]
)
def test_it_is_read_in_words_by_button_and_skipped(script: Script, said: str, value: str) -> None:
    end = advance(script, at_work(), Turn(said))

    assert end.state.answers["work"] == value
    assert end.state.step == "substances"


def test_it_has_why_back_an_example_and_questions_in_between(script: Script) -> None:
    assert advance(script, at_work(), Turn("why?")).replies == (Why("work"), Question("work"))
    assert advance(script, at_work(), Turn("back")).state.step == "reasons"
    assert Interruption() in advance(script, at_work(), Turn("what is php?", "faq")).replies
    once = advance(script, at_work(), Turn("purple")).state
    assert Example("work") in advance(script, once, Turn("purple")).replies


def test_it_is_previewed_sent_and_can_be_corrected_and_raise_a_topic(script: Script) -> None:
    # given
    rules = load_topic_rules({"rules": [RULE]})
    state = advance(script, at_work(), Turn("no")).state

    # when
    state = advance(script, state, Turn("actually i meant yes to work")).state

    # then
    assert "- Working or in school: yes." in preview_text(script, rules, state)
    sent = packet(script, rules, state, "America/Denver")
    assert [(item.question, item.answer) for item in sent.screening if item.question == "work"] == [("work", "yes")]
    assert [found.because for found in sent.indications] == ["work"]


def test_it_is_not_asked_of_whom_it_is_not_for(script: Script) -> None:
    state = at_work(about="professional")
    before = Intake(Plan.SCREENING, "reasons", {k: v for k, v in state.answers.items() if k != "reasons"})

    assert advance(script, before, Turn("none of these")).state.step == "substances"

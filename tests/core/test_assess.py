"""From answers to topics: a list to talk about, never a score."""

from __future__ import annotations

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from admissions import content
from admissions.core.assess import assess, load_topic_rules, sentences
from admissions.core.intake import Value
from admissions.core.steps import SKIPPED, StepKind
from admissions.errors import ContentError
from tests.core.intakes import answers_of

SCRIPT, RULES = content.script(), content.topic_rules()
ANSWERS = answers_of(SCRIPT)


@pytest.mark.parametrize(
    ("answers", "topics"),
    [
        ({"home_support": "no"}, ["inpatient because home_support"]),
        ({"home_support": "yes"}, []),
        ({"home_support": "not_sure"}, []),
        (
            {"medical_need": "yes", "withdrawal": "yes"},
            ["inpatient because medical_need", "inpatient because withdrawal"],
        ),
        ({"mental_health": "yes"}, ["inpatient because mental_health"]),
        ({"reasons": ("short_relapse", "after_inpatient")}, ["iop because reasons", "iop because reasons"]),
        ({"reasons": ("none",)}, []),
        ({"substances": ("alcohol", "cannabis")}, ["withdrawal because substances"]),
        ({"substances": ("benzodiazepines",)}, ["withdrawal because substances"]),
        ({"substances": ("cannabis", "other")}, []),
        ({"interest": "inpatient"}, []),
        ({}, []),
    ],
)
def test_an_answer_raises_the_topics_of_its_rules(answers: dict[str, Value], topics: list[str]) -> None:
    assert [f"{found.topic} because {found.because}" for found in assess(RULES, answers)] == topics


@given(ANSWERS, st.randoms(use_true_random=False))
def test_the_order_of_answers_does_not_matter(answers: dict[str, Value], shuffle: random.Random) -> None:
    # given
    items = [
        (name, tuple(shuffle.sample(value, len(value))) if isinstance(value, tuple) else value)
        for name, value in answers.items()
    ]
    shuffle.shuffle(items)

    # when / then
    assert assess(RULES, dict(items)) == assess(RULES, answers)


@given(ANSWERS, ANSWERS)
def test_more_answers_never_take_a_topic_away(fewer: dict[str, Value], more: dict[str, Value]) -> None:
    assert set(assess(RULES, fewer)) <= set(assess(RULES, {**more, **fewer}))


@given(ANSWERS)
def test_naming_more_substances_or_reasons_never_takes_a_topic_away(answers: dict[str, Value]) -> None:
    wider = {
        name: tuple(choice.value for choice in SCRIPT.step(name).choices) if isinstance(value, tuple) else value
        for name, value in answers.items()
    }

    assert set(assess(RULES, answers)) <= set(assess(RULES, wider))


@given(ANSWERS)
def test_a_skipped_answer_counts_for_nothing(answers: dict[str, Value]) -> None:
    given_only = {name: value for name, value in answers.items() if value != SKIPPED}

    assert assess(RULES, answers) == assess(RULES, given_only)
    assert assess(RULES, dict.fromkeys(answers, SKIPPED)) == ()


@given(ANSWERS)
def test_every_topic_has_its_sentence(answers: dict[str, Value]) -> None:
    assert len(sentences(RULES, answers)) == len(assess(RULES, answers))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.step}={rule.value}")
def test_a_rule_looks_at_an_answer_that_can_be_given(rule: object) -> None:
    step = SCRIPT.find(rule.step)

    assert step is not None
    assert step.kind in (StepKind.CHOICE, StepKind.CHOICES)
    assert step.choice(rule.value) is not None


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.step}={rule.value}")
def test_a_rule_names_a_source_and_never_a_level_or_a_decision(rule: object) -> None:
    assert re.match(r"article §[1-7]|conversation\.md, ", rule.source)
    assert not re.search(
        r"\b(level|score|qualif|eligib|need IOP|should|must|recommend|diagnos)", rule.says, re.IGNORECASE
    )


@pytest.mark.parametrize(
    "row",
    [
        pytest.param({"topic": "iop", "source": "s", "says": "x"}, id="no condition"),
        pytest.param({"topic": "iop", "when": {"a": "b", "c": "d"}, "source": "s", "says": "x"}, id="two conditions"),
        pytest.param({"topic": "iop", "when": "a", "source": "s", "says": "x"}, id="condition not a map"),
        pytest.param({"when": {"a": "b"}, "source": "s", "says": "x"}, id="no topic"),
        pytest.param("iop", id="not a map"),
    ],
)
def test_a_rule_that_cannot_be_used_is_refused_by_its_number(row: object) -> None:
    good = {"topic": "iop", "when": {"a": "b"}, "source": "s", "says": "x"}

    with pytest.raises(ContentError, match=r"content/topics\.yml: rule 2 "):
        load_topic_rules({"rules": [good, row]})

"""What may never be said is found, and what is kind and true is not."""

from __future__ import annotations

import pytest

from admissions.content import read_yaml
from admissions.core.never import NeverList
from admissions.errors import ContentError
from admissions.settings import ROOT


@pytest.fixture(scope="module")
def never() -> NeverList:
    return NeverList(read_yaml(ROOT / "safety" / "never.yml")["never"])


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("It sounds like you are an alcoholic.", "a diagnosis"),
        ("Good news: you qualify for IOP.", "a decision about admission"),
        ("You need inpatient.", "a recommended level of care"),
        ("We guarantee it works.", "a promise of success"),
        ("Our program cures addiction.", "a promise of success"),
        ("There is a bed available tonight.", "a promised bed"),
        ("It costs $500 a week.", "a price"),
        ("We accept Medicaid.", "an insurer"),
        ("You should stop taking your medication.", "advice on a medication"),
        ("This chat is 100% confidential.", "a promise of secrecy nobody can keep"),
        ("We are HIPAA compliant.", "a claim software cannot make"),
        ("Don\u2019t wait, call today.", "pressure"),  # with a typographic apostrophe
        ("Help for addicts.", "a stigma word"),
        ("Getting clean is hard.", "a stigma word"),
        ("people who committed suicide", "harmful wording about suicide"),
    ],
)
def test_a_sentence_that_may_not_be_said_is_found_with_its_reason(never: NeverList, text: str, reason: str) -> None:
    assert reason in [finding.reason for finding in never.findings(text)]


@pytest.mark.parametrize(
    "text",
    [
        "Our information does not say what it costs. Admissions can tell you.",  # money without a price
        "Admissions can talk with you about what may fit.",  # no level of care
        "I am an automated assistant, not a person.",  # "an a…" is no diagnosis
        "Stopping alcohol or benzodiazepines suddenly can be dangerous.",  # the withdrawal card, not advice to stop
        "IOP can suit a person who uses substances and also has mental health concerns.",  # person first
        "",
    ],
)
def test_true_and_kind_sentences_pass(never: NeverList, text: str) -> None:
    assert never.findings(text) == []


def test_an_entry_that_is_no_expression_is_refused_by_number() -> None:
    with pytest.raises(ContentError, match="entry 2"):
        NeverList([{"pattern": "fine", "reason": "x"}, {"pattern": "(", "reason": "x"}])

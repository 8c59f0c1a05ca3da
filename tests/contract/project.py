"""The project's own files as the contract tests read them."""

from __future__ import annotations

import re
from typing import Any

from admissions import content, names
from admissions.settings import ROOT

DOMAIN = content.read_yaml(ROOT / "domain.yml")
NLU_FILES = {
    path.relative_to(ROOT).as_posix(): content.read_yaml(path) for path in sorted((ROOT / "data/nlu").rglob("*.yml"))
}
RULES = [rule for path in sorted((ROOT / "data/rules").glob("*.yml")) for rule in content.read_yaml(path)["rules"]]
SECTIONS = {section["id"]: section for section in content.read_yaml(ROOT / "content/facts.yml")["sections"]}
FACTS = {name: fact for section in SECTIONS.values() for name, fact in section["facts"].items()}

#: Enough varied words to be told apart, by what is asked of the project: an intent and a facet of the article.
LEAST_EXAMPLES, LEAST_FAQ_EXAMPLES = 20, 25

#: A title is a button on a phone.
LONGEST_TITLE = 40

#: Numbers people write as words; one to three are ordinary speech ("one-on-one", "two programs").
NUMBER_WORDS = {"four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "twelve": 12}


def examples() -> dict[str, list[str]]:
    """Return the training examples by intent, or by faq/facet."""
    found: dict[str, list[str]] = {}
    for data in NLU_FILES.values():
        for block in data["nlu"]:
            lines = [line.removeprefix("- ").strip() for line in block["examples"].splitlines() if line.strip()]
            found.setdefault(block["intent"], []).extend(lines)
    return found


def answers(intent: str) -> dict[str, list[dict[str, Any]]]:
    """Return the answers of a retrieval intent by the name of what is asked: a facet, or a gap of the article."""
    prefix = f"utter_{intent}/"
    return {name.removeprefix(prefix): variations for data in NLU_FILES.values()
            for name, variations in (data.get("responses") or {}).items() if name.startswith(prefix)}  # fmt: skip


def asked_of(intent: str) -> list[str]:
    """Return what a retrieval intent has examples for, by name."""
    return sorted(label.removeprefix(f"{intent}/") for label in EXAMPLES if label.startswith(f"{intent}/"))


EXAMPLES = examples()
#: By facet: what the article answers. By gap: what it is asked and does not answer.
ANSWERS, GAP_ANSWERS = answers("faq"), answers("out_of_scope")
FACETS, GAPS = asked_of("faq"), asked_of("out_of_scope")
RESPONSES: dict[str, list[dict[str, Any]]] = {
    **DOMAIN["responses"],
    **{f"utter_faq/{facet}": variations for facet, variations in ANSWERS.items()},
    **{f"utter_out_of_scope/{gap}": variations for gap, variations in GAP_ANSWERS.items()},
}


def rule_steps(key: str) -> set[str]:
    """Return every intent or action the rules name."""
    return {step[key] for rule in RULES for step in rule["steps"] if key in step}


def constants(prefix: str) -> dict[str, str]:
    """Return the names of admissions/names.py that start with a prefix."""
    return {name: value for name, value in vars(names).items() if name.startswith(prefix) and isinstance(value, str)}


def numbers_in(text: str) -> set[int]:
    """Return the numbers a text holds, in digits or in words."""
    words = re.findall(r"[a-z]+", text.lower())
    return {int(digits) for digits in re.findall(r"\d+", text)} | {
        NUMBER_WORDS[word] for word in words if word in NUMBER_WORDS
    }

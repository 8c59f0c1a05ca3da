"""What must stay in step: domain, rules, training data, and the names Python uses."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
from collections import Counter
from collections.abc import Iterator

import pytest
from rasa_sdk import Action

import actions
from admissions import content, names
from admissions.core.delivery import DeliveryState
from admissions.core.receipt import response_name
from admissions.core.wording import fold
from admissions.settings import ROOT
from tests.contract.project import (
    DOMAIN,
    EXAMPLES,
    LEAST_EXAMPLES,
    LONGEST_TITLE,
    RESPONSES,
    RULES,
    constants,
    rule_steps,
)

# -- actions -----------------------------------------------------------------------------------------------------------


def action_names() -> list[str]:
    """Return the name of every action class in actions/, imported module by module."""
    found = []
    for module in pkgutil.iter_modules(actions.__path__):
        loaded = importlib.import_module(f"actions.{module.name}")
        found += [
            one().name()
            for _, one in inspect.getmembers(loaded, inspect.isclass)
            if issubclass(one, Action) and one.__module__ == loaded.__name__ and not inspect.isabstract(one)
        ]
    return found


def test_every_action_of_the_domain_has_exactly_one_class_and_the_other_way_round() -> None:
    assert Counter(action_names()) == Counter(DOMAIN["actions"])


# -- names -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("prefix", "known"),
    [
        ("SLOT_", {*DOMAIN["slots"], "requested_slot"}),
        ("INTAKE_FORM", set(DOMAIN["forms"])),
        ("VALIDATE_", set(DOMAIN["actions"])),
        ("ACTION_", set(DOMAIN["actions"])),
        ("INTENT_", {*DOMAIN["intents"], "nlu_fallback"}),
        ("UTTER_", set(RESPONSES)),
    ],
)
def test_every_name_python_uses_stands_in_the_domain(prefix: str, known: set[str]) -> None:
    used = constants(prefix)

    assert used
    assert {name: value for name, value in used.items() if value not in known} == {}


def test_every_request_that_opens_an_intake_has_a_rule_that_does() -> None:
    opening = {
        rule["steps"][0]["intent"]
        for rule in RULES
        if "intent" in rule["steps"][0] and {"action": names.INTAKE_FORM} in rule["steps"]
    }

    assert opening == names.REQUESTS


def test_no_name_is_left_over_in_python() -> None:
    used = {attribute for _, attribute in _names_in_python()}

    left_over = {name for name in constants("") if name.isupper()} - used
    # Kept for the reader: Rasa itself opens the form and names the fallback.
    assert left_over <= {"INTAKE_FORM", "INTENT_FALLBACK"}


def _names_in_python() -> Iterator[tuple[str, str]]:
    """Return (file, name) of every name and attribute our modules use, names.py's own lines left out."""
    for path in [*(ROOT / "admissions").rglob("*.py"), *(ROOT / "actions").rglob("*.py")]:
        if path.name == "names.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute):
                yield path.name, node.attr
            elif isinstance(node, ast.Name):
                yield path.name, node.id


def test_the_form_asks_for_the_slot_that_ends_it() -> None:
    assert DOMAIN["forms"][names.INTAKE_FORM]["required_slots"] == [names.SLOT_OUTCOME]
    assert f"validate_{names.INTAKE_FORM}" == names.VALIDATE_INTAKE_FORM


# -- rules -------------------------------------------------------------------------------------------------------------


def test_every_intent_of_a_rule_is_in_the_domain() -> None:
    assert rule_steps("intent") <= {*DOMAIN["intents"], "nlu_fallback"}


def test_every_intent_of_the_domain_has_exactly_one_rule_that_starts_with_it() -> None:
    always = [rule for rule in RULES if "condition" not in rule]
    starts = Counter(rule["steps"][0]["intent"] for rule in always if "intent" in rule["steps"][0])

    assert starts == Counter([*DOMAIN["intents"], "nlu_fallback"])


def test_a_rule_for_one_turn_ends_with_emptying_the_slot_it_depends_on() -> None:
    for rule in RULES:
        slots = {
            slot for condition in rule.get("condition", ()) for one in condition.get("slot_was_set", ()) for slot in one
        }
        emptied = {
            slot
            for step in rule["steps"]
            for one in step.get("slot_was_set", ())
            for slot, value in one.items()
            if value is None
        }
        assert slots <= emptied, rule["rule"]


def test_every_action_of_a_rule_exists() -> None:
    known = {*DOMAIN["actions"], *DOMAIN["forms"], *DOMAIN["responses"], "utter_faq"}

    assert rule_steps("action") <= known


def test_no_two_rules_have_the_same_name() -> None:
    counted = Counter(rule["rule"] for rule in RULES)

    assert {name: count for name, count in counted.items() if count > 1} == {}


def test_every_question_in_between_can_be_answered() -> None:
    # actions/_replies.py says utter_<label>, but for these: an action of their own, or answers narrower than the intent
    without_one = {"ask_hours", "ask_contact", "faq", "out_of_scope", "repeat", *names.REQUESTS}

    for intent in set(DOMAIN["intents"]) - without_one:
        assert f"utter_{intent}" in RESPONSES


# -- training examples -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("intent", DOMAIN["intents"])
def test_an_intent_has_enough_examples(intent: str) -> None:
    found = [example for label, lines in EXAMPLES.items() if label.split("/")[0] == intent for example in lines]

    assert len(found) >= LEAST_EXAMPLES


def test_every_intent_with_examples_is_in_the_domain() -> None:
    assert {label.split("/")[0] for label in EXAMPLES} == set(DOMAIN["intents"])


def test_no_example_stands_under_two_intents_or_twice() -> None:
    stands: dict[str, list[str]] = {}
    for label, lines in EXAMPLES.items():
        for line in lines:
            stands.setdefault(" ".join(line.casefold().split()), []).append(label)

    assert {line: labels for line, labels in stands.items() if len(labels) > 1} == {}


def test_no_example_means_two_intents_once_marks_and_capitals_are_gone() -> None:
    stands: dict[str, set[str]] = {}
    for label, lines in EXAMPLES.items():
        for line in lines:
            if folded := fold(line):
                stands.setdefault(folded, set()).add(label)

    assert {line: labels for line, labels in stands.items() if len(labels) > 1} == {}


# -- responses ---------------------------------------------------------------------------------------------------------


def test_no_response_is_left_over() -> None:
    in_python = {getattr(names, name) for _, name in _names_in_python() if name in constants("UTTER_")}
    receipts = {response_name(state) for state in DeliveryState}
    in_between = {f"utter_{intent}" for intent in DOMAIN["intents"]}

    assert set(DOMAIN["responses"]) - rule_steps("action") - in_python - receipts - in_between == set()


def test_every_state_of_a_delivery_has_its_words() -> None:
    for state in DeliveryState:
        assert "{reference}" in RESPONSES[response_name(state)][0]["text"]


@pytest.mark.parametrize("name", RESPONSES)
def test_a_response_has_words_and_short_buttons(name: str) -> None:
    for variation in RESPONSES[name]:
        assert variation["text"].strip()
        titles = [button["title"] for button in variation.get("buttons", ())]
        assert len(titles) == len(set(titles))
        assert all(0 < len(title) <= LONGEST_TITLE for title in titles)


@pytest.mark.parametrize("name", RESPONSES)
def test_nothing_that_may_never_be_said_is_said(name: str) -> None:
    never = content.never_list()

    assert [finding for variation in RESPONSES[name] for finding in never.findings(variation["text"])] == []

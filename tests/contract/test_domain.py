"""What must stay in step: domain, rules, training data, facts, titles, and the names Python uses."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
from collections import Counter
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from rasa_sdk import Action
from rasa_sdk.executor import CollectingDispatcher

import actions
from actions._say import say_all
from actions.fallback import suggestions
from admissions import content, names
from admissions.core.delivery import DeliveryState
from admissions.core.front_desk import WAY_OUT_AT
from admissions.core.intake import AskConsent, ChooseChange, Intake, Line, Question, Reply, ShowPreview
from admissions.core.receipt import response_name
from admissions.core.steps import Plan, StepKind
from admissions.core.wording import fold
from admissions.dialogue.parse import parse_payload
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

#: Numbers people write as words; one to three are words of ordinary speech ("one-on-one", "two programs").
NUMBER_WORDS = dict(zip("four five six seven eight nine ten eleven twelve".split(), range(4, 13), strict=True))


def examples() -> dict[str, list[str]]:
    """Return the training examples by intent, or by faq/facet."""
    found: dict[str, list[str]] = {}
    for data in NLU_FILES.values():
        for block in data["nlu"]:
            lines = [line.removeprefix("- ").strip() for line in block["examples"].splitlines() if line.strip()]
            found.setdefault(block["intent"], []).extend(lines)
    return found


def answers() -> dict[str, list[dict[str, Any]]]:
    """Return the answers from the article by facet."""
    return {name.removeprefix("utter_faq/"): variations for data in NLU_FILES.values()
            for name, variations in (data.get("responses") or {}).items()}  # fmt: skip


EXAMPLES, ANSWERS = examples(), answers()
FACETS = sorted(label.removeprefix("faq/") for label in EXAMPLES if label.startswith("faq/"))
RESPONSES: dict[str, list[dict[str, Any]]] = {
    **DOMAIN["responses"],
    **{f"utter_faq/{facet}": variations for facet, variations in ANSWERS.items()},
}


def rule_steps(key: str) -> set[str]:
    """Return every intent or action the rules name."""
    return {step[key] for rule in RULES for step in rule["steps"] if key in step}


def constants(prefix: str) -> dict[str, str]:
    """Return the names of admissions/names.py that start with a prefix."""
    return {name: value for name, value in vars(names).items() if name.startswith(prefix) and isinstance(value, str)}


# -- actions ------------------------------------------------------------------------------------------------------------


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


# -- names --------------------------------------------------------------------------------------------------------------


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


def test_every_intent_with_an_action_of_its_own_is_in_the_domain() -> None:
    assert names.ACTION_OF_INTENT.keys() <= set(DOMAIN["intents"])
    assert set(names.ACTION_OF_INTENT.values()) <= set(DOMAIN["actions"])


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
    assert names.VALIDATE_INTAKE_FORM == f"validate_{names.INTAKE_FORM}"


# -- rules --------------------------------------------------------------------------------------------------------------


def test_every_intent_of_a_rule_is_in_the_domain() -> None:
    assert rule_steps("intent") <= {*DOMAIN["intents"], "nlu_fallback"}


def test_every_intent_of_the_domain_has_exactly_one_rule_that_starts_with_it() -> None:
    starts = Counter(rule["steps"][0]["intent"] for rule in RULES if "intent" in rule["steps"][0])

    assert starts == Counter([*DOMAIN["intents"], "nlu_fallback"])


def test_every_action_of_a_rule_exists() -> None:
    known = {*DOMAIN["actions"], *DOMAIN["forms"], *DOMAIN["responses"], "utter_faq"}

    assert rule_steps("action") <= known


def test_no_two_rules_have_the_same_name() -> None:
    counted = Counter(rule["rule"] for rule in RULES)

    assert {name: count for name, count in counted.items() if count > 1} == {}


def test_every_question_in_between_can_be_answered() -> None:
    # actions/_replies.py says utter_<intent>, or runs the action of the intent, while an intake is open
    with_rule_of_their_own = {"faq", "out_of_scope", "start_screening", "talk_to_human", "request_callback", "repeat"}

    for intent in set(DOMAIN["intents"]) - with_rule_of_their_own - names.ACTION_OF_INTENT.keys():
        assert f"utter_{intent}" in RESPONSES


# -- training examples --------------------------------------------------------------------------------------------------


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


# -- responses ----------------------------------------------------------------------------------------------------------


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


# -- buttons ------------------------------------------------------------------------------------------------------------


def intake_buttons() -> Iterator[tuple[str, str]]:
    """Return (where, payload) of every button the intake shows."""
    script = content.script()
    answered = {step.name: (choice.value,) if step.kind is StepKind.CHOICES else choice.value
                for step in script.steps for choice in step.choices[:1]}  # fmt: skip
    answered |= {"name": "Sam", "reach": "+17195550134"}
    shown: list[tuple[str, Reply]] = [(f"ask {step.name}", Question(step.name)) for step in script.steps]
    shown += [("preview", ShowPreview()), ("consent", AskConsent()), ("change", ChooseChange())]
    shown += [
        (f"say {name}", Line(name)) for name in ("stopped", "declined", "minor_self", "minor_other", "nothing_to_send")
    ]
    for failures in (0, WAY_OUT_AT):
        state = Intake(Plan.SCREENING, "preview", answered, asked=("about", "adult"), failures=failures)
        for where, reply in shown:
            dispatcher = CollectingDispatcher()
            say_all([reply], state, dispatcher, lambda: None)
            for message in dispatcher.messages:
                yield from ((where, button["payload"]) for button in message.get("buttons") or ())


def payloads() -> list[tuple[str, str]]:
    """Return (where, payload) of every button anywhere."""
    said = [(name, button["payload"]) for name, variations in RESPONSES.items()
            for variation in variations for button in variation.get("buttons", ())]  # fmt: skip
    offered = [(f"did you mean {label}", button["payload"]) for label in content.titles()
               for button in suggestions(SimpleNamespace(latest_message={"suggestions": [label]}))]  # fmt: skip
    return sorted({*said, *offered, *intake_buttons()})


@pytest.mark.parametrize(("where", "payload"), payloads())
def test_a_payload_names_an_intent_a_facet_and_a_step_there_are(where: str, payload: str) -> None:
    parsed = parse_payload(payload, "title")
    if parsed is None:
        assert not payload.startswith("/")
        return

    entities = {entity["entity"]: entity["value"] for entity in parsed["entities"]}
    assert parsed["intent"]["name"] in DOMAIN["intents"]
    assert set(entities) <= set(DOMAIN["entities"])
    assert entities.get("facet", FACETS[0]) in FACETS
    assert entities.get("step") is None or content.script().find(entities["step"]) is not None
    assert (parsed["intent"]["name"] == "faq") == ("facet" in entities)


def test_the_buttons_of_an_intake_were_looked_at() -> None:
    shown = {where for where, _ in intake_buttons()}

    assert {"preview", "consent", "change", "ask name", "say stopped"} <= shown


def test_no_answer_offers_itself() -> None:
    for name, variations in RESPONSES.items():
        own = f'/faq{{"facet": "{name.removeprefix("utter_faq/")}"}}'
        assert own not in [button["payload"] for one in variations for button in one.get("buttons", ())], name


# -- answers from the article -------------------------------------------------------------------------------------------


def test_every_facet_has_both_examples_and_an_answer() -> None:
    assert sorted(ANSWERS) == FACETS


def test_every_topic_of_the_article_has_an_overview() -> None:
    assert {section["topic"] for section in SECTIONS.values()} == {facet.split("__")[0] for facet in FACETS}
    assert {f"{section['topic']}__overview" for section in SECTIONS.values()} <= set(FACETS)


@pytest.mark.parametrize("facet", FACETS)
def test_a_facet_has_enough_examples(facet: str) -> None:
    assert len(EXAMPLES[f"faq/{facet}"]) >= LEAST_FAQ_EXAMPLES


def test_question_and_answer_stand_side_by_side_in_the_topics_own_file() -> None:
    for path, data in NLU_FILES.items():
        facets = {block["intent"] for block in data["nlu"] if block["intent"].startswith("faq/")}

        assert facets == {name.removeprefix("utter_") for name in data.get("responses") or {}}, path
        assert {facet.split("/")[1].split("__")[0] for facet in facets} <= {path.rsplit("/", 1)[1].removesuffix(".yml")}


WITH_FACTS = [(name, variation) for name, variations in RESPONSES.items() for variation in variations
              if "metadata" in variation or name.startswith("utter_faq/")]  # fmt: skip


@pytest.mark.parametrize(("name", "variation"), WITH_FACTS, ids=[name for name, _ in WITH_FACTS])
def test_an_answer_names_facts_there_are_and_no_number_beyond_them(name: str, variation: dict[str, Any]) -> None:
    # given
    section, used = variation["metadata"]["section"], variation["metadata"]["facts"]

    # then
    assert section in SECTIONS
    assert used
    assert set(used) <= FACTS.keys()
    assert set(used) & SECTIONS[section]["facts"].keys(), "a fact of the section it names"
    numbers = {number for fact in used for number in FACTS[fact].get("numbers", ())}
    assert numbers_in(variation["text"]) <= numbers


@pytest.mark.parametrize("name", [name for name in DOMAIN["responses"] if not name.startswith("utter_faq/")])
def test_what_is_no_answer_from_the_article_holds_no_number_but_the_ones_for_help(name: str) -> None:
    for variation in DOMAIN["responses"][name]:
        assert numbers_in(variation["text"]) <= {911, 988, 18, 2}, "911, 988 (press 2 for Spanish), under 18"


@pytest.mark.parametrize("section", SECTIONS)
def test_an_overview_uses_every_fact_of_its_section(section: str) -> None:
    overview = ANSWERS[f"{SECTIONS[section]['topic']}__overview"]

    for variation in overview:
        assert variation["metadata"]["section"] == section
        assert set(variation["metadata"]["facts"]) >= SECTIONS[section]["facts"].keys()
        assert numbers_in(variation["text"]) == {
            number for fact in variation["metadata"]["facts"] for number in FACTS[fact].get("numbers", ())
        }


@pytest.mark.parametrize("name", FACTS)
def test_a_fact_lists_exactly_the_numbers_it_says(name: str) -> None:
    assert numbers_in(FACTS[name]["says"]) == set(FACTS[name].get("numbers", ()))


def test_every_fact_is_told_somewhere() -> None:
    told = {fact for _, variation in WITH_FACTS for fact in variation["metadata"]["facts"]}

    assert told == FACTS.keys()


def numbers_in(text: str) -> set[int]:
    """Return the numbers a text holds, in digits or in words."""
    words = re.findall(r"[a-z]+", text.lower())
    return {int(digits) for digits in re.findall(r"\d+", text)} | {
        NUMBER_WORDS[word] for word in words if word in NUMBER_WORDS
    }


# -- titles -------------------------------------------------------------------------------------------------------------


def test_everything_that_may_be_offered_has_a_title_and_nothing_else_has() -> None:
    offered = {block["intent"] for path in ("data/nlu/requests.yml", "data/nlu/known_unknowns.yml")
               for block in NLU_FILES[path]["nlu"]}  # fmt: skip

    assert content.titles().keys() == offered | {f"faq/{facet}" for facet in FACETS}


def test_titles_are_short_and_different() -> None:
    titles = list(content.titles().values())

    assert len(titles) == len(set(titles))
    assert all(0 < len(title) <= LONGEST_TITLE for title in titles)

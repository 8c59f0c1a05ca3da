"""Answers from the article: facts, numbers and titles."""

from __future__ import annotations

from typing import Any

import pytest

from admissions import content
from admissions.settings import ROOT
from tests.contract.project import (
    ANSWERS,
    DOMAIN,
    EXAMPLES,
    FACETS,
    FACTS,
    GAP_ANSWERS,
    GAPS,
    LEAST_EXAMPLES,
    LEAST_FAQ_EXAMPLES,
    LONGEST_TITLE,
    NLU_FILES,
    RESPONSES,
    SECTIONS,
    numbers_in,
)

# -- answers from the article ------------------------------------------------------------------------------------------


def test_every_facet_and_every_gap_has_both_examples_and_an_answer() -> None:
    assert sorted(ANSWERS) == FACETS
    assert sorted(GAP_ANSWERS) == GAPS


def test_every_answer_beside_examples_is_of_an_intent_that_has_answers() -> None:
    stand = {name for data in NLU_FILES.values() for name in data.get("responses") or {}}

    assert stand == {f"utter_faq/{facet}" for facet in FACETS} | {f"utter_out_of_scope/{gap}" for gap in GAPS}


def test_every_topic_of_the_article_has_an_overview() -> None:
    assert {section["topic"] for section in SECTIONS.values()} == {facet.split("__")[0] for facet in FACETS}
    assert {f"{section['topic']}__overview" for section in SECTIONS.values()} <= set(FACETS)


@pytest.mark.parametrize("facet", FACETS)
def test_a_facet_has_enough_examples(facet: str) -> None:
    assert len(EXAMPLES[f"faq/{facet}"]) >= LEAST_FAQ_EXAMPLES


@pytest.mark.parametrize("gap", GAPS)
def test_a_gap_has_enough_examples(gap: str) -> None:
    assert len(EXAMPLES[f"out_of_scope/{gap}"]) >= LEAST_EXAMPLES


def test_question_and_answer_stand_side_by_side_in_one_file() -> None:
    for path, data in NLU_FILES.items():
        asked = {block["intent"] for block in data["nlu"] if "/" in block["intent"]}

        assert asked == {name.removeprefix("utter_") for name in data.get("responses") or {}}, path


def test_a_facet_stands_in_the_file_of_its_topic() -> None:
    for path, data in NLU_FILES.items():
        facets = {block["intent"] for block in data["nlu"] if block["intent"].startswith("faq/")}

        assert {facet.split("/")[1].split("__")[0] for facet in facets} <= {path.rsplit("/", 1)[1].removesuffix(".yml")}


FROM_THE_ARTICLE = [(name, variation) for name, variations in RESPONSES.items() for variation in variations
                    if "facts" in variation.get("metadata", ()) or name.startswith("utter_faq/")]  # fmt: skip
GAP_WORDINGS = [(gap, variation) for gap, variations in GAP_ANSWERS.items() for variation in variations]

#: 911, 988 and 18 (under 18): numbers an answer may name although the article does not.
NUMBERS_FOR_HELP = {911, 988, 18}


@pytest.mark.parametrize(("name", "variation"), FROM_THE_ARTICLE, ids=[name for name, _ in FROM_THE_ARTICLE])
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


@pytest.mark.parametrize(("gap", "variation"), GAP_WORDINGS, ids=[gap for gap, _ in GAP_WORDINGS])
def test_what_the_article_does_not_tell_gets_no_number_beyond_its_facts(gap: str, variation: dict[str, Any]) -> None:
    used = variation.get("metadata", {}).get("facts", ())

    numbers = {number for fact in used for number in FACTS[fact].get("numbers", ())}
    assert numbers_in(variation["text"]) <= numbers | NUMBERS_FOR_HELP


@pytest.mark.parametrize("gap", GAPS)
def test_a_gap_has_several_wordings_and_each_has_a_way_on(gap: str) -> None:
    wordings = [variation["text"] for variation in GAP_ANSWERS[gap]]

    assert len(wordings) >= 2
    assert len(wordings) == len(set(wordings))
    assert all(variation["buttons"] for variation in GAP_ANSWERS[gap])


@pytest.mark.parametrize("name", DOMAIN["responses"])
def test_what_is_no_answer_from_the_article_holds_no_number_but_the_ones_for_help(name: str) -> None:
    for variation in DOMAIN["responses"][name]:
        assert numbers_in(variation["text"]) <= NUMBERS_FOR_HELP | {2}, "988, press 2 for Spanish"


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


def test_every_fact_is_told_by_an_answer_of_the_article() -> None:
    told = {
        fact for variations in ANSWERS.values() for variation in variations for fact in variation["metadata"]["facts"]
    }

    assert told == FACTS.keys()


# -- titles ------------------------------------------------------------------------------------------------------------


def test_everything_that_may_be_offered_has_a_title_and_nothing_else_has() -> None:
    offered = {block["intent"] for path in ("data/nlu/requests.yml", "data/nlu/known_unknowns.yml")
               for block in NLU_FILES[path]["nlu"]}  # fmt: skip

    assert content.titles().keys() == offered | {f"faq/{facet}" for facet in FACETS}


def test_a_facets_title_stands_beside_its_answer_and_only_intents_are_in_the_list() -> None:
    listed = content.read_yaml(ROOT / "content" / "titles.yml")["titles"]

    assert set(listed) <= set(DOMAIN["intents"])
    for facet, variations in ANSWERS.items():
        titles = {variation["metadata"]["title"] for variation in variations if "title" in variation["metadata"]}
        assert titles == {content.titles()[f"faq/{facet}"]}


def test_what_the_article_does_not_answer_is_never_offered() -> None:
    assert [gap for gap, variation in GAP_WORDINGS if "title" in variation.get("metadata", ())] == []


def test_titles_are_short_and_different() -> None:
    titles = list(content.titles().values())

    assert len(titles) == len(set(titles))
    assert all(0 < len(title) <= LONGEST_TITLE for title in titles)

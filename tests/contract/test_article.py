"""Answers from the article: facts, numbers and titles."""

from __future__ import annotations

from typing import Any

import pytest

from admissions import content
from tests.contract.project import (
    ANSWERS,
    DOMAIN,
    EXAMPLES,
    FACETS,
    FACTS,
    LEAST_FAQ_EXAMPLES,
    LONGEST_TITLE,
    NLU_FILES,
    RESPONSES,
    SECTIONS,
    numbers_in,
)

# -- answers from the article ------------------------------------------------------------------------------------------


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


# -- titles ------------------------------------------------------------------------------------------------------------


def test_everything_that_may_be_offered_has_a_title_and_nothing_else_has() -> None:
    offered = {block["intent"] for path in ("data/nlu/requests.yml", "data/nlu/known_unknowns.yml")
               for block in NLU_FILES[path]["nlu"]}  # fmt: skip

    assert content.titles().keys() == offered | {f"faq/{facet}" for facet in FACETS}


def test_titles_are_short_and_different() -> None:
    titles = list(content.titles().values())

    assert len(titles) == len(set(titles))
    assert all(0 < len(title) <= LONGEST_TITLE for title in titles)

"""Names in a message: levels of care, programmes, substances and durations; contact data is only noted."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from admissions import content
from admissions.settings import ROOT
from admissions.understanding.entities import GIVEN, LEVEL, Entity, EntityNames
from admissions.understanding.wording import clean
from tests.contract.project import DOMAIN

NAMES = content.entity_names()
LISTED = content.read_yaml(ROOT / "content" / "entities.yml")


def found(text: str) -> list[tuple[str, str]]:
    """Return kind and value of every name, in order."""
    return [(entity.kind, entity.value) for entity in NAMES.find(clean(text))]


@pytest.mark.parametrize(
    ("level", "phrase"), [(level, phrase) for level, phrases in LISTED["levels"].items() for phrase in phrases]
)
def test_every_way_to_call_a_level_of_care_is_known(level: str, phrase: str) -> None:
    assert found(f"so {phrase} for him") == [(LEVEL, level)]


@pytest.mark.parametrize(
    ("programme", "phrase"),
    [(programme, phrase) for programme, phrases in LISTED["programmes"].items() for phrase in phrases],
)
def test_every_way_to_call_a_programme_is_known(programme: str, phrase: str) -> None:
    assert found(f"do you have {phrase}?") == [("programme", programme)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        # levels, in their order, each time they are named
        ("is IOP the same as PHP", [("level", "iop"), ("level", "php")]),
        ("out-patient vs in-patient", [("level", "iop"), ("level", "inpatient")]),
        ("iop iop", [("level", "iop"), ("level", "iop")]),
        ("php's hours", [("level", "php")]),
        ("php?", [("level", "php")]),
        # the longest name that fits, and only one of it
        ("partial hospitalization program", [("level", "php")]),
        ("intensive outpatient", [("level", "iop")]),
        ("living on campus", [("level", "inpatient")]),
        # a word that only begins or ends like one
        ("partially, iopening, myphp, math, detoxed", []),
        # where somebody lives is no level of care
        ("i live in denver", []),
        ("we live in a small town, she wants to live in peace", []),
        ("a live-in program", [("level", "inpatient")]),
        # durations
        ("he did 30 days", [("duration", "30 days")]),
        ("nine hours", [("duration", "nine hours")]),
        ("3-5 days", [("duration", "3-5 days")]),
        ("3 to 5 days", [("duration", "3 to 5 days")]),
        ("8 or 12 weeks", [("duration", "8 or 12 weeks")]),
        ("a 30-day stay", [("duration", "30-day")]),
        ("2 hrs", [("duration", "2 hrs")]),
        ("24/7", []),
        ("days", []),
        # substances, by what the screening calls them
        ("he uses heroin and coke", [("substance", "opioids"), ("substance", "stimulants")]),
        ("my mom drinks", [("substance", "alcohol")]),
        ("other things", []),
        # several kinds
        (
            "after 28 days of inpatient for meth, is detox part of iop",
            [("duration", "28 days"), ("level", "inpatient"), ("substance", "stimulants"), ("programme", "detox"),
             ("level", "iop")],
        ),
        ("", []),
        ("\U0001f64f", []),
    ],
)  # fmt: skip
def test_names_are_found_in_their_order(text: str, names: list[tuple[str, str]]) -> None:
    assert found(text) == names


@pytest.mark.parametrize("text", ["719-555-0142", "719.555.0142", "719 555 0142", "(719) 555-0142", "7195550142",
                                  "1-719-555-0142", "+17195550142", "+1 719 555 0142"])  # fmt: skip
def test_a_phone_number_is_noted_and_not_copied(text: str) -> None:
    assert found(f"call me at {text} please") == [("phone", GIVEN)]


@pytest.mark.parametrize("text", ["sam@example.org", "sam.o@mail.example.org.", "SAM@EXAMPLE.ORG"])
def test_an_address_is_noted_and_not_copied(text: str) -> None:
    assert found(f"write to {text}") == [("email", GIVEN)]


@pytest.mark.parametrize("text", ["911", "988", "24/7", "2026-11-24", "9 to 5", "123-45-6789", "room 101"])
def test_other_numbers_are_no_phone_numbers(text: str) -> None:
    assert "phone" not in [kind for kind, _ in found(text)]


def test_a_name_has_its_place_in_the_text() -> None:
    text = "and what about day treatment then"

    assert NAMES.find(text) == [Entity("level", "php", 15, 28)]
    assert text[15:28] == "day treatment"


@given(st.text(max_size=200))
def test_places_lie_in_the_text_and_never_overlap(text: str) -> None:
    entities = NAMES.find(text)

    assert all(0 <= entity.start < entity.end <= len(text) for entity in entities)
    assert all(one.end <= following.start for one, following in pairwise(entities))


def test_every_kind_of_name_is_an_entity_of_the_domain() -> None:
    assert {"level", "programme", "substance", "duration", "phone", "email"} <= set(DOMAIN["entities"])


def test_a_list_of_ones_own_is_enough() -> None:
    names = EntityNames({"levels": {"x": ["level x"]}, "programmes": {}, "units": ["day"]}, {"tea": ["tea"]})

    assert [(one.kind, one.value) for one in names.find("level x with tea for 2 day")] == [
        ("level", "x"), ("substance", "tea"), ("duration", "2 day"),
    ]  # fmt: skip


@pytest.mark.parametrize("missing", ["levels", "programmes", "units"])
def test_a_list_without_one_of_its_parts_is_refused(missing: str) -> None:
    listed = {"levels": {}, "programmes": {}, "units": []}
    del listed[missing]

    with pytest.raises(KeyError, match=missing):
        EntityNames(listed, {})

"""Names, numbers, addresses and times out of a visitor's words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from admissions.core.contact import MAX_NAME, Misread, Reach, read_name, read_reach, show_phone


@pytest.mark.parametrize(
    ("said", "e164"),
    [
        ("719-555-0134", "+17195550134"),
        ("(719) 555-0134", "+17195550134"),
        ("7195550134", "+17195550134"),
        ("719.555.0134", "+17195550134"),
        ("1-719-555-0134", "+17195550134"),
        ("+1 719 555 0134", "+17195550134"),
        ("my cell is 719 555 0134, thanks", "+17195550134"),
        ("719-555-0134 ext 5", "+17195550134"),
        ("+44 20 7946 0018", "+442079460018"),
    ],
)
def test_a_phone_number_is_found_and_kept_as_e164(said: str, e164: str) -> None:
    assert read_reach(said) == Reach(phone=e164)


@pytest.mark.parametrize(
    ("said", "given"),
    [
        pytest.param("719-555", "719-555", id="too short"),
        pytest.param("5550134", "5550134", id="no area code"),
        pytest.param("000-000-0000", "000-000-0000", id="no such area"),
        pytest.param("it is 719-555-01345678", "719-555-01345678", id="too long"),
    ],
)
def test_digits_that_cannot_be_a_number_are_named(said: str, given: str) -> None:
    assert read_reach(said) == Misread("bad_phone", given)


@pytest.mark.parametrize("said", ["no", "I have no phone", "call me at 5", "", "one two three"])
def test_words_without_a_number_are_nothing(said: str) -> None:
    assert read_reach(said) is None


@pytest.mark.parametrize(
    ("said", "email"),
    [
        ("sam@example.org", "sam@example.org"),
        ("write to sam.lee+iop@example.org.", "sam.lee+iop@example.org"),
        ("<sam@example.org>", "sam@example.org"),
        ("SAM@EXAMPLE.ORG", "SAM@example.org"),
        ("sam@example.org or 719-555-0134", "sam@example.org"),
    ],
)
def test_an_email_address_is_found(said: str, email: str) -> None:
    assert read_reach(said) == Reach(email=email)


@pytest.mark.parametrize(
    "said", ["sam@example", "sam@", "@example.org", "sam@exa mple", "sam@@example.org", "sam@.org"]
)
def test_an_address_that_cannot_exist_is_no_address(said: str) -> None:
    assert not isinstance(read_reach(said), Reach)


@pytest.mark.parametrize(
    ("e164", "shown"),
    [("+17195550134", "719-555-0134"), ("+442079460018", "+44 20 7946 0018")],
)
def test_a_number_is_shown_as_its_country_writes_it(e164: str, shown: str) -> None:
    assert show_phone(e164) == shown


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("Sam", "Sam"),
        ("sam", "Sam"),
        ("sam lee", "Sam Lee"),
        ("My name is Sam.", "Sam"),
        ("hi, I'm Sam", "Sam"),
        ("you can call me Sam", "Sam"),
        ("it's sam, thanks", "Sam"),
        ("Sam and my number is 719-555-0134", "Sam"),
        ("Sam O'Neil", "Sam O'Neil"),
        ("Jean-Luc", "Jean-Luc"),
        ("José María", "José María"),
        ("Ann de la Cruz", "Ann de la Cruz"),
        ("Will", "Will"),  # a name, although questions open with it
        ("my name is Will Smith", "Will Smith"),
        ("Noah", "Noah"),
    ],
)
def test_a_name_is_found(said: str, name: str) -> None:
    assert read_name(said) == name


@pytest.mark.parametrize(
    "said",
    [
        "ok",
        "sure",
        "hi",
        "thanks",
        "no",
        "yes",
        "please",
        "I said no",
        "why do you need that",
        "what is iop",
        "will it help",
        "will you call me",
        "talk to a human",
        "real person please",
        "please call",
        "anonymous",
        "n/a",
        "Sam?",
        "my name is wrong",
        "719-555-0134",
        "sam@example.org",
        "<b>Sam</b>",
        "one two three four five",
        "...",
        "",
        "x" * (MAX_NAME + 1),
    ],
)
def test_what_is_no_name_is_not_taken_for_one(said: str) -> None:
    assert read_name(said) is None


@given(st.text(max_size=200))
def test_no_text_breaks_the_reading(text: str) -> None:
    name, reach = read_name(text), read_reach(text)

    assert name is None or 0 < len(name) <= MAX_NAME
    assert reach is None or isinstance(reach, Misread) or (reach.phone is None) != (reach.email is None)

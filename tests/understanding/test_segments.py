"""Cutting a message into what it asks: two questions are two parts, and a clause that leads into a question is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from admissions.understanding.segments import MOST_SEGMENTS, asks, segments, words_of
from admissions.understanding.wording import clean


def parts(text: str) -> list[str]:
    return [segment.text for segment in segments(clean(text))]


def asked(text: str) -> list[str]:
    return [segment.text for segment in segments(clean(text)) if segment.asks]


LENGTH, COST = "how long is it", "how much does it cost"


@pytest.mark.parametrize(
    ("joined", "second"),
    [
        # ends of sentences
        (f"{LENGTH}? {COST}?", COST),
        (f"{LENGTH}. {COST}", COST),
        (f"{LENGTH}?? {COST}", COST),
        (f"{LENGTH}?! {COST}!!", COST),
        (f"{LENGTH}... {COST}", COST),
        (f"{LENGTH}… {COST}", COST),
        (f"{LENGTH}; {COST}", COST),
        (f"{LENGTH} -- {COST}", COST),
        (f"{LENGTH} — {COST}", COST),
        (f"{LENGTH}\n{COST}", COST),
        # words that lead from one to the next
        (f"{LENGTH} and {COST}", f"and {COST}"),
        (f"{LENGTH}, and {COST}", f"and {COST}"),
        (f"{LENGTH} & {COST}", f"& {COST}"),
        (f"{LENGTH} n {COST}", f"n {COST}"),
        (f"{LENGTH} also {COST}", f"also {COST}"),
        (f"{LENGTH}, plus {COST}", f"plus {COST}"),
        (f"{LENGTH} and also {COST}", f"and also {COST}"),
        (f"{LENGTH} so {COST}", f"so {COST}"),
        (f"{LENGTH} oh and {COST}", f"oh and {COST}"),
        # a comma, and nothing at all
        (f"{LENGTH}, {COST}", COST),
        (f"{LENGTH} {COST}", COST),
        # the second asks with its verb
        (f"{LENGTH} and do they take insurance", "and do they take insurance"),
        (f"{LENGTH}, can he work", "can he work"),
        (f"{LENGTH} do you take insurance", "do you take insurance"),
        (f"{LENGTH} and is php longer", "and is php longer"),
    ],
)
def test_two_questions_are_two_parts_however_they_are_joined(joined: str, second: str) -> None:
    assert asked(joined) == [LENGTH, second]


def test_a_question_that_only_points_back_is_no_second_one() -> None:
    text = "does your program specify a minimum duration, and if so, what is it"
    assert parts(text) == [text]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("do i sleep there and can i work", ["do i sleep there", "and can i work"]),
        ("whats iop whats php", ["whats iop", "whats php"]),
        ("what is php and do people stay overnight there", ["what is php", "and do people stay overnight there"]),
        ("WHAT IS IOP AND HOW LONG IS IT", ["what is iop", "and how long is it"]),
        ("is it far, can i come by bus and who picks me up", ["is it far", "can i come by bus", "and who picks me up"]),
        ("how is iop different from php and which one is harder",
         ["how is iop different from php", "and which one is harder"]),
        ("do you know how long it takes and what time it starts",
         ["do you know how long it takes", "and what time it starts"]),
    ],
)  # fmt: skip
def test_every_question_is_found_in_the_order_it_was_asked(text: str, found: list[str]) -> None:
    assert asked(text) == found


@pytest.mark.parametrize(
    "text",
    [
        # a question word that goes on with what was said
        "i know how hard this is for him",
        "i dont know what to do anymore",
        "my son who is 19 needs help",
        "the day when he left was the worst of my life",
        "tell me what iop is",
        "i have no idea what php means",
        "my counselor explained how it works",
        "it depends on what the person needs",
        "does it matter how long i used",
        "i am not sure if that is what he needs",
        "is there a program where i can work and sleep at home",
        "the place which he went to before",
        "i just want to understand what is going on with her",
        "can you tell me how long it takes",
        # a choice is one question
        "is iop or php better",
        "do i pay myself or does insurance pay",
        "what is the difference between iop and php",
        "is it day or evening and night",
        # a joining word that joins no questions
        "do they have groups and one on one",
        "he drinks and he wont stop",
        # short ones
        "iop",
        "how long",
        "and php?",
        "iop and php",
        "so how long",
        "ok so what is it",
        "what about it",
    ],
)
def test_what_is_one_question_or_none_stays_in_one_part(text: str) -> None:
    assert len(parts(text)) == 1


def test_a_question_after_a_long_story_is_a_part_of_its_own() -> None:
    story = (
        "We have been through so much. My husband relapsed after two years sober and lost his job. I read about "
        "programs all night. I just want to help him. How long does IOP last? Thank you"
    )

    assert asked(story) == ["how long does iop last"]
    assert parts(story)[-1] == "how long does iop last"


def test_a_question_at_the_end_of_one_breathless_sentence_is_found() -> None:
    story = "so he finally said last night he will go somewhere, i work days, do they have evening sessions"

    assert asked(story) == ["do they have evening sessions"]


def test_of_a_very_long_message_the_last_parts_are_read() -> None:
    story = " ".join(f"this is sentence number {number}." for number in range(20)) + " how long is it?"

    assert len(parts(story)) == MOST_SEGMENTS
    assert parts(story)[-1] == LENGTH


@pytest.mark.parametrize("courtesy", ["Thanks!", "ok.", "Hello.", "hi!", "sorry, quick question:", "Yes.", "um..."])
def test_a_courtesy_is_no_part(courtesy: str) -> None:
    assert LENGTH in parts(f"{courtesy} {LENGTH}?")[-1]
    assert len(parts(f"{courtesy} {LENGTH}?")) == 1


# -- the form of a question --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        *("how long is it", "whats iop", "do they sleep there", "can i work", "is there a bus", "isnt it the same"),
        *("and how long", "so is it far", "but what about work", "who runs it", "wat is iop", "is insurance taken"),
        *("can you tell me how long it takes", "i want to know what iop is", "just wondering, can he work"),
        *("tell me what happens there", "do you know when it starts", "i also need to ask how much it is"),
    ],
)
def test_it_has_the_form_of_a_question(text: str) -> None:
    assert asks(text)


@pytest.mark.parametrize(
    "text",
    ["i know how it is", "my son needs help", "it is far", "they can help", "", "?", "and", "iop hours", "the how"],
)
def test_it_has_not_the_form_of_a_question(text: str) -> None:
    assert not asks(text)


def test_a_mark_makes_a_question_of_anything() -> None:
    (part,) = segments("iop hours?")

    assert part.asks


@pytest.mark.parametrize(
    ("text", "announces"),
    [
        ("i was wondering about the hours", True),
        ("i have no idea what php means", True),
        ("my question is about visits", True),
        ("i dont understand any of it", True),
        ("im just trying to figure this out", True),
        ("not sure if he can work", True),
        ("he is twenty", False),
        ("how long is it", False),
    ],
)
def test_it_may_say_that_something_is_wondered_without_asking(text: str, announces: bool) -> None:
    (part,) = segments(text)

    assert part.announces is announces


# -- whatever is typed -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", " ", "?", "...", "?!?!", "-", "()", "\U0001f64f", "and", "ok", "hi", "- - -"])
def test_what_holds_no_words_of_its_own_has_at_most_one_part(text: str) -> None:
    assert len(parts(text)) <= 1


WORDS = st.sampled_from(
    [
        *("how", "what", "who", "when", "is", "do", "tell", "know", "it", "you", "i", "me", "my", "son", "can't"),
        *("and", "also", "so", "&", ",", ".", "?", "!", "-", "(", ")", "9", "iop", "php", "\U0001f64f"),
    ]
)


@given(st.lists(WORDS, max_size=40))
def test_parts_stand_in_the_message_in_their_order(words: list[str]) -> None:
    # given
    cleaned = clean(" ".join(words))

    # when
    found = segments(cleaned)

    # then
    assert len(found) <= MOST_SEGMENTS
    place = 0
    for segment in found:
        assert segment.text in cleaned[place:]
        place = cleaned.index(segment.text, place) + len(segment.text)


@given(st.text(max_size=200))
def test_any_text_can_be_cut(text: str) -> None:
    assert all(segment.text or not words_of(segment.text) for segment in segments(clean(text)))

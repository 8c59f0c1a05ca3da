"""What short messages lean on: the talk before them, where there is one and it is clear."""

from __future__ import annotations

import re
from typing import Any

import pytest

from admissions import content
from admissions.core.follow_ups import LEVELS, MEANING, Asked, FollowUps, Lean, Talk, load_follow_ups
from admissions.settings import ROOT

FOLLOW_UPS = content.follow_ups()
ASPECTS: dict[str, dict[str, Any]] = content.read_yaml(ROOT / "content" / "follow_ups.yml")["aspects"]
TITLES = content.titles()

LENGTH, HOURS = "faq/how_long__overview", "faq/how_long__hours_per_week"
PHP_HOURS, PHP_MEANING = "faq/iop_vs_php__php_schedule", "faq/iop_vs_php__php_meaning"
IOP_MEANING, INPATIENT_MEANING = "faq/what_is_iop__overview", "faq/iop_vs_inpatient__where_you_live"
IOP_HOME, PHP_NIGHT = "faq/what_is_iop__live_at_home", "faq/iop_vs_php__php_overnight"


def asked(words: str, label: str = "out_of_scope/noise") -> Asked:
    """Return a message as it is read on its own: the names of levels taken out, and its likeliest label."""
    named = tuple(dict.fromkeys(re.findall(r"\b(iop|php|inpatient)\b", words)))
    return Asked(words, label, named, re.sub(r"\b(iop|php|inpatient)\b", "", words))


def after(*labels: str) -> Talk:
    """Return the talk after these were asked, one after the other."""
    talk = Talk()
    for label in labels:
        talk = talk.about(label, FOLLOW_UPS.levels_of(label))
    return talk


# -- a level of care and nothing else ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "words", "label"),
    [
        # from the issue, and the same asked of the other levels
        (HOURS, "and php?", PHP_HOURS),
        (PHP_HOURS, "and iop", HOURS),
        (IOP_HOME, "what about php", PHP_NIGHT),
        (IOP_HOME, "how about inpatient?", INPATIENT_MEANING),
        (PHP_NIGHT, "is it the same for iop", IOP_HOME),
        ("faq/what_happens_in_iop__overview", "same for php?", "faq/iop_vs_php__php_what_happens"),
        ("faq/what_happens_in_iop__group_sessions", "and in php", "faq/iop_vs_php__php_what_happens"),
        # the article does not tell it of the other level: that is said, not the nearest thing
        (LENGTH, "and php?", "out_of_scope/length_php"),
        (LENGTH, "or inpatient", "out_of_scope/length_inpatient"),
        ("faq/how_long__minimum_weeks", "and for php", "out_of_scope/length_php"),
        ("out_of_scope/length_php", "and iop?", LENGTH),
        ("faq/good_iop__peer_coach", "php too?", "out_of_scope/php_details"),
        # of a facet that is in no row, only the level itself can be meant
        ("faq/no_such__facet", "and php", PHP_MEANING),
        # what is not known of one level is not known of the other
        ("ask_cost_or_insurance", "and for php?", "ask_cost_or_insurance"),
        ("ask_visiting", "inpatient?", "ask_visiting"),
        ("out_of_scope/online", "and iop", "out_of_scope/online"),
        # the level that was just spoken of, asked for once more: what it is at all
        (PHP_HOURS, "php?", PHP_MEANING),
        (HOURS, "iop?", IOP_MEANING),
    ],
)
def test_a_level_alone_asks_the_same_of_that_level(before: str, words: str, label: str) -> None:
    assert FOLLOW_UPS.lean(asked(words), after(before)) == Lean(label)


@pytest.mark.parametrize(
    "words",
    [
        *("php", "php?", "PHP", "and php?", "And what about PHP?", "how about php then", "php instead?", "ok and php"),
        *("same for php", "same with the php program", "is it the same in php?", "for php", "so php?", "but php"),
        *("php too", "php tho", "or php", "vs php", "wbu php", "what of php", "the php one", "php please", "hmm php"),
        *("php program?", "and the php side", "and for php patients", "php - as well?"),
    ],
)
def test_all_of_these_are_nothing_but_a_level(words: str) -> None:
    assert FOLLOW_UPS.lean(asked(words.lower()), after(HOURS)) == Lean(PHP_HOURS)


@pytest.mark.parametrize(("level", "label"), [("iop", IOP_MEANING), ("php", PHP_MEANING),
                                              ("inpatient", INPATIENT_MEANING)])  # fmt: skip
def test_a_level_with_nothing_before_it_asks_what_it_is(level: str, label: str) -> None:
    assert FOLLOW_UPS.lean(asked(f"and {level}?"), Talk()) == Lean(label)


def rows() -> list[tuple[str, str]]:
    """Return (aspect, label) of every answer of the table, under the aspect it is first named in."""
    found: dict[str, str] = {}
    for aspect, by_level in ASPECTS.items():
        for label in [*(name for level, name in by_level.items() if level != "also"), *by_level.get("also", ())]:
            found.setdefault(label, aspect)
    return [(aspect, label) for label, aspect in found.items()]


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(("aspect", "label"), rows())
def test_every_aspect_can_be_asked_of_every_level(aspect: str, label: str, level: str) -> None:
    # given
    talk = after(label)

    # when
    lean = FOLLOW_UPS.lean(asked(f"and {level}?"), talk)

    # then the level's own answer to the same aspect, or what the level is
    again = talk.level == level
    own = None if again else ASPECTS[aspect].get(level)
    assert lean == Lean(own or ASPECTS[MEANING][level])


@pytest.mark.parametrize(
    ("gap", "level", "label"),
    [
        ("out_of_scope/php_details", "iop", IOP_MEANING),
        ("out_of_scope/php_details", "inpatient", INPATIENT_MEANING),
        ("out_of_scope/inpatient_details", "iop", IOP_MEANING),
        ("out_of_scope/inpatient_details", "php", PHP_MEANING),
    ],
)
def test_after_a_gap_that_many_aspects_share_a_level_asks_what_it_is(gap: str, level: str, label: str) -> None:
    # "Is PHP in the evening?" – "I do not know that about PHP." – "And IOP?": it was not about who leads the sessions
    assert FOLLOW_UPS.lean(asked(f"and {level}?"), after(gap)) == Lean(label)


# -- the other one -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        "the other one",
        "and the other one?",
        "what about the other one",
        "and what about the other",
        "so the other kind",
    ],
)
def test_the_other_one_is_the_level_talked_about_before(words: str) -> None:
    assert FOLLOW_UPS.lean(asked(words), after(HOURS, PHP_HOURS)) == Lean(HOURS)
    assert FOLLOW_UPS.lean(asked(words), after(PHP_NIGHT, IOP_HOME)) == Lean(PHP_NIGHT)


def test_where_only_one_level_was_talked_about_the_other_one_is_asked_back() -> None:
    lean = FOLLOW_UPS.lean(asked("and the other one?"), after(HOURS))

    assert lean == Lean(unclear=(PHP_HOURS, INPATIENT_MEANING))


def test_where_nothing_was_talked_about_the_other_one_may_be_any() -> None:
    lean = FOLLOW_UPS.lean(asked("the other one"), Talk())

    assert lean == Lean(unclear=(IOP_MEANING, PHP_MEANING, INPATIENT_MEANING))


@pytest.mark.parametrize(("aspect", "label"), rows())
def test_what_is_asked_back_can_be_offered_in_plain_words(aspect: str, label: str) -> None:
    # given: every answer as the first one of a talk
    lean = FOLLOW_UPS.lean(asked("and the other one?"), after(label))

    # when / then: a choice is two titles at least, for only what has a title is shown
    assert lean is not None
    assert lean.label is None
    assert len({TITLES[one] for one in lean.unclear if one in TITLES}) >= 2, aspect


# -- more --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words", ["tell me more", "More?", "what else", "can you explain more?", "i'd like to know more"]
)
def test_more_after_a_narrow_answer_is_the_whole_topic(words: str) -> None:
    assert FOLLOW_UPS.lean(asked(words.lower()), after(HOURS)) == Lean(LENGTH)


def test_more_after_the_whole_topic_offers_its_narrower_questions() -> None:
    lean = FOLLOW_UPS.lean(asked("tell me more"), after(LENGTH))

    assert lean is not None
    assert lean.label is None
    assert LENGTH not in lean.unclear
    assert len(lean.unclear) >= 2
    assert all(label.startswith("faq/how_long__") and label in TITLES for label in lean.unclear)


@pytest.mark.parametrize("asked_before", ["ask_visiting", "out_of_scope/length_php", "out_of_scope/online"])
def test_more_of_what_is_not_told_is_the_same_again_in_other_words(asked_before: str) -> None:
    assert FOLLOW_UPS.lean(asked("tell me more"), after(asked_before)) == Lean(asked_before)


def test_more_with_nothing_before_it_stands_on_its_own() -> None:
    assert FOLLOW_UPS.lean(asked("tell me more"), Talk()) is None


# -- a question without a level ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "words", "alone", "label"),
    [
        (PHP_MEANING, "how many hours?", HOURS, PHP_HOURS),
        (PHP_HOURS, "do they sleep there", IOP_HOME, PHP_NIGHT),
        (INPATIENT_MEANING, "how long is it", LENGTH, "out_of_scope/length_inpatient"),
        (PHP_MEANING, "who runs it", "faq/what_happens_in_iop__who_leads", "out_of_scope/php_details"),
        (PHP_MEANING, "whats the shortest", "faq/how_long__minimum_weeks", "out_of_scope/length_php"),
        # after a comparison: what is told of both
        ("faq/iop_vs_php__overview", "how many hours?", HOURS, "faq/iop_vs_php__more_intensive"),
    ],
)
def test_a_question_that_names_no_level_is_asked_of_the_one_talked_about(
    before: str, words: str, alone: str, label: str
) -> None:
    assert FOLLOW_UPS.lean(asked(words, alone), after(before)) == Lean(label, certain=False)


@pytest.mark.parametrize(
    ("before", "words", "label"),
    [
        (PHP_MEANING, "hours?", PHP_HOURS),
        (PHP_MEANING, "and the hours", PHP_HOURS),
        (IOP_HOME, "hours?", HOURS),
        (PHP_MEANING, "length?", "out_of_scope/length_php"),
        (HOURS, "overnight?", IOP_HOME),
    ],
)
def test_the_bare_name_of_an_aspect_is_asked_of_the_level_talked_about(before: str, words: str, label: str) -> None:
    # alone, "hours?" would ask when the office is open
    assert FOLLOW_UPS.lean(asked(words, "ask_hours"), after(before)) == Lean(label)


def test_the_bare_name_of_an_aspect_stands_alone_where_care_was_not_talked_about() -> None:
    assert FOLLOW_UPS.lean(asked("hours?", "ask_hours"), Talk()) is None
    assert FOLLOW_UPS.lean(asked("hours?", "ask_hours"), after("ask_contact")) is None


@pytest.mark.parametrize(
    ("words", "alone", "label"),
    [
        ("the second one", "greet", PHP_MEANING),
        ("and the last?", "greet", INPATIENT_MEANING),
        ("the second one, how many hours", HOURS, PHP_HOURS),
        ("do you sleep there in the first", IOP_HOME, IOP_HOME),
    ],
)
def test_after_a_comparison_a_level_may_be_counted(words: str, alone: str, label: str) -> None:
    lean = FOLLOW_UPS.lean(asked(words, alone), after("faq/iop_vs_php__all_three"))

    assert lean is not None
    assert lean.label == label


def test_what_was_not_compared_is_not_counted() -> None:
    assert FOLLOW_UPS.lean(asked("the second week", "greet"), after(HOURS)) is None
    assert FOLLOW_UPS.lean(asked("third", "greet"), after("faq/iop_vs_php__overview")) is None


def test_after_a_comparison_it_is_asked_back_which_level_is_meant() -> None:
    lean = FOLLOW_UPS.lean(asked("how long does it take", LENGTH), after("faq/iop_vs_php__overview"))

    assert lean is not None
    assert lean.label is None
    assert LENGTH in lean.unclear


@pytest.mark.parametrize(
    ("before", "words", "alone"),
    [
        pytest.param([], "how many hours?", HOURS, id="nothing before"),
        pytest.param([LENGTH], "how many hours?", HOURS, id="about the same level"),
        pytest.param(["ask_visiting"], "how many hours?", HOURS, id="about no level"),
        pytest.param([PHP_MEANING], "what does it cost", "ask_cost_or_insurance", id="not an aspect of care"),
        pytest.param([PHP_MEANING], "do you stay the night", PHP_NIGHT, id="of that level already"),
        pytest.param([PHP_MEANING], "how many hours is iop", HOURS, id="names its level"),
        pytest.param([HOURS], "how many hours is php", PHP_HOURS, id="names another level"),
        pytest.param([HOURS], "php if i work nights", "ask_location", id="a level and more"),
        pytest.param([HOURS], "iop or php", "faq/iop_vs_php__overview", id="two levels"),
        pytest.param([HOURS], "hello", "greet", id="a courtesy"),
        pytest.param(
            [PHP_MEANING], "so tell me how many hours in all do people spend there each week", HOURS, id="too long"
        ),
    ],
)
def test_what_says_itself_what_it_is_about_stands_alone(before: list[str], words: str, alone: str) -> None:
    assert FOLLOW_UPS.lean(asked(words, alone), after(*before)) is None


# -- what was talked about ---------------------------------------------------------------------------------------------


def test_the_talk_keeps_the_last_question_its_level_and_the_level_before() -> None:
    assert after(HOURS) == Talk(HOURS, "iop", None)
    assert after(HOURS, LENGTH) == Talk(LENGTH, "iop", None)
    assert after(HOURS, PHP_HOURS) == Talk(PHP_HOURS, "php", "iop")
    assert after(HOURS, PHP_HOURS, INPATIENT_MEANING) == Talk(INPATIENT_MEANING, "inpatient", "php")
    assert after("faq/iop_vs_php__overview") == Talk("faq/iop_vs_php__overview", "iop+php", None)


def test_a_question_about_no_level_leaves_the_level_as_it_was() -> None:
    assert after(PHP_HOURS, "ask_visiting") == Talk("ask_visiting", "php", None)


# -- the table ---------------------------------------------------------------------------------------------------------


def table(**changed: Any) -> dict[str, Any]:
    """Return a small table as loaded, with parts of it changed."""
    plain = {"openers": ["and"], "closers": ["too"], "the_other": ["the other"], "more": ["more"], "most_words": 5}
    plain |= {"aspect_words": {"meaning": ["what"]}, "ordinals": {"first": 0}}
    aspects = {"meaning": {"iop": "faq/a__overview", "php": "faq/b__x"}}
    return {"aspects": aspects, **plain, **changed}


def load(loaded: dict[str, Any]) -> FollowUps:
    return load_follow_ups(loaded, {"faq/a__overview", "faq/b__x", "out_of_scope/gap"})


@pytest.mark.parametrize(
    "row",
    [
        {"iop": "faq/a__gone"},
        {"iop": "faq/a__overview", "also": {"faq/a__gone": "iop"}},
        {"iop": "faq/a__overview", "php": "faq/a__gone"},
    ],
)
def test_a_row_that_names_an_answer_there_is_not_is_refused_by_name(row: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"aspect hours names faq/a__gone, which has no answer in data/nlu"):
        load(table(aspects={"meaning": {"iop": "faq/a__overview"}, "hours": row}))


@pytest.mark.parametrize(
    "missing", ["aspects", "openers", "closers", "the_other", "more", "aspect_words", "ordinals", "most_words"]
)
def test_a_table_without_one_of_its_parts_is_refused(missing: str) -> None:
    loaded = table()
    del loaded[missing]

    with pytest.raises(KeyError, match=missing):
        load(loaded)


def test_an_answer_that_is_also_named_leans_and_is_never_leaned_on_itself() -> None:
    # given
    follow_ups = load(
        table(
            aspects={
                "meaning": {"iop": "faq/a__overview", "php": "faq/b__x"},
                "hours": {"php": "faq/b__x", "also": {"out_of_scope/gap": "iop"}},
            }
        )
    )

    # when
    lean = follow_ups.lean(asked("and php"), Talk("out_of_scope/gap", "iop"))

    # then
    assert lean == Lean("faq/b__x")
    assert "out_of_scope/gap" not in follow_ups.cells.values()
    assert follow_ups.levels_of("out_of_scope/gap") == ("iop",)


@pytest.mark.parametrize(("label", "levels"), [(HOURS, ("iop",)), ("faq/iop_vs_php__all_three", LEVELS), ("greet", ())])
def test_an_answer_speaks_of_the_levels_it_stands_under(label: str, levels: tuple[str, ...]) -> None:
    assert FOLLOW_UPS.levels_of(label) == levels


def test_every_level_has_a_meaning() -> None:
    assert {level for level in LEVELS if (MEANING, level) in FOLLOW_UPS.cells} == set(LEVELS)

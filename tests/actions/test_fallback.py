"""Not understood: the closest topics once, a person the second time, never the same words twice running."""

from __future__ import annotations

from itertools import pairwise, product

import pytest

from actions.fallback import ActionFallback
from admissions import content, names
from tests.actions.trackers import bot, make_tracker, responses, run
from tests.contract.project import RESPONSES

FALLBACK, OUT_OF_SCOPE = names.INTENT_FALLBACK, names.INTENT_OUT_OF_SCOPE
WEEKENDS = "out_of_scope/schedule_details"
CLOSEST = ["faq/how_long__overview", "ask_hours", "faq/what_is_iop__overview", "ask_contact"]


async def answer_after(before: str | None, intent: str = FALLBACK, suggestions: list[str] | None = None) -> str:
    """Return the response that follows when `before` was said last."""
    events = [bot("…", before), {"event": "user", "text": "hm"}] if before else []
    questions = [WEEKENDS] if intent == OUT_OF_SCOPE else []
    tracker = make_tracker("hm", intent, suggestions=suggestions or [], questions=questions, events=events)
    said, set_events = await run(ActionFallback(), tracker)
    assert set_events == []
    (response,) = responses(said)
    return response


async def test_the_first_time_the_closest_topics_are_offered() -> None:
    # when
    said, _ = await run(ActionFallback(), make_tracker("hm", FALLBACK, suggestions=CLOSEST))

    # then at most three in plain words, each with what tapping it means, and a way out
    assert responses(said) == [names.UTTER_DID_YOU_MEAN]
    titles = content.titles()
    assert said[0]["buttons"] == [
        {"title": titles["faq/how_long__overview"], "payload": '/faq{"facet": "how_long__overview"}'},
        {"title": titles["ask_hours"], "payload": "/ask_hours"},
        {"title": titles["faq/what_is_iop__overview"], "payload": '/faq{"facet": "what_is_iop__overview"}'},
        {"title": "Something else", "payload": "/start_over"},
    ]


@pytest.mark.parametrize("suggestions", [[], ["a label without a title"]])
async def test_with_nothing_close_it_says_so(suggestions: list[str]) -> None:
    assert await answer_after(None, suggestions=suggestions) == names.UTTER_NOT_UNDERSTOOD


@pytest.mark.parametrize("before", [names.UTTER_NOT_UNDERSTOOD, names.UTTER_DID_YOU_MEAN, names.UTTER_OUT_OF_SCOPE])
async def test_the_second_time_a_person_is_offered(before: str) -> None:
    assert await answer_after(before, suggestions=CLOSEST) == names.UTTER_TOPICS_AND_PERSON


async def test_an_answer_in_between_begins_anew() -> None:
    assert await answer_after("utter_faq/how_long__overview", suggestions=CLOSEST) == names.UTTER_DID_YOU_MEAN


@pytest.mark.parametrize("before", [None, "utter_greet", f"utter_{WEEKENDS}", names.UTTER_TOPICS_AND_PERSON])
async def test_what_the_article_does_not_tell_is_answered_by_what_was_asked(before: str | None) -> None:
    assert await answer_after(before, OUT_OF_SCOPE) == f"utter_{WEEKENDS}"


@pytest.mark.parametrize("asked", [["out_of_scope/a_gap_without_an_answer"], []], ids=["no answer", "no label"])
async def test_what_has_no_words_of_its_own_gets_the_general_ones(asked: list[str]) -> None:
    said, _ = await run(ActionFallback(), make_tracker("hm", OUT_OF_SCOPE, questions=asked))
    assert responses(said) == [names.UTTER_OUT_OF_SCOPE]


async def test_a_guess_that_was_not_sure_enough_is_not_answered() -> None:
    tracker = make_tracker("hm", FALLBACK, questions=[WEEKENDS])
    said, _ = await run(ActionFallback(), tracker)
    assert responses(said) == [names.UTTER_NOT_UNDERSTOOD]


@pytest.mark.parametrize("close", [[], CLOSEST], ids=["nothing close", "something close"])
@pytest.mark.parametrize("intents", list(product([FALLBACK, OUT_OF_SCOPE], repeat=5)), ids="-".join)
async def test_never_the_same_words_twice_running(intents: tuple[str, ...], close: list[str]) -> None:
    # given / when
    said: list[str | None] = [None]
    for intent in intents:
        said.append(await answer_after(said[-1], intent, close))

    # then a response that comes again at once has other words (admissions/dialogue/variations.py)
    again = {one for one, following in pairwise(said) if one == following}
    assert all(len(RESPONSES[str(name)]) > 1 for name in again), said

"""Not understood: the closest topics once, a person the second time, never the same words twice running."""

from __future__ import annotations

from itertools import pairwise, product

import pytest

from actions.fallback import ActionFallback
from admissions import content, names
from tests.actions.trackers import bot, make_tracker, responses, run

FALLBACK, OUT_OF_SCOPE = names.INTENT_FALLBACK, names.INTENT_OUT_OF_SCOPE
CLOSEST = ["faq/how_long__overview", "ask_hours", "faq/what_is_iop__overview", "ask_contact"]


async def answer_after(before: str | None, intent: str = FALLBACK, suggestions: list[str] | None = None) -> str:
    """Return the response that follows when `before` was said last."""
    events = [bot("…", before), {"event": "user", "text": "hm"}] if before else []
    tracker = make_tracker("hm", intent, suggestions=suggestions or [], events=events)
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


async def test_what_the_article_does_not_answer_is_said_to_be_so() -> None:
    assert await answer_after(None, OUT_OF_SCOPE) == names.UTTER_OUT_OF_SCOPE
    assert await answer_after("utter_greet", OUT_OF_SCOPE) == names.UTTER_OUT_OF_SCOPE
    for miss in (names.UTTER_OUT_OF_SCOPE, names.UTTER_TOPICS_AND_PERSON):
        assert await answer_after(miss, OUT_OF_SCOPE) == names.UTTER_OUT_OF_SCOPE_AGAIN


@pytest.mark.parametrize("close", [[], CLOSEST], ids=["nothing close", "something close"])
@pytest.mark.parametrize("intents", list(product([FALLBACK, OUT_OF_SCOPE], repeat=5)), ids="-".join)
async def test_never_the_same_words_twice_running(intents: tuple[str, ...], close: list[str]) -> None:
    said: list[str | None] = [None]
    for intent in intents:
        said.append(await answer_after(said[-1], intent, close))
    assert all(one != following for one, following in pairwise(said)), said

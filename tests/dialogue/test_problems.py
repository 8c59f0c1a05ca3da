"""Refusals: problem JSON, and nothing of the request that caused one stays."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest

from admissions.dialogue import problems
from admissions.dialogue.problems import GONE, Problem, problem_of

REQUEST = SimpleNamespace()


def refused_with(words: str) -> Problem:
    """Raise the constant with a visitor's words at hand, as the channel does."""
    try:
        try:
            raise ValueError(words)
        except ValueError:
            raise GONE from None
    except Problem as problem:
        problem_of(REQUEST, problem)  # type: ignore[arg-type]
        return problem


def test_a_refusal_is_problem_json_with_its_status() -> None:
    response = GONE.response()
    assert (response.status, response.content_type) == (401, "application/problem+json")
    assert response.body is not None
    assert json.loads(response.body) == {
        "type": "urn:admissions:problem:session-gone",
        "title": GONE.title,
        "status": 401,
    }


def test_a_refusal_keeps_neither_traceback_nor_words_however_often_it_is_raised() -> None:
    for _ in range(3):
        refusal = refused_with("what I said at two in the morning")
        assert refusal.__traceback__ is None
        assert refusal.__context__ is None


def test_an_error_of_ours_tells_nothing_of_itself() -> None:
    response = problem_of(REQUEST, ValueError("what I said at two in the morning"))  # type: ignore[arg-type]
    assert response.status == 500
    assert b"morning" not in (response.body or b"")


@pytest.mark.parametrize(
    "problem", [value for value in vars(problems).values() if isinstance(value, Problem)], ids=lambda one: one.code
)
def test_every_refusal_is_a_sentence_with_an_error_status(problem: Problem) -> None:
    assert 400 <= problem.status < 600
    assert problem.title.endswith(".")

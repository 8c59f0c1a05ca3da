"""A turn in which something fails or hangs: the visitor gets the safe answer in time, the log no word of theirs."""

from __future__ import annotations

import asyncio
import threading

import pytest
from structlog.testing import capture_logs

from admissions.dialogue import turns as turns_module
from admissions.dialogue.turns import Said, Turns
from tests.dialogue.conftest import SAFE_ANSWER, texts
from tests.dialogue.scripted_rasa import ScriptedRasa
from tests.fakes import MemoryConversations

#: Words that may stand in a conversation and in no log.
CANARY = "canary-7f3a9"


@pytest.mark.parametrize("silence", [[], [{"text": ""}], [{"text": "  "}]], ids=["nothing", "no text", "blank"])
async def test_an_empty_answer_of_rasa_is_a_fault(
    turns: Turns, conversations: MemoryConversations, silence: list[dict[str, str]]
) -> None:
    # when
    with capture_logs() as logs:
        answer = await turns.take(ScriptedRasa(silence), "c1", Said("id-1", "what is iop"))

    # then
    assert texts(answer) == [SAFE_ANSWER]
    assert [entry["event"] for entry in logs] == ["turn.empty"]
    assert texts(conversations.messages("c1"))[-1] == SAFE_ANSWER


async def test_an_exception_gives_the_safe_answer_and_its_words_reach_no_log(turns: Turns) -> None:
    # given an error that quotes the visitor
    rasa = ScriptedRasa(ValueError(f"could not read {CANARY}"))

    # when
    with capture_logs() as logs:
        answer = await turns.take(rasa, "c1", Said("id-1", f"my son {CANARY}"))

    # then
    assert texts(answer) == [SAFE_ANSWER]
    assert logs == [{"event": "turn.failed", "error": "ValueError", "log_level": "error"}]


async def test_a_rasa_that_hangs_is_waited_for_no_longer_than_the_limit(
    turns: Turns, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given
    monkeypatch.setattr(turns_module, "TURN_TIMEOUT_S", 0.05)

    # when
    with capture_logs() as logs:
        answer = await asyncio.wait_for(turns.take(ScriptedRasa(slow_s=60), "c1", Said("id-1", "what is iop")), 5)

    # then
    assert texts(answer) == [SAFE_ANSWER]
    assert [entry["error"] for entry in logs] == ["TimeoutError"]


async def test_without_a_model_the_safe_answer_is_said(turns: Turns) -> None:
    rasa = ScriptedRasa(ready=False)
    assert texts(await turns.take(rasa, "c1", Said("id-1", "what is iop"))) == [SAFE_ANSWER]
    assert not rasa.turns


async def test_a_store_that_fails_gives_the_safe_answer(turns: Turns, conversations: MemoryConversations) -> None:
    conversations.broken = True
    rasa = ScriptedRasa()
    assert texts(await turns.take(rasa, "c1", Said("id-1", "what is iop"))) == [SAFE_ANSWER]
    assert texts(await turns.take(rasa, "c1", Said("id-2", payload="/thanks"))) == [SAFE_ANSWER]
    assert not rasa.turns


async def test_a_store_that_hangs_is_waited_for_no_longer_than_the_limit(
    turns: Turns, hang: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns_module, "STORE_TIMEOUT_S", 0.05)
    answer = await asyncio.wait_for(turns.take(ScriptedRasa(), "c1", Said("id-1", "what is iop")), 5)
    hang.set()
    assert texts(answer) == [SAFE_ANSWER]

"""An emergency: the card comes first and at once, whatever else fails, hangs or is open."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Sequence
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import pytest
from structlog.testing import capture_logs

from admissions.core.danger import Leaning
from admissions.core.message import Button, Kind, Message, Sender
from admissions.dialogue.offers import REPEAT
from admissions.dialogue.turns import LONGEST_TEXT, Said, Turns
from tests.dialogue.scripted_rasa import FACET_ANSWER, ScriptedRasa
from tests.fakes import NOW, MemoryConversations

CANARY = "canary-7f3a9"

ALARM = f"I want to kill myself {CANARY}"

#: The store may hold the card up twice (reading, keeping), each time by 0.08 s; the rest is room for stalls. Seconds.
CARD_WITHIN_S = 1.0

IN_A_FORM = Message(
    "b1", Sender.BOT, NOW, Kind.CHOICE, "What name should they use?", (Button("Skip", "/skip"), Button("Stop", "/stop"))
)


def assert_card_first(answer: Sequence[Message]) -> None:
    assert answer[0].kind is Kind.EMERGENCY
    assert "988" in answer[0].text
    assert answer[-1].buttons[0].payload == "/talk_to_human"


async def test_the_card_comes_first_then_a_gentle_line_with_a_person(
    turns: Turns, conversations: MemoryConversations
) -> None:
    # given
    rasa = ScriptedRasa()

    # when
    answer = await turns.take(rasa, "c1", Said("id-1", ALARM))

    # then the turn is kept, and Rasa had no part in it
    assert_card_first(answer)
    assert [message.kind for message in answer] == [Kind.EMERGENCY, Kind.CHOICE]
    assert list(conversations.messages("c1"))[1:] == list(answer)
    assert conversations.lane("c1") == "suicide"
    assert conversations.counts == {"lane.suicide": 1}
    assert not rasa.turns


async def test_the_words_that_raised_it_reach_no_log(turns: Turns) -> None:
    with capture_logs() as logs:
        await turns.take(ScriptedRasa(), "c1", Said("id-1", ALARM))
    assert logs == [
        {"event": "safety.card", "lane": "suicide", "rule": "suicide.kill_self", "log_level": "warning"},
    ]


async def test_a_store_that_raises_does_not_stop_the_card(turns: Turns, conversations: MemoryConversations) -> None:
    conversations.broken = True
    with capture_logs() as logs:
        answer = await turns.take(ScriptedRasa(), "c1", Said("id-1", ALARM))
    assert_card_first(answer)
    assert CANARY not in repr(logs)


async def test_a_store_that_hangs_does_not_hold_up_the_card(turns: Turns, hang: threading.Event) -> None:
    # when
    started = time.monotonic()
    answer = await turns.take(ScriptedRasa(), "c1", Said("id-1", ALARM))
    took = time.monotonic() - started
    hang.set()

    # then
    assert_card_first(answer)
    assert took < CARD_WITHIN_S


async def test_a_turn_the_store_was_slow_to_keep_is_kept_in_the_end(
    turns: Turns, conversations: MemoryConversations, hang: threading.Event
) -> None:
    # given
    answer = await turns.take(ScriptedRasa(), "c1", Said("id-1", ALARM))

    # when the store answers again
    hang.set()
    for _ in range(100):
        if conversations.lane("c1"):
            break
        await asyncio.sleep(0.02)

    # then
    assert conversations.lane("c1") == "suicide"
    assert list(conversations.messages("c1"))[1:] == list(answer)


async def test_no_model_is_needed_for_the_card(turns: Turns) -> None:
    assert_card_first(await turns.take(ScriptedRasa(ready=False), "c1", Said("id-1", f"{ALARM}. How long is IOP?")))


async def test_an_emergency_in_the_answer_to_a_form_comes_first_and_leaves_the_way_back(
    turns: Turns, conversations: MemoryConversations
) -> None:
    # given an open question
    conversations.append("c1", [IN_A_FORM])
    rasa = ScriptedRasa()

    # when
    answer = await turns.take(rasa, "c1", Said("id-1", ALARM))

    # then
    assert_card_first(answer)
    assert [button.payload for button in answer[-1].buttons] == ["/talk_to_human", REPEAT]
    assert not rasa.turns, "the form does not see the message"

    # and the way back stays open after a second one
    again = await turns.take(rasa, "c1", Said("id-2", ALARM))
    assert [button.payload for button in again[-1].buttons] == ["/talk_to_human", REPEAT]


async def test_no_way_back_is_offered_where_nothing_is_open(turns: Turns) -> None:
    answer = await turns.take(ScriptedRasa(), "c1", Said("id-1", ALARM))
    assert [button.payload for button in answer[-1].buttons] == ["/talk_to_human"]


async def test_a_card_does_not_wait_for_an_ordinary_turn_of_the_same_conversation(turns: Turns) -> None:
    # given
    slow = asyncio.create_task(turns.take(ScriptedRasa(slow_s=60), "c1", Said("id-1", "hello")))
    await asyncio.sleep(0.02)

    # when / then
    assert_card_first(await asyncio.wait_for(turns.take(ScriptedRasa(), "c1", Said("id-2", ALARM)), CARD_WITHIN_S))
    slow.cancel()


async def test_the_question_in_the_message_is_answered_below_the_card(turns: Turns) -> None:
    answer = await turns.take(ScriptedRasa(), "c1", Said("id-1", f"{ALARM}. How long is IOP?"))
    assert_card_first(answer)
    assert [message.kind for message in answer] == [Kind.EMERGENCY, Kind.TEXT, Kind.CHOICE]
    assert answer[1].text == FACET_ANSWER["text"]
    assert answer[1].source == "article §3"
    assert not answer[1].buttons, "the only choice is a person"


async def test_a_question_that_cannot_be_read_is_left_out(turns: Turns) -> None:
    # given
    rasa = ScriptedRasa(ValueError(f"could not read {CANARY}"))

    # when
    with capture_logs() as logs:
        answer = await turns.take(rasa, "c1", Said("id-1", f"{ALARM}. How long is IOP?"))

    # then
    assert [message.kind for message in answer] == [Kind.EMERGENCY, Kind.CHOICE]
    assert {"event": "safety.question_not_read", "error": "ValueError", "log_level": "error"} in logs
    assert CANARY not in repr(logs)


async def test_a_model_that_hangs_does_not_hold_up_the_card(turns: Turns) -> None:
    rasa = ScriptedRasa(slow_s=60)
    answer = await asyncio.wait_for(turns.take(rasa, "c1", Said("id-1", f"{ALARM}. How long is IOP?")), CARD_WITHIN_S)
    assert_card_first(answer)


async def test_the_same_client_id_gives_the_same_card_and_counts_once(
    turns: Turns, conversations: MemoryConversations
) -> None:
    first = await turns.take(ScriptedRasa(), "c1", Said("id-1", ALARM))
    again = await turns.take(ScriptedRasa(), "c1", Said("id-1", ALARM))
    assert list(again) == list(first)
    assert conversations.counts == {"lane.suicide": 1}


async def test_the_line_below_the_card_never_comes_twice_running(turns: Turns) -> None:
    lines = [(await turns.take(ScriptedRasa(), "c1", Said(f"id-{n}", ALARM)))[-1].text for n in range(4)]
    assert all(one != next_one for one, next_one in pairwise(lines))


async def test_a_card_number_in_an_emergency_is_not_kept(turns: Turns, conversations: MemoryConversations) -> None:
    await turns.take(ScriptedRasa(), "c1", Said("id-1", "i want to kill myself, take my card 4111 1111 1111 1111"))
    assert "4111" not in repr(conversations.messages("c1"))


async def test_an_emergency_at_the_end_of_a_long_text_is_seen(turns: Turns) -> None:
    words = "so much happened today. " * (LONGEST_TEXT // 20) + ALARM
    assert_card_first(await turns.take(ScriptedRasa(), "c1", Said("id-1", words)))


async def test_a_spanish_message_gets_the_spanish_card_and_buttons(turns: Turns) -> None:
    answer = await turns.take(ScriptedRasa(), "c1", Said("id-1", "quiero matarme"))
    assert "Llame al 988" in answer[0].text
    assert answer[-1].buttons[0].title == "Hablar con una persona"


async def test_somebody_whose_conversation_was_deleted_still_gets_the_card(
    turns: Turns, conversations: MemoryConversations
) -> None:
    conversations.forget("c1", NOW)
    assert_card_first(await turns.take(ScriptedRasa(), "c1", Said("id-1", ALARM)))


@pytest.mark.parametrize("tapped", [True, False])
async def test_a_tapped_title_that_speaks_of_danger_gets_the_card(
    turns: Turns, conversations: MemoryConversations, tapped: bool
) -> None:
    # given a button whose title raises an alarm, tapped or typed
    offer = Message("b1", Sender.BOT, NOW, Kind.CHOICE, "Which?", (Button("I want to kill myself", "/affirm"),))
    conversations.append("c1", [offer])
    said = Said("id-1", payload="/affirm") if tapped else Said("id-1", "I want to kill myself")

    # when / then
    assert_card_first(await turns.take(ScriptedRasa(), "c1", said))


class Signalling(ScriptedRasa):
    """A Rasa whose trained signal sees danger in everything, or breaks."""

    def __init__(self, signal: object) -> None:
        super().__init__()
        self._signal = signal

    def danger_signal(self) -> Any:
        return self._signal


class SeesDanger:
    """A signal that takes every message for a calm goodbye."""

    def suspect(self, text: str, *, guarded: bool) -> Any:
        return SimpleNamespace(lane="suicide", margin=0.2, leaning=Leaning.DANGER, other=False, spanish=False)


class SeesAnOrdinaryMessage:
    """A signal that takes every message for plainly ordinary."""

    def suspect(self, text: str, *, guarded: bool) -> Any:
        return SimpleNamespace(lane="suicide", margin=-2.0, leaning=Leaning.ORDINARY, other=False, spanish=False)


class Breaks:
    """A signal that cannot read."""

    def suspect(self, text: str, *, guarded: bool) -> Any:
        raise ValueError(f"cannot read {text}")


async def test_the_trained_signal_alone_raises_the_card_and_is_counted(
    turns: Turns, conversations: MemoryConversations
) -> None:
    answer = await turns.take(Signalling(SeesDanger()), "c1", Said("id-1", "take care of the cat"))
    assert_card_first(answer)
    assert conversations.counts == {"lane.suicide": 1, "signal.signal_only": 1}


async def test_an_alarm_that_the_signal_takes_back_is_counted(turns: Turns, conversations: MemoryConversations) -> None:
    answer = await turns.take(Signalling(SeesAnOrdinaryMessage()), "c1", Said("id-1", ALARM))
    assert not any(message.kind is Kind.EMERGENCY for message in answer)
    assert conversations.counts == {"signal.taken_back": 1}


async def test_a_broken_signal_leaves_the_patterns_and_no_words_in_the_log(turns: Turns) -> None:
    with capture_logs() as logs:
        assert_card_first(await turns.take(Signalling(Breaks()), "c1", Said("id-1", ALARM)))
    assert {"event": "safety.signal_failed", "error": "ValueError", "log_level": "error"} in logs
    assert CANARY not in repr(logs)


async def test_a_reply_to_the_card_is_answered_in_kind_and_the_screening_stays_open(
    turns: Turns, conversations: MemoryConversations
) -> None:
    # given a card in the middle of a form
    conversations.append("c1", [IN_A_FORM])
    rasa = ScriptedRasa()
    await turns.take(rasa, "c1", Said("id-1", ALARM))

    # when
    answer = await turns.take(rasa, "c1", Said("id-2", "i'm safe now"))

    # then
    assert [message.kind for message in answer] == [Kind.CHOICE]
    assert "988" in answer[0].text
    assert [button.payload for button in answer[0].buttons] == ["/talk_to_human", REPEAT]
    assert not rasa.turns


async def test_the_same_words_without_a_card_go_to_rasa(turns: Turns) -> None:
    rasa = ScriptedRasa()
    await turns.take(rasa, "c1", Said("id-1", "i'm safe now"))
    assert len(rasa.turns) == 1


@pytest.mark.parametrize("response", ["utter_not_understood", "utter_out_of_scope", "utter_out_of_scope/noise"])
async def test_what_is_not_understood_after_a_card_still_shows_the_numbers(turns: Turns, response: str) -> None:
    # given
    missed = [{"text": "I did not understand.", "utter_action": response}]
    await turns.take(ScriptedRasa(missed), "c1", Said("id-1", ALARM))

    # when
    answer = await turns.take(ScriptedRasa(missed), "c1", Said("id-2", "blorp"))

    # then
    assert "988" in answer[-1].text
    assert len(answer) == 2
    assert len(await turns.take(ScriptedRasa(missed), "c2", Said("id-3", "blorp"))) == 1


async def test_an_answer_below_the_card_that_may_never_be_said_is_left_out(
    turns: Turns, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(FACET_ANSWER, "text", "Good news: you qualify for IOP.")
    answer = await turns.take(ScriptedRasa(), "c1", Said("id-1", f"{ALARM}. How long is IOP?"))
    assert [message.kind for message in answer] == [Kind.EMERGENCY, Kind.CHOICE]

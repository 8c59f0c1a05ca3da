"""One turn: what reaches Rasa and the store, and what comes back."""

from __future__ import annotations

import asyncio
import re
from itertools import pairwise

import pytest
from structlog.testing import capture_logs

from admissions.core.message import Button, Kind, Message, Sender
from admissions.dialogue.offers import REPEAT
from admissions.dialogue.problems import GONE, NOT_OFFERED, Problem
from admissions.dialogue.turns import LONGEST_TEXT, Said, Turns
from tests.contract.project import DOMAIN
from tests.dialogue.conftest import PHONE, SAFE_ANSWER, texts
from tests.dialogue.scripted_rasa import ScriptedRasa
from tests.fakes import NOW, MemoryConversations

#: The number every payment company gives for trying things out.
CARD_NUMBER = "4111 1111 1111 1111"

QUESTION = Message(
    "b1",
    Sender.BOT,
    NOW,
    Kind.CHOICE,
    "What name should they use?",
    (Button("Take a few questions", "/start_screening"), Button("Any time", "Any time"), Button("Stop", "/stop")),
)


def wordings(response: str) -> list[str]:
    return [variation["text"] for variation in DOMAIN["responses"][response]]


async def test_an_answer_of_rasa_comes_back_and_is_kept(turns: Turns, conversations: MemoryConversations) -> None:
    # given
    rasa = ScriptedRasa([{"text": "It is a programme."}])

    # when
    answer = await turns.take(rasa, "c1", Said("id-1", "what is iop"))

    # then
    assert texts(answer) == ["It is a programme."]
    assert texts(conversations.messages("c1")) == ["what is iop", "It is a programme."]
    assert rasa.turns == [("what is iop", None)]


@pytest.mark.parametrize("words", ["Good news: you qualify for IOP.", "You have an addiction.", "We guarantee it."])
async def test_what_may_never_be_said_is_replaced(turns: Turns, words: str) -> None:
    # given
    rasa = ScriptedRasa([{"text": "Thank you."}, {"text": words}])

    # when
    with capture_logs() as logs:
        answer = await turns.take(rasa, "c1", Said("id-1", "do i qualify"))

    # then
    assert texts(answer) == ["Thank you.", SAFE_ANSWER]
    assert [entry["event"] for entry in logs] == ["never_list.stopped"]
    assert words not in repr(logs)


async def test_the_same_client_id_gives_the_same_messages_and_one_turn(
    turns: Turns, conversations: MemoryConversations
) -> None:
    # given
    rasa = ScriptedRasa([{"text": "One."}], [{"text": "Two."}])

    # when
    first = await turns.take(rasa, "c1", Said("id-1", "hello"))
    again = await turns.take(rasa, "c1", Said("id-1", "hello"))

    # then
    assert list(again) == list(first)
    assert len(rasa.turns) == 1
    assert texts(conversations.messages("c1")) == ["hello", "One."]


async def test_the_same_client_id_at_the_same_time_is_one_turn_too(turns: Turns) -> None:
    # given
    rasa = ScriptedRasa([{"text": "One."}], [{"text": "Two."}], slow_s=0.05)

    # when
    first, again = await asyncio.gather(*(turns.take(rasa, "c1", Said("id-1", "hello")) for _ in range(2)))

    # then
    assert list(again) == list(first)
    assert len(rasa.turns) == 1


async def test_a_turn_that_another_process_is_running_is_waited_for(
    turns: Turns, conversations: MemoryConversations
) -> None:
    # given the same message, claimed by another server of ours
    line = Message("v1", Sender.VISITOR, NOW, Kind.TEXT, "hello")
    conversations.begin_turn("c1", "id-1", line)
    rasa = ScriptedRasa()

    # when it finishes there while we wait
    waiting = asyncio.create_task(turns.take(rasa, "c1", Said("id-1", "hello")))
    await asyncio.sleep(0.05)
    conversations.finish_turn("c1", "id-1", [QUESTION])

    # then
    assert list(await waiting) == [QUESTION]
    assert not rasa.turns


@pytest.mark.parametrize("payload", ["/affirm", '/affirm{"intake_outcome": "agreed"}', "/restart", "Stop"])
async def test_a_payload_that_was_not_offered_is_refused(
    turns: Turns, conversations: MemoryConversations, payload: str
) -> None:
    # given
    conversations.append("c1", [QUESTION])
    rasa = ScriptedRasa()

    # when / then
    with pytest.raises(Problem) as refused:
        await turns.take(rasa, "c1", Said("id-1", payload=payload))
    assert refused.value is NOT_OFFERED
    assert not rasa.turns


async def test_a_payload_offered_in_another_conversation_is_refused(
    turns: Turns, conversations: MemoryConversations
) -> None:
    conversations.append("c2", [QUESTION])
    with pytest.raises(Problem) as refused:
        await turns.take(ScriptedRasa(), "c1", Said("id-1", payload="/stop"))
    assert refused.value is NOT_OFFERED


@pytest.mark.parametrize("said", [Said("id-1", payload="/stop"), Said("id-1", "Stop"), Said("id-1", " stop! ")])
async def test_a_typed_button_title_counts_as_the_button(
    turns: Turns, conversations: MemoryConversations, said: Said
) -> None:
    # given
    conversations.append("c1", [QUESTION])
    rasa = ScriptedRasa()

    # when
    await turns.take(rasa, "c1", said)

    # then
    (_, parsed), *_ = rasa.turns
    assert parsed is not None
    assert parsed["intent"] == {"name": "stop", "confidence": 1.0}


async def test_a_button_that_carries_words_is_read_like_words(turns: Turns, conversations: MemoryConversations) -> None:
    conversations.append("c1", [QUESTION])
    rasa = ScriptedRasa()
    await turns.take(rasa, "c1", Said("id-1", payload="Any time"))
    assert rasa.turns == [("Any time", None)]


async def test_a_card_number_reaches_neither_store_nor_rasa(turns: Turns, conversations: MemoryConversations) -> None:
    # given
    rasa = ScriptedRasa([{"text": "What name should they use?"}])

    # when
    answer = await turns.take(rasa, "c1", Said("id-1", f"my card is {CARD_NUMBER}"))

    # then
    assert "took a number out" in answer[0].text
    assert answer[1].text == "What name should they use?"
    assert CARD_NUMBER not in repr(conversations.messages("c1"))
    assert CARD_NUMBER not in repr(rasa.turns)
    ((_, parsed),) = rasa.turns
    assert parsed is not None
    assert f"/{parsed['intent']['name']}" == REPEAT, "the open question comes back"


async def test_a_question_beside_a_card_number_is_still_asked(turns: Turns) -> None:
    rasa = ScriptedRasa()
    await turns.take(rasa, "c1", Said("id-1", f"do you take card {CARD_NUMBER}?"))
    assert rasa.turns == [("do you take card [number removed]?", None)]


async def test_a_text_that_is_too_long_does_not_reach_rasa(turns: Turns) -> None:
    # given
    rasa = ScriptedRasa()

    # when
    longest = await turns.take(rasa, "c1", Said("id-1", "x" * LONGEST_TEXT))
    too_long = await turns.take(rasa, "c1", Said("id-2", "x" * (LONGEST_TEXT + 1)))

    # then
    assert texts(longest) == ["It is a programme."]
    assert too_long[0].text in wordings("utter_too_long")
    assert too_long[0].buttons[0].payload == "/talk_to_human"
    assert len(rasa.turns) == 1


@pytest.mark.parametrize(
    ("words", "response"),
    [
        ("Necesito ayuda para mi hijo", "utter_other_language_es"),
        ("do you speak spanish", "utter_other_language_es"),
        ("Ich brauche Hilfe für meinen Sohn", "utter_other_language"),
        ("Мне нужна помощь для сына", "utter_other_language"),
    ],
)
async def test_another_language_is_answered_without_rasa(turns: Turns, words: str, response: str) -> None:
    rasa = ScriptedRasa()
    *phone, said = await turns.take(rasa, "c1", Said("id-1", words))
    assert said.text in wordings(response)
    assert [PHONE in message.text for message in phone] == [True] * (response == "utter_other_language_es")
    assert not rasa.turns


def test_spanish_is_answered_in_spanish_with_where_help_is_and_a_person() -> None:
    for said in DOMAIN["responses"]["utter_other_language_es"]:
        assert {"911", "988"} <= set(re.findall(r"\d{3}", said["text"]))
        assert "oprima 2" in said["text"]
        assert {button["payload"] for button in said["buttons"]} & {"/talk_to_human", "/request_callback"}


@pytest.mark.parametrize("words", ["Ich brauche Hilfe für meinen Sohn", "Necesito ayuda para mi hijo", "x" * 4000])
async def test_what_is_answered_without_rasa_is_never_said_in_the_same_words_twice_running(
    turns: Turns, words: str
) -> None:
    # given / when
    said = []
    for number in range(8):
        *_, answer = await turns.take(ScriptedRasa(), "c1", Said(f"id-{number}", words))
        said.append(answer.text)

    # then
    assert all(one != following for one, following in pairwise(said))


async def test_a_name_in_an_open_intake_is_an_answer_in_no_language(
    turns: Turns, conversations: MemoryConversations
) -> None:
    conversations.append("c1", [QUESTION])
    rasa = ScriptedRasa()
    await turns.take(rasa, "c1", Said("id-1", "Maria de la Cruz"))
    assert rasa.turns == [("Maria de la Cruz", None)]


async def test_messages_of_one_conversation_run_one_after_the_other(
    turns: Turns, conversations: MemoryConversations
) -> None:
    # given
    rasa = ScriptedRasa(slow_s=0.02)

    # when
    await asyncio.gather(*(turns.take(rasa, "c1", Said(f"id-{number}", f"word {number}")) for number in range(4)))

    # then every line is followed by its answer
    assert rasa.at_once == {"c1": 1}
    senders = [message.sender for message in conversations.messages("c1")]
    assert senders == [Sender.VISITOR, Sender.BOT] * 4


async def test_another_conversation_does_not_wait(turns: Turns) -> None:
    # given a turn that takes for ever in one conversation
    slow = asyncio.create_task(turns.take(ScriptedRasa(slow_s=60), "c1", Said("id-1", "hello")))
    await asyncio.sleep(0.02)

    # when / then
    answer = await asyncio.wait_for(turns.take(ScriptedRasa(), "c2", Said("id-2", "hello")), 2)
    assert texts(answer) == ["It is a programme."]
    slow.cancel()


async def test_a_deleted_conversation_is_gone(turns: Turns, conversations: MemoryConversations) -> None:
    # given
    conversations.forget("c1", NOW)
    rasa = ScriptedRasa()

    # when / then
    with pytest.raises(Problem) as refused:
        await turns.take(rasa, "c1", Said("id-1", "hello"))
    assert refused.value is GONE
    assert not rasa.turns

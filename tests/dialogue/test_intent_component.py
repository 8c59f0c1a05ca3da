"""The component inside Rasa: what a reader understood, in the shape that rules, slots and actions read."""

from __future__ import annotations

from typing import Any

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SlotSet
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from admissions import content, names
from admissions.core.follow_ups import Talk
from admissions.dialogue.intent_component import RANKING_LENGTH, AdmissionsIntentClassifier
from admissions.errors import ContentError
from admissions.nlu_files import Example, NluFiles
from admissions.understanding.entities import Entity
from admissions.understanding.intent_model import Guess
from admissions.understanding.reader import Understanding
from tests.contract.project import DOMAIN

LENGTH, HOME, COST = "faq/how_long__overview", "faq/what_is_iop__live_at_home", "ask_cost_or_insurance"


def understood(*questions: str, accepted: bool = True, **more: Any) -> Understanding:
    values: dict[str, Any] = {
        "questions": questions,
        "label": questions[0],
        "confidence": 0.9,
        "accepted": accepted,
        "suggestions": (),
        "ranking": (Guess(questions[0], 0.9),),
        "entities": (),
        "talk": Talk(),
    }
    return Understanding(**{**values, **more})


class ToldReader:
    """A reader that understands what it is told to, and keeps the talk it was given."""

    def __init__(self, told: Understanding) -> None:
        self.told = told
        self.read_with: list[tuple[str, Talk]] = []

    def read(self, text: str, talk: Talk) -> Understanding:
        self.read_with.append((text, talk))
        return self.told


def component(reader: ToldReader) -> AdmissionsIntentClassifier:
    made = AdmissionsIntentClassifier({}, None, None)
    made._reader = reader
    return made


def parse(told: Understanding) -> dict[str, Any]:
    """Return a message as Rasa passes it on."""
    (message,) = component(ToldReader(told)).process([Message({"text": "words"})], None)
    return message.as_dict(only_output_properties=True)


def values(parsed: dict[str, Any]) -> dict[str, Any]:
    return {entity["entity"]: entity["value"] for entity in parsed["entities"]}


def test_a_question_of_the_article_brings_its_facet_and_what_its_answer_is_chosen_by() -> None:
    parsed = parse(understood(LENGTH))

    assert parsed["intent"] == {"name": "faq", "confidence": 0.9}
    assert parsed["questions"] == [LENGTH]
    assert values(parsed) == {names.ENTITY_FACET: "how_long__overview"}
    assert parsed["response_selector"]["faq"]["response"]["utter_action"] == f"utter_{LENGTH}"


@pytest.mark.parametrize(
    ("questions", "intent"),
    [
        ([LENGTH], "faq"),
        ([COST], COST),
        (["out_of_scope/weekends"], "out_of_scope"),
        # several: one action answers them all
        ([LENGTH, COST], "faq"),
        ([COST, LENGTH], "faq"),
        ([COST, "out_of_scope/weekends"], "faq"),
        # a request for a person beside questions opens the intake, which answers them first
        ([LENGTH, "request_callback"], "request_callback"),
        (["talk_to_human", LENGTH], "talk_to_human"),
        ([COST, "start_screening", LENGTH], "start_screening"),
    ],
)
def test_rules_go_by_the_request_else_by_the_questions(questions: list[str], intent: str) -> None:
    parsed = parse(understood(*questions))

    assert parsed["intent"]["name"] == intent
    assert values(parsed).get(names.SLOT_SEVERAL) is (True if len(questions) > 1 else None)
    assert parsed["questions"] == questions


def test_what_is_not_sure_enough_falls_back_and_offers() -> None:
    parsed = parse(understood(LENGTH, accepted=False, suggestions=(LENGTH, HOME), talk=Talk(LENGTH, "iop")))

    assert parsed["intent"]["name"] == names.INTENT_FALLBACK
    assert parsed["suggestions"] == [LENGTH, HOME]
    assert parsed["entities"] == [], "neither a facet nor something talked about"
    assert "response_selector" not in parsed


def test_names_are_entities_with_their_places() -> None:
    found = (Entity("level", "php", 4, 7), Entity("duration", "30 days", 10, 17))

    parsed = parse(understood("greet", entities=found))

    assert parsed["entities"] == [
        {"entity": "level", "value": "php", "start": 4, "end": 7},
        {"entity": "duration", "value": "30 days", "start": 10, "end": 17},
    ]


def test_what_is_talked_about_is_read_from_the_slots_and_kept_in_them() -> None:
    # given
    before, after = Talk(LENGTH, "iop", "php"), Talk(HOME, "iop", "php")
    reader = ToldReader(understood(HOME, talk=after))
    domain = Domain.from_dict({name: DOMAIN[name] for name in ("intents", "entities", "slots", "responses", "actions")})
    tracker = DialogueStateTracker("c1", domain.slots)
    slots = {"asked": before.asked, "talk_level": before.level, "talk_other": before.other}
    tracker.update_with_events([SlotSet(name, value) for name, value in slots.items()], domain)

    # when
    (message,) = component(reader).process([Message({"text": "do i sleep there"})], tracker)

    # then
    assert reader.read_with == [("do i sleep there", before)]
    kept = {one["entity"]: one["value"] for one in message.get("entities")}
    assert kept["asked"] == HOME
    assert (kept["talk_level"], kept["talk_other"]) == ("iop", "php")


def test_without_a_conversation_nothing_was_talked_about() -> None:
    reader = ToldReader(understood("greet"))

    component(reader).process([Message({"text": "hi"})], None)

    assert reader.read_with == [("hi", Talk())]


def test_the_ranking_is_short_for_the_tracker_keeps_it() -> None:
    ranking = tuple(Guess(f"label_{number}", 0.1) for number in range(50))

    parsed = parse(understood(LENGTH, ranking=ranking))

    assert len(parsed["intent_ranking"]) == RANKING_LENGTH


def test_a_message_whose_intent_is_given_is_left_alone() -> None:
    reader = ToldReader(understood(LENGTH))

    (message,) = component(reader).process([Message({"intent": {"name": "greet"}})], None)

    assert message.get("intent") == {"name": "greet"}
    assert reader.read_with == []


def test_training_stops_where_the_questions_do_not_fit_together(monkeypatch: pytest.MonkeyPatch) -> None:
    # given
    files = NluFiles((Example("how long", LENGTH, "data/nlu/faq/how_long.yml"),), {})
    monkeypatch.setattr(content, "nlu_files", lambda: files)

    # when / then: before anything is computed
    with pytest.raises(ContentError, match=r"data/nlu/faq/how_long\.yml: faq/how_long__overview has 1 examples"):
        component(ToldReader(understood("greet"))).train(TrainingData())


def test_training_again_is_seen_by_rasa_when_code_or_weights_change(monkeypatch: pytest.MonkeyPatch) -> None:
    # given
    before = AdmissionsIntentClassifier.get_default_config()

    # when: another digest of the code behind the component
    monkeypatch.setattr(content, "digest", lambda *_: "another")

    # then
    after = AdmissionsIntentClassifier.get_default_config()
    assert before.keys() == after.keys() == {"weights", "code"}
    assert before["code"] != after["code"]
    assert before["weights"] == content.read_yaml(content.ROOT / "config.yml")["pipeline"][0]["weights"]


def test_everything_the_component_sets_for_a_slot_is_one() -> None:
    for name in ("asked", "talk_level", "talk_other", names.SLOT_SEVERAL):
        assert name in DOMAIN["entities"]
        assert DOMAIN["slots"][name]["mappings"] == [{"type": "from_entity", "entity": name}]

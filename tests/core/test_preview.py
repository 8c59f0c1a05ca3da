"""What the visitor sees is what is sent, over random intakes."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace

import pytest
from hypothesis import given

from admissions import content
from admissions.core.contact import show_phone
from admissions.core.handoff import Handoff, Reason, Urgency, to_payload
from admissions.core.intake import Intake, Value
from admissions.core.preview import Packet, consent, packet, preview_lines, preview_text
from admissions.core.steps import SKIPPED, Plan, StepKind
from admissions.core.times import TimeWindow
from tests.core.intakes import intakes_of
from tests.fakes import NOW

SCRIPT, RULES = content.script(), content.topic_rules()
INTAKES = intakes_of(SCRIPT)
ZONE = "America/Denver"

#: Steps whose answer has a field of its own on the wire.
OWN_FIELD = {"about", "adult", "name", "reach", "when", "permissions"}


def payload_of(state: Intake) -> dict[str, object]:
    """Return the body that would be sent."""
    sent = packet(SCRIPT, RULES, state, ZONE)
    handoff = Handoff(
        id="hnd_0001",
        reference="K7M2QF",
        reason=Reason.SCREENING,
        urgency=Urgency.ROUTINE,
        created_at=NOW,
        conversation_id="conversation-1",
        after_hours=True,
        content_version="content-1",
        model="model-1",
        consent=consent(SCRIPT, RULES, state, NOW),
        contact=sent.contact,
        about=sent.about,
        adult=sent.adult,
        screening=sent.screening,
        indications=sent.indications,
    )
    return to_payload(handoff)


def shown_words(step: str, value: Value) -> list[str]:
    """Return what must be readable in the preview for an answer."""
    found = SCRIPT.step(step)
    if found.kind is StepKind.WHEN:
        return [TimeWindow.from_value(value).shown]
    values = value if isinstance(value, tuple) else (value,)
    choices = [found.choice(one) for one in values]
    return [choice.preview if choice and choice.preview else one for choice, one in zip(choices, values, strict=True)]


def sent_answers(sent: Packet) -> dict[str, Value]:
    """Return every answer in a packet by the step it came from."""
    answers: dict[str, Value] = {item.question: item.answer for item in sent.screening}
    if sent.about is not None:
        answers["about"] = sent.about
    if sent.adult is not None:
        answers["adult"] = "yes" if sent.adult else "no"
    return answers


@given(INTAKES)
def test_every_answer_that_is_sent_stands_in_the_preview(state: Intake) -> None:
    # given / when
    sent, shown = packet(SCRIPT, RULES, state, ZONE), preview_text(SCRIPT, RULES, state)

    # then: the answers
    for step, value in sent_answers(sent).items():
        assert all(words in shown for words in shown_words(step, value)), step
    # the contact; the time zone is the widget's or the centre's and says nothing about the visitor that they did not
    if contact := sent.contact:
        assert contact.name is None or f"Name: {contact.name}." in shown
        assert contact.phone is None or show_phone(contact.phone) in shown
        assert contact.email is None or contact.email in shown
        assert contact.window is None or f"Good time: {contact.window.says}" in shown
        permitted = {(True, True): "both", (True, False): "voicemail", (False, True): "text", (False, False): "neither"}
        if contact.voicemail_ok is not None:
            assert shown_words("permissions", permitted[contact.voicemail_ok, contact.text_ok])[0] in shown
    # and the topics, each with its sentence
    for found in sent.indications:
        rules = [rule for rule in RULES if (rule.topic, rule.step) == (found.topic, found.because)]
        assert any(rule.says in shown for rule in rules)


@given(INTAKES)
def test_every_line_of_the_preview_is_sent(state: Intake) -> None:
    # given
    sent = packet(SCRIPT, RULES, state, ZONE)
    contact = sent.contact
    in_contact = {
        "name": contact and contact.name,
        "reach": contact and (contact.phone or contact.email),
        "when": contact and contact.window,
        "permissions": contact and contact.text_ok is not None,
    }

    # when
    lines = preview_lines(SCRIPT, state)

    # then
    for line in lines:
        assert line.step in sent_answers(sent) or in_contact.get(line.step) or line.step == "permissions"


@given(INTAKES)
def test_a_skipped_step_never_reaches_the_wire(state: Intake) -> None:
    # given
    body = payload_of(state)
    data = body["data"]
    assert isinstance(data, dict)

    # when
    skipped = {name for name, value in state.answers.items() if value == SKIPPED}

    # then
    assert not skipped & {item["question"] for item in data.get("screening", [])}
    assert not skipped & {item["because"] for item in data.get("indications", [])}
    assert not skipped & (data.keys() & {"about", "adult"})
    contact = data.get("contact", {})
    wire = {"name": {"name"}, "reach": {"phone", "email", "preferred"}, "when": {"window"},
            "permissions": {"voicemail_ok", "text_ok"}}  # fmt: skip
    for step, fields in wire.items():
        assert step not in skipped or not fields & contact.keys()


@given(INTAKES)
def test_nothing_on_the_wire_is_null(state: Intake) -> None:
    assert "null" not in json.dumps(_without_words(payload_of(state)))


def _without_words(value: object) -> object:
    """Return the same shape with every text emptied: a visitor may well be called null."""
    if isinstance(value, dict):
        return {key: _without_words(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_without_words(inner) for inner in value]
    return "" if isinstance(value, str) else value


@given(INTAKES)
def test_skipping_a_line_takes_it_out_and_leaves_the_others(state: Intake) -> None:
    for line in preview_lines(SCRIPT, state):
        if line.step in ("about", "reach"):
            continue  # these two decide which other steps there are
        without = replace(state, answers={**state.answers, line.step: SKIPPED})

        assert preview_lines(SCRIPT, without) == tuple(
            other for other in preview_lines(SCRIPT, state) if other.step != line.step
        )


@given(INTAKES)
def test_consent_is_the_hash_of_exactly_the_words_shown(state: Intake) -> None:
    record = consent(SCRIPT, RULES, state, NOW)

    assert record.sha256 == hashlib.sha256(preview_text(SCRIPT, RULES, state).encode()).hexdigest()
    assert (record.text_version, record.at) == (SCRIPT.consent_version, NOW)


@given(INTAKES)
def test_an_intake_goes_through_json_unchanged(state: Intake) -> None:
    assert Intake.from_json(json.loads(json.dumps(state.to_json()))) == state


@given(INTAKES)
def test_steps_that_are_not_for_this_person_stay_out(state: Intake) -> None:
    # given
    about = state.about or "self"

    # when
    sent = packet(SCRIPT, RULES, state, ZONE)

    # then
    for item in sent.screening:
        people = SCRIPT.step(item.question).people
        assert people is None or about in people


# -- one intake, word for word -----------------------------------------------------------------------------------------

SAM = Intake(
    plan=Plan.SCREENING,
    step="preview",
    answers={
        "danger_now": "no",
        "about": "loved_one",
        "adult": "yes",
        "interest": SKIPPED,
        "home_support": "no",
        "reasons": ("short_relapse", "fear_of_relapse"),
        "substances": ("alcohol",),
        "name": "Sam",
        "reach": "+17195550134",
        "when": "after 5 on weekdays",
        "permissions": "text",
    },
)


def test_the_preview_word_for_word() -> None:
    assert preview_text(SCRIPT, RULES, SAM).splitlines() == [
        "This is what I would send to admissions:",
        "- Nobody is in danger right now.",
        "- About someone you love.",
        "- 18 or over.",
        "- Home is supportive: no.",
        "- Situation: coming back from a short relapse, afraid of a relapse, or aftercare is not enough.",
        "- Substances: alcohol.",
        "- Name: Sam.",
        "- Reach you at: 719-555-0134.",
        "- Good time: after 5 on weekdays.",
        "- A text is okay, a voicemail is not.",
        "Topics to raise with admissions:",
        "- Home is not supportive; our information says inpatient care is often the better fit then.",
        "- A short relapse is one of the reasons for IOP our information names.",
        "- Fear of a relapse, or aftercare that is not enough, is one of the reasons for IOP our information names.",
        "- Alcohol was named; stopping it suddenly can be dangerous.",
        "By choosing Send you agree that this goes to the admissions team, so that they can get in touch with you. "
        "Shall I send it?",
    ]


def test_admissions_sees_the_question_in_the_words_the_visitor_saw() -> None:
    sent = packet(SCRIPT, RULES, SAM, ZONE)

    asked = {item.question: item.asked for item in sent.screening}
    assert asked["home_support"] == "Is home a supportive place for the person?"
    assert list(asked) == ["danger_now", "home_support", "reasons", "substances"]
    assert not OWN_FIELD & asked.keys()


@pytest.mark.parametrize(
    ("answer", "voicemail", "text"),
    [
        ("neither", False, False),
        ("voicemail", True, False),
        ("text", False, True),
        ("both", True, True),
        (SKIPPED, None, None),
    ],
)
def test_permissions_become_two_yes_or_no_fields(answer: str, voicemail: bool | None, text: bool | None) -> None:
    contact = packet(SCRIPT, RULES, replace(SAM, answers={**SAM.answers, "permissions": answer}), ZONE).contact

    assert contact is not None
    assert (contact.voicemail_ok, contact.text_ok) == (voicemail, text)


def test_braces_in_a_visitors_words_are_only_characters() -> None:
    state = replace(SAM, answers={"name": "{answer} {0} {x!r}", "when": "{} after 5"})

    assert "- Name: {answer} {0} {x!r}." in preview_text(SCRIPT, RULES, state)


def test_an_intake_without_answers_sends_no_contact() -> None:
    sent = packet(SCRIPT, RULES, Intake(plan=Plan.HUMAN, step="preview"), ZONE)

    assert sent == Packet(contact=None, about=None, adult=None, screening=(), indications=())

"""From the front desk's replies to utterances: the words are content/screening.yml's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rasa_sdk.executor import CollectingDispatcher

from actions.centre import opening_words
from admissions import content
from admissions.core.front_desk import WAY_OUT_AT
from admissions.core.intake import (
    ChooseChange,
    Example,
    Intake,
    Interruption,
    Line,
    Question,
    Reply,
    ShowPreview,
    Why,
)
from admissions.core.message import Kind
from admissions.core.preview import preview_lines, preview_text
from admissions.core.steps import Script, Step

#: Lines that are said in other words, or with a second line, when the centre has a phone number.
_WITH_PHONE = {
    "start_human": ("start_human_phone",),
    "no_reach": ("no_reach_phone",),
    "minor_self": ("minor_self", "minor_phone"),
    "minor_other": ("minor_other", "minor_phone"),
}

#: Lines after which it is said whether admissions is open.
_WITH_HOURS = {"start_human", "start_callback"}

Button = dict[str, Any]


def say(reply: Reply, state: Intake, dispatcher: CollectingDispatcher, answer_in_between: Callable[[], None]) -> None:
    """Utter one reply of the front desk."""
    script = content.script()
    if isinstance(reply, Line):
        _say_line(reply, script, dispatcher)
    elif isinstance(reply, Interruption):
        answer_in_between()
    elif isinstance(reply, Why):
        dispatcher.utter_message(text=script.step(reply.step).why)
    elif isinstance(reply, Example):
        dispatcher.utter_message(text=script.lines["with_example"].format(example=script.step(reply.step).example))
    elif isinstance(reply, Question):
        step = script.step(reply.step)
        asked = step.wording(state.about)
        dispatcher.utter_message(text=asked, buttons=_question_buttons(script, step, state), kind=Kind.CHOICE.value)
    elif isinstance(reply, ShowPreview):
        shown = preview_text(script, content.topic_rules(), state)
        dispatcher.utter_message(text=shown, buttons=_preview_buttons(script), kind=Kind.CHOICE.value)
    elif isinstance(reply, ChooseChange):
        dispatcher.utter_message(
            text=script.lines["change_which"], buttons=_change_buttons(script, state), kind=Kind.CHOICE.value
        )


def _say_line(line: Line, script: Script, dispatcher: CollectingDispatcher) -> None:
    centre = content.centre()
    names = _WITH_PHONE.get(line.name, (line.name,)) if centre.phone else (line.name,)
    extra = {"kind": Kind.EMERGENCY.value} if line.name == "danger_yes" else {}
    for name in names:
        words = script.lines[name].format(**line.values, phone=centre.phone) if script.lines[name] else ""
        if words:
            dispatcher.utter_message(text=words, buttons=_line_buttons(script, line.name), **extra)
    if line.name in _WITH_HOURS:
        closes, opens = opening_words()
        hours = script.lines["hours_open"].format(closes=closes) if closes else script.lines["hours_closed"].format(opens=opens)
        dispatcher.utter_message(text=hours)


def _line_buttons(script: Script, name: str) -> list[Button]:
    if name == "minor_other":
        return [_button(script, "call_me", "/request_callback")]
    if name in ("stopped", "declined"):
        return [_button(script, "person", "/talk_to_human")]
    return []


def _question_buttons(script: Script, step: Step, state: Intake) -> list[Button]:
    choices = [{"title": choice.title, "payload": choice.title} for choice in step.choices]
    back = [_button(script, "back", "/go_back")] if len(state.asked) > 1 else []
    person = [_button(script, "person", "/talk_to_human")] if state.failures >= WAY_OUT_AT else []
    return [
        *choices,
        _button(script, "skip", "/skip"),
        _button(script, "why", "/why_ask"),
        *back,
        *person,
        _button(script, "stop", "/stop"),
    ]


def _preview_buttons(script: Script) -> list[Button]:
    return [
        _button(script, "send", "/affirm"),
        _button(script, "change", "/go_back"),
        _button(script, "dont_send", "/deny"),
    ]


def _change_buttons(script: Script, state: Intake) -> list[Button]:
    lines = [
        {"title": line.text[:48], "payload": f'/go_back{{"step": "{line.step}"}}'} for line in preview_lines(script, state)
    ]
    return [*lines, _button(script, "stop", "/stop")]


def _button(script: Script, name: str, payload: str) -> Button:
    return {"title": script.buttons[name], "payload": payload}

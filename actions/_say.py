"""From the front desk's replies to utterances: the words are content/screening.yml's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from rasa_sdk.executor import CollectingDispatcher

from actions.centre import opening_words
from admissions import content
from admissions.core.intake import (
    AskConsent,
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
from admissions.core.moving import WAY_OUT_AT
from admissions.core.preview import preview_lines, preview_text
from admissions.core.steps import Plan, Script, Step

#: Lines that are said in other words, or with a second line, when the centre has a phone number.
_WITH_PHONE = {
    "start_human": ("start_human_phone",),
    "no_reach": ("no_reach_phone",),
    "nothing_to_send": ("nothing_to_send", "nothing_to_send_phone"),
    "minor_self": ("minor_self", "minor_phone"),
    "minor_other": ("minor_other", "minor_phone"),
}

#: Lines after which it is said whether admissions is open.
_WITH_HOURS = {"start_human", "start_callback"}

#: Short lines that lead over to the question behind them: one message with it, not a bubble of their own.
_LEADS = {"again", "back", "corrected", "nothing_before", "offer_skip", "return", "skipped"}
_LEADS |= {"bad_phone", "bad_email", "bad_age", "bad_time", "past_time", "not_theirs", "your_choice", "preview_again"}

Button = dict[str, Any]


def say_all(
    replies: Sequence[Reply],
    state: Intake,
    dispatcher: CollectingDispatcher,
    answer_in_between: Callable[[], None],
    lane: str | None = None,
    conversation_id: str | None = None,
) -> None:
    """Utter the replies of the front desk in order, a lead together with the question it leads to.

    Args:
        answer_in_between: utters the answer to a question that came in the middle.
        lane: of an emergency card shown in this conversation; the preview says that it travels along.
        conversation_id: to tell hours in the visitor's zone too.
    """
    script = content.script()
    lead = ""
    for reply in replies:
        if isinstance(reply, Example) or (isinstance(reply, Line) and reply.name in _LEADS):
            lead += f"{_lead_words(reply, script)}\n"
        elif isinstance(reply, Question | ShowPreview | AskConsent | ChooseChange):
            text, buttons = _asked(reply, script, state, lane)
            dispatcher.utter_message(text=lead + text, buttons=buttons, kind=Kind.CHOICE.value)
            lead = ""
        elif isinstance(reply, Interruption):
            answer_in_between()
        elif isinstance(reply, Why):
            dispatcher.utter_message(text=script.step(reply.step).why)
        elif isinstance(reply, Line):
            _say_line(reply, script, dispatcher, conversation_id)


def _lead_words(reply: Example | Line, script: Script) -> str:
    if isinstance(reply, Example):
        return script.lines["with_example"].format(example=script.step(reply.step).example)
    return script.lines[reply.name].format(**reply.values)


def _asked(
    reply: Question | ShowPreview | AskConsent | ChooseChange, script: Script, state: Intake, lane: str | None
) -> tuple[str, list[Button]]:
    if isinstance(reply, Question):
        step = script.step(reply.step)
        return step.wording(state.about), _question_buttons(script, step, state)
    if isinstance(reply, ShowPreview):
        return preview_text(script, content.topic_rules(), state, lane), _preview_buttons(script)
    if isinstance(reply, AskConsent):
        return script.lines["consent"], _preview_buttons(script)
    return script.lines["change_which"], _change_buttons(script, state)


def _say_line(line: Line, script: Script, dispatcher: CollectingDispatcher, conversation_id: str | None) -> None:
    centre = content.centre()
    names = _WITH_PHONE.get(line.name, (line.name,)) if centre.phone else (line.name,)
    extra = {"kind": Kind.EMERGENCY.value} if line.name == "danger_yes" else {}
    for name in names:
        words = script.lines[name].format(**line.values, phone=centre.phone) if script.lines[name] else ""
        if words:
            dispatcher.utter_message(text=words, buttons=_line_buttons(script, line.name), **extra)
    if line.name in _WITH_HOURS:
        closes, opens = opening_words(conversation_id)
        hours = (
            script.lines["hours_open"].format(closes=closes)
            if closes
            else script.lines["hours_closed"].format(opens=opens)
        )
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
    opening = state.plan is Plan.SCREENING and len(state.asked) <= 1
    way_out = opening or state.failures >= WAY_OUT_AT
    person = [_button(script, "person", "/talk_to_human")] if way_out else []
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
        _button(script, "why", "/why_ask"),
        # Words, because the button's own payload means "Change" here.
        _button(script, "back", script.buttons["back"]),
        _button(script, "skip", "/skip"),
        _button(script, "stop", "/stop"),
    ]


def _change_buttons(script: Script, state: Intake) -> list[Button]:
    lines = [
        {"title": line.text[:48], "payload": f'/go_back{{"step": "{line.step}"}}'}
        for line in preview_lines(script, state)
    ]
    return [*lines, _button(script, "stop", "/stop")]


def _button(script: Script, name: str, payload: str) -> Button:
    return {"title": script.buttons[name], "payload": payload}

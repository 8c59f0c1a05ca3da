"""What will be sent, as sentences for the visitor and as fields for admissions: both from the same answers.

Nothing reaches the wire that has no line here; tests/core/test_preview.py holds it over random intakes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from admissions.core.assess import TopicRule, assess, sentences
from admissions.core.contact import show_phone
from admissions.core.handoff import Consent, Contact, Indication, ScreeningItem, Window
from admissions.core.intake import Intake, Value, steps_of
from admissions.core.steps import Plan, Script, Step, StepKind
from admissions.core.times import TimeWindow


@dataclass(frozen=True)
class Packet:
    """The part of a handoff that the visitor gave."""

    contact: Contact | None
    about: str | None
    adult: bool | None
    screening: tuple[ScreeningItem, ...]
    indications: tuple[Indication, ...]


@dataclass(frozen=True)
class PreviewLine:
    """One line the visitor can change: the step it comes from and the words shown."""

    step: str
    text: str


#: Steps that have a field of their own on the wire instead of a screening item.
_OWN_FIELD = {"about", "adult", "name", "reach", "when", "permissions"}


def preview_lines(script: Script, state: Intake) -> tuple[PreviewLine, ...]:
    """Return one line for every given answer, in the order of the steps."""
    return tuple(
        PreviewLine(step.name, _line(step, value))
        for step in _shown_steps(script, state)
        if (value := state.given(step.name)) is not None
    )


def topic_lines(rules: Sequence[TopicRule], script: Script, state: Intake) -> tuple[str, ...]:
    """Return the topics to raise with admissions, in words."""
    return sentences(rules, _given(script, state))


def preview_text(script: Script, rules: Sequence[TopicRule], state: Intake, lane: str | None = None) -> str:
    """Return the whole preview: a lead, the lines, the topics, and the consent sentence.

    Args:
        lane: the safety lane an emergency card was shown for in this conversation; it marks the handoff as urgent.
    """
    lines = [f"- {line.text}" for line in preview_lines(script, state)]
    if lane:
        lines.append(f"- {script.lines['urgent'].format(lane=script.lines[f'lane_{lane}'])}")
    topics = [f"- {line}" for line in topic_lines(rules, script, state)]
    heading = ["Topics to raise with admissions:"] if topics else []
    return "\n".join([script.lines["preview"], *lines, *heading, *topics, script.lines["consent"]])


def consent(
    script: Script, rules: Sequence[TopicRule], state: Intake, at: datetime, lane: str | None = None
) -> Consent:
    """Return the record of what the visitor agreed to: the version and the hash of exactly the words shown."""
    shown = preview_text(script, rules, state, lane)
    return Consent(script.consent_version, hashlib.sha256(shown.encode()).hexdigest(), at)


def packet(script: Script, rules: Sequence[TopicRule], state: Intake, time_zone: str) -> Packet:
    """Return the fields of the handoff that stand in the preview, and no other."""
    given = _given(script, state)
    about, adult = given.get("about"), given.get("adult")
    return Packet(
        contact=_contact(given, time_zone),
        about=about if isinstance(about, str) else None,
        adult=None if adult is None else adult == "yes",
        screening=tuple(
            ScreeningItem(step.name, given[step.name], step.wording(state.about))
            for step in _shown_steps(script, state)
            if step.name in given and step.name not in _OWN_FIELD
        ),
        indications=assess(rules, given),
    )


def _shown_steps(script: Script, state: Intake) -> list[Step]:
    """Return the steps whose answers go out; a screening that became a request for a person keeps its answers."""
    return steps_of(script, replace(state, plan=Plan.SCREENING))


def _given(script: Script, state: Intake) -> dict[str, Value]:
    return {step.name: value for step in _shown_steps(script, state) if (value := state.given(step.name)) is not None}


def _line(step: Step, value: Value) -> str:
    if step.kind is StepKind.WHEN:
        return step.preview.format(answer=TimeWindow.from_value(value).shown)
    values = value if isinstance(value, tuple) else (value,)
    if step.kind is StepKind.REACH:
        return step.preview.format(answer=show_phone(values[0]) if values[0].startswith("+") else values[0])
    choices = [step.choice(one) for one in values]
    worded = [choice.preview if choice and choice.preview else one for choice, one in zip(choices, values, strict=True)]
    return step.preview.format(answer=", ".join(worded))


def _contact(given: dict[str, Value], time_zone: str) -> Contact | None:
    name, reach = (str(given[key]) if key in given else None for key in ("name", "reach"))
    when = given.get("when")
    if not (name or reach or when):
        return None
    phone = reach if reach and reach.startswith("+") else None
    permissions = given.get("permissions")
    return Contact(
        name=name,
        phone=phone,
        email=reach if reach and not phone else None,
        preferred=("phone" if phone else "email") if reach else None,
        window=_window(TimeWindow.from_value(when), time_zone) if when else None,
        voicemail_ok=permissions in ("voicemail", "both") if permissions else None,
        text_ok=permissions in ("text", "both") if permissions else None,
    )


def _window(when: TimeWindow, time_zone: str) -> Window:
    start, end = (datetime.fromisoformat(moment) if moment else None for moment in (when.start, when.end))
    return Window(time_zone=when.zone or time_zone, says=when.says, start=start, end=end)

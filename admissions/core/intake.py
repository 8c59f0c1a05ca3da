"""An intake: the course of a screening or a callback request, as data.

Here are its state, its replies and its outcomes; core/front_desk.py decides what a message leads to.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any

from admissions.core.steps import SKIPPED, Control, Plan, Script, Step
from admissions.core.times import Moment
from admissions.core.wording import is_all

#: Where the visitor sees what will be sent, and where they choose a line to change.
PREVIEW, CHANGE = "preview", "change"

#: Intents that are never a question in between: they answer, move about, or say that nothing was understood.
NOT_IN_BETWEEN = {None, "nlu_fallback", "affirm", "deny", "not_sure", "skip", "stop", "go_back", "why_ask", "repeat"}

#: Intents that open an intake; inside one they ask for what it leads to anyway.
OPENING_INTENTS = {"start_screening", "request_callback", "talk_to_human"}

Value = str | tuple[str, ...]


class Outcome(Enum):
    """How an intake ended."""

    AGREED = "agreed"  #: The visitor saw the preview and chose to send it.
    DECLINED = "declined"  #: The visitor saw the preview and chose not to send it.
    STOPPED = "stopped"  #: The visitor stopped before.
    MINOR = "minor"  #: The person is under 18.


@dataclass(frozen=True)
class Intake:
    """What has been asked and answered so far; kept as JSON in the slot `intake`."""

    plan: Plan
    step: str  #: the open step's name, PREVIEW or CHANGE
    answers: Mapping[str, Value] = field(default_factory=dict)
    asked: tuple[str, ...] = ()  #: steps in the order they were shown, for Back
    failures: int = 0  #: answers to the open question that could not be read, in a row
    editing: bool = False  #: after the open step, back to the preview
    since: int = 0  #: the number of the message that opened it: what comes after is removed once it is sent

    @property
    def about(self) -> str | None:
        """For whom: self, loved_one, professional, or None while unknown."""
        about = self.answers.get("about")
        return about if isinstance(about, str) and about != SKIPPED else None

    def given(self, name: str) -> Value | None:
        """Return an answer that was really given: neither open nor skipped."""
        value = self.answers.get(name)
        return None if value == SKIPPED else value

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON values for the slot."""
        answers = {name: list(value) if isinstance(value, tuple) else value for name, value in self.answers.items()}
        return {
            "plan": self.plan.value,
            "step": self.step,
            "answers": answers,
            "asked": list(self.asked),
            "failures": self.failures,
            "editing": self.editing,
            "since": self.since,
        }

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Intake:
        """Read what `to_json` wrote."""
        answers = {name: tuple(value) if isinstance(value, list) else value for name, value in raw["answers"].items()}
        return cls(
            plan=Plan(raw["plan"]),
            step=raw["step"],
            answers=answers,
            asked=tuple(raw["asked"]),
            failures=raw["failures"],
            editing=raw["editing"],
            since=raw.get("since", 0),
        )


@dataclass(frozen=True)
class Line:
    """Say one of the script's lines."""

    name: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Question:
    """Ask the open step, with its buttons."""

    step: str


@dataclass(frozen=True)
class Why:
    """Say why a step is asked."""

    step: str


@dataclass(frozen=True)
class Example:
    """Ask again with an example."""

    step: str


@dataclass(frozen=True)
class ShowPreview:
    """Show what would be sent and ask for consent."""


@dataclass(frozen=True)
class AskConsent:
    """Ask for consent again; the preview stands above already."""


@dataclass(frozen=True)
class ChooseChange:
    """Offer the lines that can be changed."""


@dataclass(frozen=True)
class Interruption:
    """Answer what was asked in between, before the open question comes back."""


Reply = Line | Question | Why | Example | ShowPreview | AskConsent | ChooseChange | Interruption


@dataclass(frozen=True)
class Turn:
    """One message of the visitor, as the model and the safety gate left it."""

    text: str
    intent: str | None = None  #: None where nothing was understood
    tapped: bool = False  #: a button with a payload, so the intent is certain
    step: str | None = None  #: of a tapped "change this line"
    at: Moment | None = None  #: when and where it was said; None: relative days stay words


@dataclass(frozen=True)
class Progress:
    """What one message leads to."""

    state: Intake
    replies: tuple[Reply, ...]
    outcome: Outcome | None = None


def steps_of(script: Script, state: Intake) -> list[Step]:
    """Return the steps this intake asks, in order; who it is about and what was given decide."""
    return [step for step in script.steps if _applies(step, state)]


def next_step(script: Script, state: Intake) -> str:
    """Return the first step without an answer, or PREVIEW."""
    return next((step.name for step in steps_of(script, state) if step.name not in state.answers), PREVIEW)


def open_step(state: Intake, name: str) -> Intake:
    """Return the state with this step open and counted as shown."""
    asked = state.asked if name in (PREVIEW, CHANGE) or state.asked[-1:] == (name,) else (*state.asked, name)
    return replace(state, step=name, asked=asked, failures=0)


def question(state: Intake) -> Reply:
    """Return the reply that puts the open step to the visitor."""
    if state.step == PREVIEW:
        return ShowPreview()
    return ChooseChange() if state.step == CHANGE else Question(state.step)


def _applies(step: Step, state: Intake) -> bool:
    if state.plan not in step.plans:
        return False
    if step.people is not None and (state.about or "self") not in step.people:
        return False
    return not step.needs_phone or str(state.given("reach") or "").startswith("+")


def control_of(script: Script, turn: Turn) -> Control | None:
    """Return how the visitor wants to move, when that is all the message says."""
    if turn.tapped:
        return next((control for control in Control if control.value == turn.intent), None)
    return next((control for control in Control if is_all(turn.text, script.controls[control])), None)

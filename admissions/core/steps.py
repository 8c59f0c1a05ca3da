"""The steps of the screening as data, read from the one definition in content/screening.yml."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from admissions.core.times import Zone
from admissions.errors import ContentError


class Plan(Enum):
    """Which steps a conversation asks."""

    SCREENING = "screening"  #: all of them
    CALLBACK = "callback"  #: the visitor asked to be called: contact steps only
    HUMAN = "human"  #: the visitor asked for a person: contact steps only


class StepKind(Enum):
    """How an answer is read."""

    CHOICE = "choice"
    CHOICES = "choices"
    NAME = "name"
    REACH = "reach"
    WHEN = "when"


class Control(Enum):
    """Ways of moving about that work at every step."""

    SKIP = "skip"
    BACK = "go_back"
    STOP = "stop"
    WHY = "why_ask"
    REPEAT = "repeat"
    NOT_SURE = "not_sure"


#: The lists under `words`.
_WORDS = (
    "send",
    "dont_send",
    "change",
    "removing",
    "correcting",
    "none_of",
    "too",
    "explain",
    "slip",
    "may_i",
    "send_leads",
)

#: The step value of an answer the visitor chose not to give; it never reaches the wire.
SKIPPED = "skipped"

#: The plans that a step marked `contact` belongs to.
_CONTACT_PLANS = frozenset({Plan.CALLBACK, Plan.HUMAN})


@dataclass(frozen=True)
class Choice:
    """One possible answer of a step."""

    value: str
    title: str
    says: tuple[str, ...] = ()  #: other words for it
    yes_no: str | None = None  #: "yes" or "no" when a plain yes or no means this choice
    preview: str = ""
    alone: bool = False  #: of several choices: this one excludes the others


@dataclass(frozen=True)
class Step:
    """One question; see content/screening.yml for each field."""

    name: str
    kind: StepKind
    plans: frozenset[Plan]
    ask: Mapping[str, str]
    why: str
    example: str
    people: frozenset[str] | None = None  #: about whom it is asked, None for everybody
    choices: tuple[Choice, ...] = ()
    anywhere: bool = False
    needs_phone: bool = False
    reads_age: bool = False
    called: tuple[str, ...] = ()  #: what visitors call its line when they want to change it
    preview: str = "{answer}"

    def wording(self, about: str | None) -> str:
        """Return the question in the words for whom it is about."""
        return self.ask.get(about or "default", self.ask["default"])

    def choice(self, value: str) -> Choice | None:
        """Return the choice of this value, None when there is none."""
        return next((choice for choice in self.choices if choice.value == value), None)


@dataclass(frozen=True)
class Script:
    """The whole screening: steps in order, words for moving about, lines, buttons, consent."""

    steps: tuple[Step, ...]
    controls: Mapping[Control, tuple[str, ...]]
    refusals: tuple[str, ...]
    words: Mapping[
        str, tuple[str, ...]
    ]  #: "send", "dont_send", "change", "removing" at the preview; "correcting", "none_of", "too" anywhere
    affirmations: tuple[str, ...]
    denials: tuple[str, ...]
    lines: Mapping[str, str]
    buttons: Mapping[str, str]
    consent_version: str
    zones: tuple[Zone, ...] = ()  #: as visitors name them

    def step(self, name: str) -> Step:
        """Return the step of this name."""
        return next(step for step in self.steps if step.name == name)

    def find(self, name: str | None) -> Step | None:
        """Return the step of this name, None when there is none."""
        return next((step for step in self.steps if step.name == name), None)


def load_script(raw: Mapping[str, Any]) -> Script:
    """Build the script from the loaded YAML.

    Raises:
        ContentError: naming the step and the field that cannot be used.
    """
    steps = tuple(_step(entry) for entry in _list(raw, "steps"))
    names = [step.name for step in steps]
    doubled = {name for name in names if names.count(name) > 1}
    if doubled:
        raise ContentError(f"content/screening.yml: two steps are named {', '.join(sorted(doubled))}")
    controls = raw.get("controls") or {}
    try:
        read_controls = {control: tuple(map(str, controls[control.value])) for control in Control}
    except KeyError as missing:
        raise ContentError(f"content/screening.yml: controls has no entry {missing}") from None
    return Script(
        steps=steps,
        controls=read_controls,
        refusals=tuple(map(str, _list(raw, "refusals"))),
        words={name: tuple(map(str, _list(raw.get("words") or {}, name))) for name in _WORDS},
        affirmations=tuple(map(str, _list(raw, "affirmations"))),
        denials=tuple(map(str, _list(raw, "denials"))),
        lines={name: str(text) for name, text in (raw.get("lines") or {}).items()},
        buttons={name: str(text) for name, text in (raw.get("buttons") or {}).items()},
        consent_version=str((raw.get("consent") or {}).get("version", "")),
        zones=tuple(Zone(zone["id"], zone["name"], tuple(zone["says"])) for zone in raw.get("zones") or ()),
    )


def _list(raw: Mapping[str, Any], key: str) -> Sequence[Any]:
    value = raw.get(key)
    if not isinstance(value, list) or not value:
        raise ContentError(f"content/screening.yml: `{key}` must be a list with at least one entry")
    return value


def _step(entry: Mapping[str, Any]) -> Step:
    name = str(entry.get("name", "?"))
    try:
        plans = frozenset(plan for key in entry["plans"] for plan in _plans(key))
        people = entry.get("for")
        return Step(
            name=name,
            kind=StepKind(entry["kind"]),
            plans=plans,
            ask={**entry["ask"], "default": entry["ask"]["default"]},
            why=entry["why"],
            example=entry["example"],
            people=frozenset(people) if people else None,
            choices=tuple(_choice(choice) for choice in entry.get("choices", ())),
            anywhere=bool(entry.get("anywhere", False)),
            needs_phone=entry.get("needs") == "phone",
            reads_age=bool(entry.get("reads_age", False)),
            called=tuple(map(str, entry.get("called", ()))),
            preview=entry.get("preview", "{answer}"),
        )
    except KeyError as missing:
        raise ContentError(f"content/screening.yml: step {name} has no {missing}") from None
    except (TypeError, ValueError) as problem:
        raise ContentError(f"content/screening.yml: step {name}: {problem}") from None


def _plans(key: str) -> frozenset[Plan]:
    return _CONTACT_PLANS if key == "contact" else frozenset({Plan(key)})


def _choice(entry: Mapping[str, Any]) -> Choice:
    if not isinstance(entry.get("value"), str):
        raise ValueError(f"the choice value {entry.get('value')!r} must be text; put yes and no in quotes")
    return Choice(
        value=entry["value"],
        title=entry["title"],
        says=tuple(map(str, entry.get("says", ()))),
        yes_no=entry.get("yes_no"),
        preview=entry.get("preview", ""),
        alone=bool(entry.get("alone", False)),
    )

"""Loads the project's own YAML files and names their version; the parsing is core's."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from admissions.core.after_card import AfterCard, load_after_card
from admissions.core.assess import TopicRule, load_topic_rules
from admissions.core.cards import Cards, load_cards
from admissions.core.centre import Centre, load_centre
from admissions.core.follow_ups import FollowUps, load_follow_ups
from admissions.core.hours_words import HoursContent, load_hours_content
from admissions.core.never import NeverList
from admissions.core.notices import Wording, load_wordings
from admissions.core.steps import Script, load_script
from admissions.errors import ContentError
from admissions.nlu_files import NluFiles, load_nlu_files
from admissions.settings import ROOT
from admissions.yaml_files import read_yaml as read_yaml

if TYPE_CHECKING:
    from admissions.core.safety import SafetyGate
    from admissions.understanding.danger_examples import Example
    from admissions.understanding.entities import EntityNames

#: Everything that decides what the assistant understands and says; a change means another model and another version.
TRAINED_FROM = (
    "config.yml",
    "domain.yml",
    "data",
    "content/facts.yml",
    "safety/examples",
    "safety/patterns.yml",
    "admissions/understanding",
    "admissions/dialogue",
)
SPOKEN_FROM = ("domain.yml", "data", "content", "safety", "centre.yml")

#: Hexadecimal digits of a version: short enough to read out, long enough not to meet by chance.
VERSION_DIGITS = 12


@lru_cache(maxsize=1)
def centre(root: Path = ROOT) -> Centre:
    """Return the centre, read once."""
    return load_centre(read_yaml(root / "centre.yml"))


@lru_cache(maxsize=1)
def script(root: Path = ROOT) -> Script:
    """Return the screening's script, read once."""
    return load_script(read_yaml(root / "content" / "screening.yml"))


@lru_cache(maxsize=1)
def topic_rules(root: Path = ROOT) -> tuple[TopicRule, ...]:
    """Return the rules from answers to topics, read once."""
    return load_topic_rules(read_yaml(root / "content" / "topics.yml"))


@lru_cache(maxsize=1)
def hours_content(root: Path = ROOT) -> HoursContent:
    """Return what is said about opening hours, read once. Raises ContentError."""
    try:
        return load_hours_content(read_yaml(root / "content" / "hours.yml"))
    except (AttributeError, KeyError, TypeError, ValueError) as problem:
        raise ContentError(f"content/hours.yml cannot be used: {problem}") from None


@lru_cache(maxsize=1)
def notice_wordings(root: Path = ROOT) -> dict[str, Wording]:
    """Return the words of the notices to admissions, read once. Raises ContentError."""
    try:
        return load_wordings(read_yaml(root / "content" / "notices.yml"))
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as problem:
        raise ContentError(f"content/notices.yml cannot be used: {problem}") from None


@lru_cache(maxsize=1)
def content_version(root: Path = ROOT) -> str:
    """Return the version of everything a visitor may be told, read once."""
    return digest(root, SPOKEN_FROM)


def model_version(root: Path = ROOT) -> str:
    """Return the version of everything the model is trained from."""
    return digest(root, TRAINED_FROM)


def digest(root: Path, parts: tuple[str, ...]) -> str:
    """Return a hash over these files and folders, names and bytes, caches left out."""
    hashed = hashlib.sha256()
    for part in parts:
        path = root / part
        files = sorted(file for file in path.rglob("*") if file.is_file()) if path.is_dir() else [path]
        for file in files:
            if file.suffix in (".yml", ".yaml", ".py"):
                hashed.update(str(file.relative_to(root)).encode() + b"\0" + file.read_bytes() + b"\0")
    return hashed.hexdigest()[:VERSION_DIGITS]


def danger_examples(root: Path = ROOT) -> list[Example]:
    """Return what the trained safety signal learns from: safety/examples, a file a lane and one without danger."""
    # Imported here: only training reads them.
    from admissions.core.lanes import Lane
    from admissions.understanding.danger_examples import read_examples

    folder = root / "safety" / "examples"
    lanes = {lane.value: read_yaml(folder / f"{lane.value}.yml") for lane in Lane}
    return read_examples(lanes, read_yaml(folder / "none.yml"))


@lru_cache(maxsize=1)
def nlu_files(root: Path = ROOT) -> NluFiles:
    """Return the questions and answers of data/nlu, read once."""
    return load_nlu_files(root)


@lru_cache(maxsize=1)
def facts(root: Path = ROOT) -> dict[str, Any]:
    """Return the fact sheet by the facts' names, read once."""
    sections = read_yaml(root / "content" / "facts.yml")["sections"]
    return {name: fact for section in sections for name, fact in section["facts"].items()}


@lru_cache(maxsize=1)
def titles(root: Path = ROOT) -> dict[str, str]:
    """Return the plain words for every label the assistant may offer, read once."""
    own = {str(label): str(title) for label, title in read_yaml(root / "content" / "titles.yml")["titles"].items()}
    return {**own, **{label: answer.title for label, answer in nlu_files(root).answers.items() if answer.title}}


@lru_cache(maxsize=1)
def follow_ups(root: Path = ROOT) -> FollowUps:
    """Return what short messages lean on, read once. Raises ContentError."""
    try:
        return load_follow_ups(read_yaml(root / "content" / "follow_ups.yml"), nlu_files(root).labels)
    except (AttributeError, KeyError, TypeError, ValueError) as problem:
        raise ContentError(f"content/follow_ups.yml cannot be used: {problem}") from None


@lru_cache(maxsize=1)
def entity_names(root: Path = ROOT) -> EntityNames:
    """Return the finder of names in messages, built once. Raises ContentError."""
    from admissions.understanding.entities import EntityNames  # brings spaCy, like the gate below

    substances = {
        choice.value: choice.says for choice in script(root).step("substances").choices if choice.value != "other"
    }
    try:
        return EntityNames(read_yaml(root / "content" / "entities.yml"), substances)
    except (AttributeError, KeyError, TypeError, ValueError) as problem:
        raise ContentError(f"content/entities.yml cannot be used: {problem}") from None


@lru_cache(maxsize=1)
def gate(root: Path = ROOT) -> SafetyGate:
    """Return the safety gate, built once. Raises ContentError."""
    # Loaded where it is used: spaCy brings TensorFlow along, which worker and action server must not carry.
    from admissions.core.safety import SafetyGate

    try:
        return SafetyGate(read_yaml(root / "safety" / "patterns.yml"))
    except (KeyError, TypeError, ValueError) as problem:
        raise ContentError(f"safety/patterns.yml cannot be used: {problem}") from None


@lru_cache(maxsize=1)
def cards(root: Path = ROOT) -> Cards:
    """Return the emergency cards, read once."""
    return load_cards(read_yaml(root / "safety" / "cards.yml"))


@lru_cache(maxsize=1)
def after_card(root: Path = ROOT) -> AfterCard:
    """Return what is said to replies to a card, read once."""
    return load_after_card(read_yaml(root / "safety" / "cards.yml"))


@lru_cache(maxsize=1)
def never_list(root: Path = ROOT) -> NeverList:
    """Return what may never be said, read once."""
    return NeverList(read_yaml(root / "safety" / "never.yml")["never"])

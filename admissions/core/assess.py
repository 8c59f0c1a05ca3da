"""From screening answers to topics a person in admissions may raise; never a level, a score or a decision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from admissions.core.handoff import Indication
from admissions.core.intake import Value
from admissions.errors import ContentError


@dataclass(frozen=True)
class TopicRule:
    """One row of content/topics.yml: an answer, the topic it raises, the article's section, and the sentence."""

    topic: str
    step: str
    value: str
    source: str
    says: str


def load_topic_rules(raw: Mapping[str, Any]) -> tuple[TopicRule, ...]:
    """Build the rules from the loaded YAML.

    Raises:
        ContentError: naming the row that cannot be used.
    """
    rules = []
    for number, row in enumerate(raw.get("rules") or (), start=1):
        try:
            ((step, value),) = row["when"].items()
            rules.append(TopicRule(row["topic"], step, value, row["source"], row["says"]))
        except (KeyError, TypeError, ValueError, AttributeError) as problem:
            raise ContentError(f"content/topics.yml: rule {number} cannot be used: {problem!r}") from None
    return tuple(rules)


def assess(rules: Sequence[TopicRule], answers: Mapping[str, Value]) -> tuple[Indication, ...]:
    """Return the topics these answers raise, in the rules' order, each with the answer that raised it.

    The order of answers does not matter, more answers never take a topic away, and a skipped answer counts for nothing.
    """
    return tuple(
        Indication(topic=rule.topic, because=rule.step, source=rule.source) for rule in rules if _holds(rule, answers)
    )


def sentences(rules: Sequence[TopicRule], answers: Mapping[str, Value]) -> tuple[str, ...]:
    """Return the sentence of every rule that holds, as the visitor reads it."""
    return tuple(rule.says for rule in rules if _holds(rule, answers))


def _holds(rule: TopicRule, answers: Mapping[str, Value]) -> bool:
    given = answers.get(rule.step)
    return rule.value in given if isinstance(given, tuple) else given == rule.value

"""The safety lists that go stale or that nothing else reads at check time: reviews, the never-list over all content."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from admissions import content
from admissions.settings import ROOT

#: Every YAML file whose words a visitor may be shown. Domain responses and facets are held by test_domain.py.
SPOKEN = sorted([*(ROOT / "content").glob("*.yml"), ROOT / "safety" / "cards.yml", ROOT / "centre.yml"])

#: Parts of these files that are never shown: what visitors say, and what is only read by staff or by us.
NOT_SHOWN = frozenset(("said", "because", "reason", "reviewed_by", "accepts", "words", "yes", "no", "examples"))


def spoken(node: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield (place, words) of every string a visitor may be shown."""
    if isinstance(node, str):
        yield path, node
    elif isinstance(node, dict):
        for key, value in node.items():
            if key not in NOT_SHOWN:
                yield from spoken(value, f"{path}/{key}")
    elif isinstance(node, list):
        for number, value in enumerate(node):
            yield from spoken(value, f"{path}/{number}")


@pytest.mark.parametrize("file", SPOKEN, ids=lambda file: str(file.relative_to(ROOT)))
def test_no_content_says_what_may_never_be_said(file: Any) -> None:
    never = content.never_list()
    found = [
        (place, finding.words, finding.reason)
        for place, words in spoken(content.read_yaml(file))
        for finding in never.findings(words)
    ]
    assert found == []


def test_the_emergency_wording_is_not_past_its_review() -> None:
    review_by = content.cards().review_by
    assert date.today() <= review_by, f"read safety/cards.yml again, line by line: its review was due on {review_by}"


def test_the_emergency_wording_names_who_reviewed_it() -> None:
    assert content.cards().reviewed_by.strip()

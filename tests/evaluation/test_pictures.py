"""The pictures of a measurement are written, and hold every message."""

from __future__ import annotations

from pathlib import Path

import pytest

from admissions.evaluation.measure import Outcome
from admissions.evaluation.pictures import draw

LENGTH, HOME = "faq/how_long__overview", "faq/what_is_iop__live_at_home"

#: The first bytes of every PNG.
PNG = b"\x89PNG\r\n\x1a\n"

OUTCOMES = [
    Outcome("how long", LENGTH, LENGTH, 0.97, True),
    Outcome("and at night", HOME, LENGTH, 0.55, False),
    Outcome("hi", "greet", "greet", 1.0, True),
    Outcome("the weather", "out_of_scope", "out_of_scope/everyday", 0.8, True),
]


@pytest.mark.parametrize("outcomes", [OUTCOMES, OUTCOMES[:1]], ids=["several", "one"])
def test_both_pictures_are_written_where_they_were_asked_for(tmp_path: Path, outcomes: list[Outcome]) -> None:
    # given a folder that is not there yet
    folder = tmp_path / "results" / "pictures"

    # when
    drawn = draw(outcomes, folder)

    # then
    assert drawn == [folder / "calibration.png", folder / "confusion.png"]
    assert all(path.read_bytes().startswith(PNG) for path in drawn)


def test_drawing_again_replaces_the_pictures(tmp_path: Path) -> None:
    first = [path.read_bytes() for path in draw(OUTCOMES[:1], tmp_path)]
    second = [path.read_bytes() for path in draw(OUTCOMES, tmp_path)]

    assert all(one != other for one, other in zip(first, second, strict=True))
    assert len(list(tmp_path.iterdir())) == 2

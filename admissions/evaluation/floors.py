"""The committed floors: figures that may not get worse without somebody deciding so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from admissions.errors import ContentError
from admissions.yaml_files import read_yaml


@dataclass(frozen=True)
class Floors:
    """By name of a figure the least, or the most, it may be."""

    least: Mapping[str, float]
    most: Mapping[str, float]

    def broken(self, figures: Mapping[str, float]) -> list[str]:
        """Return a line for each figure that is past its floor; one that was not measured is left out."""
        low = [f"{name} is {figures[name]}, at least {floor}" for name, floor in self.least.items()
               if name in figures and figures[name] < floor]  # fmt: skip
        high = [f"{name} is {figures[name]}, at most {floor}" for name, floor in self.most.items()
                if name in figures and figures[name] > floor]  # fmt: skip
        return low + high

    def worded(self, name: str) -> str:
        """Return a figure's floor for a table."""
        if name in self.least:
            return f"≥ {_value(name, self.least[name])}"
        return f"≤ {_value(name, self.most[name])}" if name in self.most else ""


def load_floors(path: Path) -> Floors:
    """Read eval/floors.yml.

    Raises:
        ContentError: it is missing or holds something else than numbers.
    """
    loaded = read_yaml(path)
    try:
        least, most = ({str(name): float(value) for name, value in loaded[key].items()} for key in ("least", "most"))
    except (KeyError, TypeError, ValueError, AttributeError) as problem:
        raise ContentError(
            f"{path.name}: expected `least` and `most`, each a map of figure to number ({problem})"
        ) from None
    return Floors(least, most)


def _value(name: str, floor: float) -> str:
    return f"{floor:g} ms" if name.startswith("ms_") else f"{floor:.1%}"

"""Public holidays of the centre's country and state, by the `holidays` library: their days and their names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import holidays

#: What the library adds to the name of a day that makes up for a holiday on a weekend.
OBSERVED = " (observed)"


@dataclass(frozen=True)
class PublicHolidays:
    """The public holidays of one place, and those of them on which admissions is closed."""

    country: str  #: ISO code, "US"
    subdivision: str | None  #: state or province, "CO"
    closed: frozenset[str]  #: the names, without "(observed)"
    observed: bool = False  #: closed also on the day that makes up for a holiday on a weekend

    def closes(self, day: date) -> bool:
        """Say whether admissions is closed on this day because of a public holiday."""
        name = self.name(day)
        return name is not None and name.removesuffix(OBSERVED) in self.closed

    def name(self, day: date) -> str | None:
        """Return what this day is called, None when it is no public holiday; the observed day only where that counts.

        Two holidays on one day are one name; one that closes admissions goes before another.
        """
        names = [name.strip() for name in _of_year(self.country, self.subdivision, day.year).get(day, "").split(";")]
        kept = [name for name in names if name and (self.observed or not name.endswith(OBSERVED))]
        return next((name for name in kept if name.removesuffix(OBSERVED) in self.closed), kept[0] if kept else None)

    def day_of(self, name: str, year: int) -> date | None:
        """Return the day of this holiday in this year, None when there is none; never the observed one."""
        found = _of_year(self.country, self.subdivision, year)
        return next((day for day, names in sorted(found.items()) if name in names.split("; ")), None)


def names_of(country: str, subdivision: str | None, year: int) -> frozenset[str]:
    """Return the names of the public holidays of one year, without the observed days.

    Raises:
        ValueError: the library does not know this country or this part of it.
    """
    try:
        days = _of_year(country, subdivision, year)
    except NotImplementedError as problem:
        raise ValueError(str(problem)) from None
    return frozenset(name.removesuffix(OBSERVED) for names in days.values() for name in names.split("; "))


@lru_cache(maxsize=64)
def _of_year(country: str, subdivision: str | None, year: int) -> Mapping[date, str]:
    # Told the year and not to expand: nothing is added later, so the answer does not depend on what was asked before.
    found = holidays.country_holidays(country, subdiv=subdivision, years=year, expand=False, language="en_US")
    return {day: name for day, name in found.items() if day.year == year}

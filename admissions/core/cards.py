"""The words a person in danger gets, as data read from safety/cards.yml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from admissions.core.lanes import Lane
from admissions.errors import ContentError

if TYPE_CHECKING:
    from admissions.core.safety import Alarm


@dataclass(frozen=True)
class Cards:
    """Every emergency wording, and the constant for the assistant's own failures."""

    texts: Mapping[str, Mapping[str, str]]  #: by lane, then "en", "en_for_other", "es"
    after: Mapping[str, tuple[str, ...]]  #: by language: wordings that take turns
    buttons: Mapping[str, Mapping[str, str]]  #: by language: "person" and "go_on"
    failure: str
    failure_phone: str
    reviewed_by: str
    review_by: date

    def card(self, alarm: Alarm) -> str:
        """Return the card of an alarm: its lane, its language, and whom it is about."""
        wordings = self.texts[alarm.lane.value]
        if alarm.language == "es":
            return wordings["es"]
        return wordings["en_for_other"] if alarm.person == "other" else wordings["en"]

    def after_card(self, alarm: Alarm, *, turn: int = 0) -> str:
        """Return the line below the card; another `turn` gives another wording."""
        wordings = self.after[alarm.language]
        return wordings[turn % len(wordings)]

    def fallback(self, phone: str | None) -> str:
        """Return what is said when anything behind the assistant fails."""
        return f"{self.failure} {self.failure_phone.format(phone=phone)}" if phone else self.failure


def load_cards(raw: Mapping[str, Any]) -> Cards:
    """Build the cards from the loaded YAML.

    Raises:
        ContentError: a lane or a wording is missing, or the review date cannot be read.
    """
    try:
        texts = {
            lane.value: {key: str(raw["lanes"][lane.value][key]).strip() for key in ("en", "en_for_other", "es")}
            for lane in Lane
        }
        after = {language: tuple(map(str, raw["after_card"][language])) for language in ("en", "es")}
        buttons = {
            language: {name: str(raw["buttons"][language][name]) for name in ("person", "go_on")}
            for language in ("en", "es")
        }
        failure, failure_phone = str(raw["fallback"]["text"]), str(raw["fallback"]["phone"])
        reviewed_by, review_by = str(raw["reviewed_by"]), raw["review_by"]
    except (KeyError, TypeError) as missing:
        raise ContentError(f"safety/cards.yml: {missing} is missing") from None
    if not isinstance(review_by, date):
        raise ContentError(f"safety/cards.yml: review_by must be a date such as 2027-05-01, not {review_by!r}")
    if not all(after.values()):
        raise ContentError("safety/cards.yml: after_card needs at least one line a language")
    return Cards(texts, after, buttons, failure, failure_phone, reviewed_by, review_by)

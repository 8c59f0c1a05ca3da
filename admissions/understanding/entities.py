"""Names in a message: levels of care, programmes, substances, durations, phone numbers and e-mail addresses.

spaCy's EntityRuler over a blank English pipeline: rules only, no model. Contact data is only noted as being there, and
never copied out of the message.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from spacy.lang.en import English
from spacy.tokens import Span

#: Where contact data is found, this stands for it.
GIVEN = "given"

LEVEL, PROGRAMME, SUBSTANCE, DURATION, PHONE, EMAIL = "level", "programme", "substance", "duration", "phone", "email"


@dataclass(frozen=True)
class Entity:
    """One name: what kind it is, which one, and where it stands in the text, in characters."""

    kind: str
    value: str
    start: int
    end: int


class EntityNames:
    """Finds names by the lists it is given."""

    def __init__(self, listed: Mapping[str, Any], substances: Mapping[str, Sequence[str]]) -> None:
        """Take content/entities.yml as loaded, and what people call each substance."""
        self._nlp = English()
        ruler: Any = self._nlp.add_pipe("entity_ruler", config={"phrase_matcher_attr": "LOWER"})
        patterns = [(LEVEL, name, phrases) for name, phrases in listed["levels"].items()]
        patterns += [(PROGRAMME, name, phrases) for name, phrases in listed["programmes"].items()]
        patterns += [(SUBSTANCE, name, phrases) for name, phrases in substances.items()]
        rules: list[dict[str, Any]] = [
            {"label": kind, "pattern": phrase, "id": name} for kind, name, phrases in patterns for phrase in phrases
        ]
        unit = {"LOWER": {"IN": list(listed["units"])}}
        rules += [
            {"label": DURATION, "pattern": [{"LIKE_NUM": True}, {"ORTH": "-", "OP": "?"}, unit]},
            {"label": DURATION, "pattern": [{"LIKE_NUM": True}, {"LOWER": {"IN": ["to", "-", "or"]}},
                                            {"LIKE_NUM": True}, unit]},
            {"label": EMAIL, "pattern": [{"LIKE_EMAIL": True}]},
            # Ten digits, however they are grouped; whether they are a number is the form's business.
            {"label": PHONE, "pattern": [{"TEXT": {"REGEX": r"^(\+?1[-.]?)?\(?\d{3}\)?[-.]?\d{3}[-.]?\d{4}$"}}]},
            {"label": PHONE, "pattern": [{"SHAPE": {"IN": ["ddd", "(ddd"]}},
                                         {"ORTH": {"IN": [")", "-", "."]}, "OP": "*"}, {"SHAPE": "ddd"},
                                         {"ORTH": {"IN": ["-", "."]}, "OP": "?"}, {"SHAPE": "dddd"}]},
        ]  # fmt: skip
        ruler.add_patterns(rules)

    def find(self, text: str) -> list[Entity]:
        """Return the names in a text, in their order."""
        return [Entity(found.label_, _value(found), found.start_char, found.end_char) for found in self._nlp(text).ents]


def _value(found: Span) -> str:
    if found.label_ in (PHONE, EMAIL):
        return GIVEN
    return found.ent_id_ or found.text.lower()

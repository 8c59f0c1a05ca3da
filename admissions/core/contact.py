"""Reading a phone number, an e-mail address and a name out of a visitor's words."""

from __future__ import annotations

import re
from dataclasses import dataclass

import phonenumbers
from email_validator import EmailNotValidError, validate_email

#: Numbers without a country code are read as this country's.
DEFAULT_REGION = "US"

#: Digits from which a run of digits is meant as a phone number, and is worth naming when it is wrong.
PHONE_FROM_DIGITS = 4

#: The longest name that is kept, in characters.
MAX_NAME = 60

_EMAIL = re.compile(r"[^\s<>,;:\"()]+@[^\s<>,;:\"()]+")
#: "sam at example dot org"
_SPELLED = re.compile(r"\b([\w.+-]+) at ([\w-]+) dot (\w+)\b", re.IGNORECASE)
_NUMBER = re.compile(r"\+?\d[\d\s().\-/]*\d")
_NAME_LEAD = re.compile(
    r"^(?:hi|hello|hey|ok|okay|yes|sure|well)?[\s,.]*(?:name\s*[:=]|my name is|my names|my name's|the name is"
    r"|name is|i am|i'm|im|it is|it's|its"
    r"|this is|call me|you can call me|just call me|just|ask for|they call me|i go by|use)\s+",
    re.IGNORECASE,
)
_NOT_A_NAME = re.compile(
    r"\b(what|when|where|who|why|how|is|are|do|does|can|could|should|would|not|dont|don't|idk|no|yes|yeah|nope|maybe"
    r"|help|iop|php|inpatient|anonymous|nobody|none|stupid|stop|skip|back|program|insurance|cost|number|phone|email|tell"
    r"|ok|okay|sure|fine|hi|hello|hey|thanks|thank|please|sorry|later|you|talk|speak|call|person|human|agent|someone"
    r"|somebody|wrong|misspelled|fuck|questions|start|over|send|bye|today|tomorrow|both|scared|afraid|sad|alone|tired"
    r"|worried|lost|sick|ashamed|remove|delete|change|wait|yet|hmm|cancel|actually|meant|i mean|neither|correction)\b"
    r"|\bwill (?:i|it|this|that|they|he|she|we|there|anyone|my)\b",  # "Will" alone is a name
    re.IGNORECASE,
)


_NAME_SAID = re.compile(
    r"\b(?:my name is|my names|my name's"
    r"|(?<!his )(?<!her )(?<!their )(?<!s )name is|call me|i go by|this is)\s+\w[^,.;!?\n]*",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Reach:
    """A checked way to reach somebody: exactly one of the two."""

    phone: str | None = None  #: E.164
    email: str | None = None


@dataclass(frozen=True)
class Misread:
    """Something meant as a phone number or an e-mail that cannot be one; `line` names the words that say so."""

    line: str
    given: str


def read_reach(text: str) -> Reach | Misread | None:
    """Find a phone number or an e-mail address; None when the words hold neither."""
    text = _SPELLED.sub(r"\1@\2.\3", text)
    email = _EMAIL.search(text)
    if email:
        return read_email(email.group().strip("."))
    return read_phone(text)


def without_reach(text: str) -> str:
    """Return the words without the phone numbers and e-mail addresses in them."""
    return _NUMBER.sub(" ", _EMAIL.sub(" ", _SPELLED.sub(" ", text)))


def read_email(given: str) -> Reach | Misread:
    """Check one e-mail address by its syntax (RFC 5322 as email-validator reads it); no look-up is made."""
    try:
        checked = validate_email(given, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return Misread("bad_email", given[:60])
    return Reach(email=checked.normalized)


def read_phone(text: str) -> Reach | Misread | None:
    """Find one phone number that can exist; a run of digits that cannot be one is named."""
    for match in phonenumbers.PhoneNumberMatcher(text, DEFAULT_REGION, leniency=phonenumbers.Leniency.POSSIBLE):
        if _can_exist(match.number):
            return Reach(phone=phonenumbers.format_number(match.number, phonenumbers.PhoneNumberFormat.E164))
    candidate = max(_NUMBER.findall(text), key=len, default=None)
    if candidate is None or sum(character.isdigit() for character in candidate) < PHONE_FROM_DIGITS:
        return None
    return Misread("bad_phone", candidate.strip()[:40])


def _can_exist(number: phonenumbers.PhoneNumber) -> bool:
    """Valid, or of the reserved fictional range 555-01xx (NANP) that demonstrations and tests use."""
    national = str(number.national_number)
    fictional = number.country_code == 1 and len(national) == 10 and national[3:8] == "55501"
    return fictional or phonenumbers.is_valid_number(number)


def show_phone(e164: str) -> str:
    """Write a stored number the way people of its country read it, the US one without its country code."""
    number = phonenumbers.parse(e164, None)
    if number.country_code == 1:
        digits = str(number.national_number)
        return f"{digits[:3]}-{digits[3:6]}-{digits[6:]}"
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def read_name_beside(text: str) -> str | None:
    """Return a name told beside a question: "my name is Sam", or "Sam" alone in front of it."""
    lead = _NAME_SAID.search(text)
    if lead:
        return read_name(lead[0])
    first = re.split(r"[,.;!?\n]", text.strip())[0].strip()
    return read_name(first) if len(first.split()) == 1 and first[:1].isupper() else None


def read_name(text: str) -> str | None:
    """Return a name out of "my name is Sam" or "Sam"; None when the words look like something else."""
    bare = _NAME_LEAD.sub("", re.sub(r"\b(dr|mr|mrs|ms)\.", r"\1", text.strip(), flags=re.IGNORECASE)).strip(" .!,\"'")
    bare = re.split(r"[,.;!?\n(]| and | but ", bare)[0].strip()
    words = bare.split()
    if not 1 <= len(words) <= 4 or len(bare) > MAX_NAME or "?" in text:
        return None
    if any(character.isdigit() or character in "@/<>{}" for character in bare) or _NOT_A_NAME.search(bare):
        return None
    if not any(character.isalpha() for character in bare):
        return None
    return bare if bare != bare.lower() else bare.title()

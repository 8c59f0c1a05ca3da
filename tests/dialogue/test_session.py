"""Session tokens: only ours, only whole, only in time."""

from __future__ import annotations

from datetime import timedelta

import jwt
import pytest

from admissions.dialogue.session import SESSION_LIFETIME, conversation_of, issue, new_conversation_id
from admissions.errors import SessionError, SessionExpired
from admissions.settings import Secret
from tests.fakes import NOW, FixedClock

SECRET = Secret("a secret that only these tests know, 32 bytes")
ANOTHER = Secret("another secret that is as long as the first")
CONVERSATION = "A" * 32


def signed(claims: dict[str, object], secret: Secret = SECRET, algorithm: str = "HS256") -> str:
    return jwt.encode(claims, secret.reveal(), algorithm=algorithm)


def in_an_hour() -> int:
    return int((NOW + timedelta(hours=1)).timestamp())


def test_a_token_comes_back_as_its_conversation() -> None:
    token, expires_at = issue(CONVERSATION, NOW, SECRET)
    assert conversation_of(token, NOW, SECRET) == CONVERSATION
    assert expires_at == NOW + SESSION_LIFETIME


def test_ids_are_fresh_and_of_the_form_the_contract_names() -> None:
    ids = {new_conversation_id() for _ in range(100)}
    assert len(ids) == 100
    for one in ids:
        assert conversation_of(issue(one, NOW, SECRET)[0], NOW, SECRET) == one


def test_a_token_is_good_until_its_last_second_and_no_longer() -> None:
    # given
    clock = FixedClock(NOW.replace(microsecond=0))
    token, _ = issue(CONVERSATION, clock.now(), SECRET)

    # when / then
    clock.advance(SESSION_LIFETIME.total_seconds() - 1)
    assert conversation_of(token, clock.now(), SECRET) == CONVERSATION
    clock.advance(1)
    with pytest.raises(SessionExpired):
        conversation_of(token, clock.now(), SECRET)


def test_a_changed_letter_anywhere_makes_the_token_worthless() -> None:
    token, _ = issue(CONVERSATION, NOW, SECRET)
    # The very last letter is left out: two of its bits are padding, and changing only those changes nothing.
    for place, letter in enumerate(token[:-1]):
        changed = token[:place] + ("A" if letter != "A" else "B") + token[place + 1 :]
        with pytest.raises(SessionError):
            conversation_of(changed, NOW, SECRET)


def test_a_token_signed_with_another_secret_is_not_ours() -> None:
    with pytest.raises(SessionError):
        conversation_of(issue(CONVERSATION, NOW, ANOTHER)[0], NOW, SECRET)


def test_a_token_cannot_choose_no_algorithm() -> None:
    unsigned = jwt.encode({"sub": CONVERSATION, "exp": in_an_hour()}, "", algorithm="none")
    with pytest.raises(SessionError):
        conversation_of(unsigned, NOW, SECRET)


def test_a_token_cannot_choose_another_algorithm() -> None:
    with pytest.raises(SessionError):
        conversation_of(signed({"sub": CONVERSATION, "exp": in_an_hour()}, algorithm="HS512"), NOW, SECRET)


@pytest.mark.parametrize(
    "claims",
    [
        {},
        {"sub": CONVERSATION},  # never expires
        {"exp": in_an_hour()},  # speaks for nobody
        {"sub": "", "exp": in_an_hour()},
        {"sub": "default", "exp": in_an_hour()},  # Rasa's conversation of everybody without a sender
        {"sub": "A" * 21, "exp": in_an_hour()},  # one letter short
        {"sub": "A" * 44, "exp": in_an_hour()},  # one too many
        {"sub": "A" * 31 + "\n", "exp": in_an_hour()},
        {"sub": "../" + "A" * 29, "exp": in_an_hour()},
        {"sub": "é" * 32, "exp": in_an_hour()},
        {"sub": CONVERSATION, "exp": 10**20},  # beyond any calendar
        {"sub": CONVERSATION, "exp": "soon"},
    ],
    ids=str,
)
def test_our_signature_on_wrong_claims_opens_nothing(claims: dict[str, object]) -> None:
    with pytest.raises(SessionError):
        conversation_of(signed(claims), NOW, SECRET)


@pytest.mark.parametrize("subject", [17, None, ["A" * 32], {"A": 1}], ids=str)
def test_a_subject_that_is_no_text_opens_nothing(subject: object) -> None:
    # signed by hand: some versions of PyJWT refuse to write such a token
    token = jwt.api_jws.encode(
        jwt.api_jws.json.dumps({"sub": subject, "exp": in_an_hour()}).encode(), SECRET.reveal(), algorithm="HS256"
    )
    with pytest.raises(SessionError):
        conversation_of(token, NOW, SECRET)


@pytest.mark.parametrize("token", ["", ".", "a.b.c", "é" * 40, "null", "A" * 5000])
def test_what_is_no_token_at_all_is_refused_calmly(token: str) -> None:
    with pytest.raises(SessionError):
        conversation_of(token, NOW, SECRET)

"""Session tokens: who may speak in which conversation. The server makes the id; a client can never choose one."""

from __future__ import annotations

import re
import secrets
from datetime import datetime, timedelta, timezone

import jwt

from admissions.errors import SessionError, SessionExpired
from admissions.settings import Secret

#: A day: long enough to sleep on it, short enough for a phone that somebody else picks up.
SESSION_LIFETIME = timedelta(hours=24)

#: 24 random bytes, 32 characters: nobody guesses another visitor's conversation.
CONVERSATION_ID_BYTES = 24

#: Fixed, so that a token cannot name its own algorithm (RFC 8725 §3.1).
_ALGORITHM = "HS256"

_CONVERSATION_ID = re.compile(r"[A-Za-z0-9_-]{22,43}\Z")


def new_conversation_id() -> str:
    """Return a fresh conversation id, `[A-Za-z0-9_-]{32}`."""
    return secrets.token_urlsafe(CONVERSATION_ID_BYTES)


def issue(conversation_id: str, now: datetime, secret: Secret) -> tuple[str, datetime]:
    """Return a signed token for a conversation, and when it expires (aware UTC)."""
    expires_at = now + SESSION_LIFETIME
    claims = {"sub": conversation_id, "exp": int(expires_at.timestamp())}
    return jwt.encode(claims, secret.reveal(), algorithm=_ALGORITHM), expires_at


def conversation_of(token: str, now: datetime, secret: Secret) -> str:
    """Return the conversation a token speaks for.

    Raises:
        SessionExpired: it was ours and is too old.
        SessionError: it was not made by us, or was changed.
    """
    try:
        # The expiry is checked below against the clock we were given, not the machine's.
        claims = jwt.decode(
            token, secret.reveal(), algorithms=[_ALGORITHM], options={"require": ["sub", "exp"], "verify_exp": False}
        )
        conversation_id, expires_at = claims["sub"], datetime.fromtimestamp(claims["exp"], timezone.utc)
    except (jwt.PyJWTError, TypeError, ValueError, OverflowError, OSError):
        raise SessionError("the session token is not one of ours") from None
    if now >= expires_at:
        raise SessionExpired("the session has expired")
    if not isinstance(conversation_id, str) or not _CONVERSATION_ID.match(conversation_id):
        raise SessionError("the session token is not one of ours")
    return conversation_id

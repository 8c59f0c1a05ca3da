"""Standard Webhooks signatures (standardwebhooks.com, version 1.0.0), with more than one active secret.

A thin wrapper: the `standardwebhooks` library computes the HMAC; here are the checks it leaves to its caller.
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, timezone

from standardwebhooks.webhooks import Webhook

SECRET_PREFIX = "whsec_"

#: The specification asks for 24 to 64 random bytes.
SECRET_MIN_BYTES = 24
SECRET_MAX_BYTES = 64

#: How far a request's timestamp may lie from the receiver's clock, either way (the reference library's own value).
TOLERANCE = timedelta(minutes=5)


def check_secret(secret: str) -> None:
    """Raise ValueError, without showing the secret, unless it is `whsec_` and base64 of 24 to 64 bytes.

    The library skips characters that are not base64 and so would sign with a key nobody else derives.
    """
    if not secret.startswith(SECRET_PREFIX):
        raise ValueError(f"a webhook secret must start with {SECRET_PREFIX!r}")
    encoded = secret[len(SECRET_PREFIX) :].rstrip("=")
    try:
        key = base64.b64decode(encoded + "=" * (-len(encoded) % 4), validate=True)
    except ValueError:  # binascii.Error, and characters outside ASCII
        raise ValueError(f"a webhook secret must be base64 after {SECRET_PREFIX!r}") from None
    if not SECRET_MIN_BYTES <= len(key) <= SECRET_MAX_BYTES:
        raise ValueError(
            f"a webhook secret must hold {SECRET_MIN_BYTES} to {SECRET_MAX_BYTES} bytes, this one has {len(key)}"
        )


def headers(id: str, timestamp: datetime, body: bytes, secrets: Sequence[str]) -> dict[str, str]:
    """Return the three Standard Webhooks headers, signed with every active secret so that rotation loses nothing.

    Args:
        id: the message's id, the same on every attempt
        timestamp: aware, when this attempt is made
        body: UTF-8 JSON exactly as it goes over the wire

    Raises:
        ValueError: for no secret, a secret that cannot be used, a naive timestamp, an id with a dot, or a body that
            is not UTF-8.
    """
    if not secrets:
        raise ValueError("at least one webhook secret is needed to sign")
    if timestamp.tzinfo is None:
        raise ValueError("timestamp must be an aware datetime")
    if not id or "." in id:
        raise ValueError("a webhook id must not be empty nor hold a dot, which separates the signed parts")
    for secret in secrets:
        check_secret(secret)
    # The library relabels any time zone as UTC instead of converting, so it only ever gets UTC.
    sent_at = timestamp.astimezone(timezone.utc)
    text = body.decode("utf-8")
    return {
        "webhook-id": id,
        "webhook-timestamp": str(int(sent_at.timestamp())),
        "webhook-signature": " ".join(Webhook(secret).sign(id, sent_at, text) for secret in secrets),
    }


def verify(
    headers: Mapping[str, str], body: bytes, secrets: Sequence[str], now: datetime, tolerance: timedelta = TOLERANCE
) -> bool:
    """Say whether one of `secrets` signed this request within `tolerance` of `now` (aware).

    Answers False to everything malformed, where the library's own `verify` raises ValueError for some; and it takes the
    time as an argument, where the library reads the machine's clock.
    """
    given = {name.lower(): value for name, value in headers.items()}
    id, stamp, signatures = (given.get(f"webhook-{part}", "") for part in ("id", "timestamp", "signature"))
    if not (id and signatures and stamp.isascii() and stamp.isdigit()):
        return False
    try:
        seconds = int(stamp)
        sent_at = datetime.fromtimestamp(seconds, tz=timezone.utc)
        text = body.decode("utf-8")
    except (ValueError, OverflowError, OSError):
        return False
    if str(seconds) != stamp or abs(now - sent_at) > tolerance:
        return False
    offered = [signature.encode("utf-8", "replace") for signature in signatures.split(" ")]
    return any(
        hmac.compare_digest(Webhook(secret).sign(id, sent_at, text).encode(), signature)
        for secret in secrets
        for signature in offered
    )

"""The environment, read once: the only module that looks at os.environ or .env.

Every setting is optional and listed in .env.example; tests/contract/test_settings.py keeps the two in step.
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from dotenv import dotenv_values

from admissions.errors import SettingsError

#: The project's root: every relative path of ours starts here.
ROOT = Path(__file__).resolve().parent.parent

#: 32 random bytes: as strong as the HMAC-SHA256 they key (RFC 2104 §3).
SESSION_SECRET_BYTES = 32


class Secret:
    """A string that does not show itself in logs or tracebacks; `reveal()` gives it."""

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Return the secret itself."""
        return self._value

    def __repr__(self) -> str:
        return "Secret('***')"

    def __bool__(self) -> bool:
        return bool(self._value)


@dataclass(frozen=True)
class Webhook:
    """One receiver of handoffs."""

    name: str
    url: str = field(repr=False)  #: for some receivers the address is the secret
    secrets: tuple[Secret, ...]
    events: frozenset[str] = frozenset()  #: event types it gets; empty: all


@dataclass(frozen=True)
class Settings:
    """What the operator set; see .env.example for each one's meaning."""

    webhook_url: str | None = None
    webhook_secrets: tuple[Secret, ...] = ()
    webhook_allow_private: bool = False
    webhooks_more: tuple[Webhook, ...] = ()
    notify_urls: tuple[Secret, ...] = ()  #: Apprise's addresses; they hold passwords and tokens
    database_url: str = ""
    redis_url: str | None = None
    session_secret: Secret = field(default_factory=lambda: Secret(""))
    data_keys: tuple[Secret, ...] = ()  #: seal what handoffs hold, newest first; none: those of var/data.key
    allowed_origins: tuple[str, ...] = ()
    fixed_clock: datetime | None = None
    host: str = "127.0.0.1"
    port: int = 5005
    action_port: int = 5055
    receiver_port: int = 5056
    var: Path = ROOT / "var"

    @property
    def webhooks(self) -> tuple[Webhook, ...]:
        """Every receiver, that of ADMISSIONS_WEBHOOK_URL first, called `default`; none when handoffs are held."""
        if self.webhook_url is None:
            return ()
        return (Webhook("default", self.webhook_url, self.webhook_secrets), *self.webhooks_more)


def load_settings(environment: Mapping[str, str] | None = None, root: Path = ROOT) -> Settings:
    """Read the settings from the environment, then from `.env` for what the environment leaves out.

    Raises:
        SettingsError: naming the variable and what would work.
    """
    given = {**_dotenv(root / ".env"), **(os.environ if environment is None else environment)}
    var = Path(given.get("ADMISSIONS_VAR") or root / "var")
    secrets_given = _list(given.get("ADMISSIONS_WEBHOOK_SECRETS"))
    for number, secret in enumerate(secrets_given, start=1):
        if not secret.startswith("whsec_"):
            raise SettingsError(
                f"ADMISSIONS_WEBHOOK_SECRETS: secret {number} must start with 'whsec_' (make one: admissions secret)"
            )
    url = given.get("ADMISSIONS_WEBHOOK_URL") or None
    if url and not url.startswith(("https://", "http://")):
        raise SettingsError("ADMISSIONS_WEBHOOK_URL must be an address that starts with https://")
    if url and not secrets_given:
        raise SettingsError("ADMISSIONS_WEBHOOK_URL is set, but ADMISSIONS_WEBHOOK_SECRETS is not: set both")
    return Settings(
        webhook_url=url,
        webhook_secrets=tuple(Secret(secret) for secret in secrets_given),
        webhook_allow_private=_flag(given, "ADMISSIONS_WEBHOOK_ALLOW_PRIVATE"),
        webhooks_more=_webhooks_more(given.get("ADMISSIONS_WEBHOOKS_MORE"), url),
        notify_urls=tuple(Secret(address) for address in (given.get("ADMISSIONS_NOTIFY_URLS") or "").split()),
        database_url=given.get("ADMISSIONS_DATABASE_URL") or f"sqlite:///{var / 'admissions.db'}",
        redis_url=given.get("ADMISSIONS_REDIS_URL") or None,
        session_secret=_session_secret(given.get("ADMISSIONS_SESSION_SECRET") or _made_once(var / "session.secret")),
        data_keys=_data_keys(given.get("ADMISSIONS_DATA_KEYS")),
        allowed_origins=tuple(origin.rstrip("/") for origin in _list(given.get("ADMISSIONS_ALLOWED_ORIGINS"))),
        fixed_clock=_moment(given.get("ADMISSIONS_CLOCK")),
        host=given.get("ADMISSIONS_HOST") or "127.0.0.1",
        port=_port(given, "ADMISSIONS_PORT", 5005),
        action_port=_port(given, "ADMISSIONS_ACTION_PORT", 5055),
        receiver_port=_port(given, "ADMISSIONS_RECEIVER_PORT", 5056),
        var=var,
    )


def _webhooks_more(value: str | None, first: str | None) -> tuple[Webhook, ...]:
    """Read `name address secrets [events]; …`; secrets and events are comma separated."""
    name = "ADMISSIONS_WEBHOOKS_MORE"
    found: list[Webhook] = []
    for number, entry in enumerate(filter(None, map(str.strip, (value or "").split(";"))), start=1):
        parts = entry.split()
        if len(parts) not in (3, 4):
            raise SettingsError(f"{name}: receiver {number} must be `name address secrets [events]`")
        if not re.fullmatch(r"[a-z][a-z0-9_-]{0,31}", parts[0]) or parts[0] in (
            "default",
            *(one.name for one in found),
        ):
            raise SettingsError(f"{name}: receiver {number} needs a name of its own in small letters, not `default`")
        if not parts[1].startswith(("https://", "http://")):
            raise SettingsError(f"{name}: the address of {parts[0]} must start with https://")
        secrets_given = _list(parts[2])
        if not secrets_given or not all(secret.startswith("whsec_") for secret in secrets_given):
            raise SettingsError(
                f"{name}: the secrets of {parts[0]} must start with 'whsec_' (make one: admissions secret)"
            )
        events = frozenset(_list(parts[3]) if parts[3:] else ())
        found.append(Webhook(parts[0], parts[1], tuple(Secret(secret) for secret in secrets_given), events))
    if found and first is None:
        raise SettingsError(f"{name} is set, but ADMISSIONS_WEBHOOK_URL is not: the first receiver goes there")
    return tuple(found)


def _dotenv(path: Path) -> dict[str, str]:
    return {name: value for name, value in dotenv_values(path).items() if value is not None}


def _list(value: str | None) -> list[str]:
    return [part.strip() for part in (value or "").split(",") if part.strip()]


def _flag(given: Mapping[str, str], name: str) -> bool:
    value = given.get(name, "").strip().lower()
    if value in ("", "0", "false", "no"):
        return False
    if value in ("1", "true", "yes"):
        return True
    raise SettingsError(f"{name} must be true or false, not {value!r}")


def _port(given: Mapping[str, str], name: str, default: int) -> int:
    value = given.get(name) or str(default)
    if not value.isdecimal() or not 0 < int(value) < 65536:
        raise SettingsError(f"{name} must be a port number between 1 and 65535, not {value!r}")
    return int(value)


def _moment(value: str | None) -> datetime | None:
    if not value:
        return None
    try:
        moment = datetime.fromisoformat(value.replace("Z", "+00:00"))
    except ValueError:
        raise SettingsError(
            f"ADMISSIONS_CLOCK must be an ISO time such as 2026-11-23T22:14:03Z, not {value!r}"
        ) from None
    if moment.tzinfo is None:
        raise SettingsError("ADMISSIONS_CLOCK needs a time zone, for example a Z at its end")
    return moment


def _data_keys(value: str | None) -> tuple[Secret, ...]:
    keys = _list(value)
    for number, key in enumerate(keys, start=1):
        if not re.fullmatch(r"[A-Za-z0-9_-]{43}=", key):
            raise SettingsError(
                f"ADMISSIONS_DATA_KEYS: key {number} must be 32 bytes in base64 (make one: admissions secret data-key)"
            )
    return tuple(Secret(key) for key in keys)


def _session_secret(secret: str) -> Secret:
    if len(secret) < SESSION_SECRET_BYTES:
        raise SettingsError(
            f"ADMISSIONS_SESSION_SECRET (or var/session.secret) must have {SESSION_SECRET_BYTES} characters or more"
        )
    return Secret(secret)


def _made_once(path: Path) -> str:
    """Return the secret kept in `path`, made on first use with mode 600 so that only the operator can read it.

    The file comes into being whole: whoever is killed while making it, or reads it meanwhile, meets all of it or none.
    """
    try:
        return path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")  # mode 600 by itself
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(SESSION_SECRET_BYTES))
        with contextlib.suppress(FileExistsError):  # another process of ours was faster
            os.link(draft, path)
    finally:
        os.unlink(draft)
    return path.read_text(encoding="ascii").strip()

"""What a handoff holds is kept encrypted (Fernet: AES-128-CBC, HMAC-SHA256) under keys that are not in the database."""

from __future__ import annotations

import os
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from admissions.errors import StoreError
from admissions.settings import Secret

#: Where the keys are kept, in the folder of ADMISSIONS_VAR, when the settings name none: one a line, newest first.
DATA_KEY_FILE = "data.key"

#: What every Fernet token begins with (its version, 0x80, and a time before the year 2106); JSON never does.
TOKEN_START = b"gAAAAA"

#: The one key of a JSON value whose words are sealed.
SEALED = "sealed"

#: Keys kept in the file after a change: the new one, and the one a process may be writing with at that moment.
KEYS_KEPT = 2


class CannotOpen(StoreError):
    """It was sealed with a key that is not here, or was changed."""


class Seals(Protocol):
    """Turns what is kept into what only the holder of the keys can read."""

    def seal(self, plain: bytes) -> bytes:
        """Return it encrypted under the newest key. Raises StoreError."""

    def open(self, kept: bytes) -> bytes:
        """Return what was sealed; what never was is returned as it is. Raises CannotOpen."""


class Unsealed:
    """Keeps everything as it is, for tests of other things."""

    def seal(self, plain: bytes) -> bytes:
        """Return it as it is."""
        return plain

    def open(self, kept: bytes) -> bytes:
        """Return it as it is."""
        return kept


class Sealer:
    """`Seals` under keys from the settings or, without any, from a file that is looked at again when it changes."""

    def __init__(self, keys: Sequence[Secret], file: Path) -> None:
        """Take the keys, newest first; without any, those of `file`, which is made with mode 600. Raises StoreError."""
        self._file = None if keys else file
        self._seen: tuple[int, int] | None = None
        if keys:
            self._fernets = _fernets([key.reveal() for key in keys])
        else:
            _make_file(file)
            self._look()

    @property
    def file(self) -> Path | None:
        """Where the keys are kept, None when they come from the settings."""
        return self._file

    def seal(self, plain: bytes) -> bytes:
        """Return it encrypted under the newest key."""
        self._look()
        return self._fernets[0].encrypt(plain)

    def open(self, kept: bytes) -> bytes:
        """Return what was sealed under any of the keys; what never was is returned as it is. Raises CannotOpen."""
        if not kept.startswith(TOKEN_START):
            return kept
        self._look()
        try:
            return MultiFernet(self._fernets).decrypt(kept)
        except InvalidToken:
            raise CannotOpen(
                "a handoff was sealed with a key that is not here: put it back into var/data.key or"
                " ADMISSIONS_DATA_KEYS, then `admissions outbox retry`"
            ) from None

    def is_current(self, kept: bytes) -> bool:
        """Say whether it is sealed under the newest key."""
        if not kept.startswith(TOKEN_START):
            return False
        self._look()
        try:
            self._fernets[0].decrypt(kept)
        except InvalidToken:
            return False
        return True

    def add_key(self) -> None:
        """Put a new key in front of the file's; running processes use it from then on. Raises StoreError."""
        if self._file is None:
            raise StoreError("the keys come from ADMISSIONS_DATA_KEYS: put a new one in front there")
        self._write([new_key(), *_read(self._file)])

    def drop_old_keys(self) -> None:
        """Leave the newest keys only; call it when nothing is sealed under an older one."""
        if self._file is not None:
            self._write(_read(self._file)[:KEYS_KEPT])

    def _write(self, keys: Sequence[str]) -> None:
        assert self._file is not None
        _replace(self._file, keys)
        self._look()

    def _look(self) -> None:
        """Read the file when it is new or another one; while it is away, the known keys go on working."""
        if self._file is None:
            return
        try:
            found = self._file.stat()
        except OSError:
            return
        if self._seen != (found.st_ino, found.st_mtime_ns):
            self._fernets = _fernets(_read(self._file))
            self._seen = (found.st_ino, found.st_mtime_ns)


def new_key() -> str:
    """Return a fresh key: 32 random bytes in URL-safe base64."""
    return Fernet.generate_key().decode("ascii")


def sealed_text(seals: Seals, text: str) -> object:
    """Return text as a JSON value whose words are sealed: a receiver's answer may repeat what it was sent."""
    kept = seals.seal(text.encode("utf-8", "backslashreplace")) if text else b""
    return {SEALED: kept.decode("ascii")} if kept.startswith(TOKEN_START) else text


def opened_text(seals: Seals, kept: object) -> str:
    """Return the text of a value `sealed_text` made; where its key is not here, words that say so."""
    if not isinstance(kept, dict):
        return str(kept)
    try:
        return seals.open(str(kept[SEALED]).encode("ascii")).decode()
    except CannotOpen:
        return "(sealed with a key that is not here)"


def _fernets(keys: Sequence[str]) -> list[Fernet]:
    try:
        made = [Fernet(key) for key in keys]
    except ValueError:
        made = []
    if not made:
        raise StoreError(
            "var/data.key or ADMISSIONS_DATA_KEYS holds no usable key (make one: admissions secret data-key)"
        )
    return made


def _read(file: Path) -> list[str]:
    try:
        return file.read_text(encoding="ascii").split()
    except (OSError, ValueError):
        raise StoreError(f"{file} cannot be read: handoffs are kept under the key in it") from None


def _make_file(file: Path) -> None:
    """Make the file with one key when there is none; of several processes that start at once, one wins."""
    if file.exists():
        return
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        whole = _written_beside(file, [new_key()])
        try:
            os.link(whole, file)
        except FileExistsError:
            pass  # another process of ours was faster
        finally:
            whole.unlink()
    except OSError as exc:
        raise StoreError(f"{file} cannot be made: {exc.strerror}") from None


def _replace(file: Path, keys: Sequence[str]) -> None:
    try:
        _written_beside(file, keys).replace(file)
    except OSError as exc:
        raise StoreError(f"{file} cannot be written: {exc.strerror}") from None


def _written_beside(file: Path, keys: Sequence[str]) -> Path:
    """Write a whole file that only the operator can read, on the disk before it gets its name."""
    beside = file.with_name(f"{file.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as out:
        out.write("".join(f"{key}\n" for key in keys))
        out.flush()
        os.fsync(out.fileno())
    return beside

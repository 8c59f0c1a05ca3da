"""The channels a notice goes over, by Apprise: e-mail, Slack, Teams, SMS and some hundred others."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

import apprise

from admissions.errors import SettingsError
from admissions.settings import Secret

# Apprise logs addresses, which hold passwords and tokens. Whether a notice went out is logged by us.
logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)


class Channels:
    """Every address of ADMISSIONS_NOTIFY_URLS; a notice goes to all of them."""

    def __init__(self, addresses: Sequence[Secret]) -> None:
        """Read the addresses, so that a wrong one stops the start and not a notice.

        Raises:
            SettingsError: with an address's number, never its text.
        """
        self._channels: list[Any] = []
        for number, address in enumerate(addresses, start=1):
            channel = apprise.Apprise.instantiate(address.reveal(), suppress_exceptions=True)
            if channel is None:
                raise SettingsError(
                    f"ADMISSIONS_NOTIFY_URLS: address {number} is not one that Apprise knows "
                    "(https://github.com/caronc/apprise/wiki)"
                )
            self._channels.append(channel)

    def __len__(self) -> int:
        return len(self._channels)

    def send(self, title: str, body: str) -> bool:
        """Send one notice over every channel and say whether at least one took it; blocks for as long as they do.

        One that took it is enough: sending again to all would tell the others twice.
        """
        return any([self._send(channel, title, body) for channel in self._channels])

    @staticmethod
    def _send(channel: Any, title: str, body: str) -> bool:
        one = apprise.Apprise()
        one.add(channel)
        try:
            return bool(one.notify(title=title, body=body, body_format=apprise.NotifyFormat.TEXT))
        except Exception:  # a plugin's own fault must not keep the others from being told
            return False

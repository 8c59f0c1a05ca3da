"""Who is at the keyboard, for the record of what people read."""

from __future__ import annotations

import os
import pwd


def person() -> str:
    """Return the account this process runs under, and the one `sudo` was called from."""
    try:
        account = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:  # a container's user without a name
        account = f"uid {os.getuid()}"
    behind = os.environ.get("SUDO_USER")
    return f"{account} (sudo by {behind})" if behind else account

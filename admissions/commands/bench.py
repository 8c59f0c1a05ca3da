"""`make bench`: what a message costs over the widget's own HTTP, against the assistant that is running."""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable

from admissions.commands.quiet import hush
from admissions.errors import StartError
from admissions.settings import load_settings

#: Messages of each kind: enough for a steady median on a noisy machine, few enough for a coffee.
ROUNDS = 60
#: Not counted: the first messages warm caches.
WARM_UP = 5

FAQ_MESSAGES = (
    "how many hours a week is iop",
    "do i sleep there",
    "whats the difference to php",
    "who runs the groups",
)
EMERGENCY = "i want to kill myself"


class Client:
    """One visitor, measured."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._token = self._call("POST", "/chat/session", {})["token"]

    def say(self, text: str) -> float:
        """Send one message and return how long its answer took, in milliseconds."""
        started = time.perf_counter()
        self._call("POST", "/chat/messages", {"id": str(uuid.uuid4()), "text": text})
        return (time.perf_counter() - started) * 1000

    def _call(self, method: str, path: str, body: dict[str, str]) -> dict[str, str]:
        headers = {"content-type": "application/json", "authorization": f"Bearer {getattr(self, '_token', '')}"}
        request = urllib.request.Request(self._url + path, json.dumps(body).encode(), headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                return dict(json.load(response))
        except urllib.error.URLError as error:
            raise StartError(
                f"the assistant does not answer at {self._url} ({error}): start it with make run"
            ) from None


def run(given: argparse.Namespace | None = None) -> int:
    """Print the median and the 95th percentile of each kind of turn, in milliseconds."""
    hush()
    from admissions.commands import bench_understanding  # spaCy and numpy: after the process is set up for one thread

    bench_understanding.run()
    url = f"http://127.0.0.1:{load_settings().port}"
    print(f"{'turn':24}{'p50 ms':>10}{'p95 ms':>10}{'messages':>10}")
    for name, measure in (("question", _questions), ("screening", _screening), ("emergency card", _emergencies)):
        times = measure(url)[WARM_UP:]
        p95 = statistics.quantiles(times, n=20)[-1]
        print(f"{name:24}{statistics.median(times):>10.1f}{p95:>10.1f}{len(times):>10}")
    return 0


def _questions(url: str) -> list[float]:
    client = Client(url)
    return [client.say(FAQ_MESSAGES[number % len(FAQ_MESSAGES)]) for number in range(ROUNDS)]


def _screening(url: str) -> list[float]:
    """Answer, skip and stop over and over: form, validation and action of a turn."""
    times: list[float] = []
    while len(times) < ROUNDS:
        client = Client(url)
        client.say("take a few questions")
        times += [client.say(words) for words in ("no", "me", "34", "iop", "no", "yes", "skip", "skip")]
    return times


def _emergencies(url: str) -> list[float]:
    return _each(lambda: Client(url).say(EMERGENCY))


def _each(measure: Callable[[], float]) -> list[float]:
    return [measure() for _ in range(ROUNDS)]


if __name__ == "__main__":
    try:
        sys.exit(run())
    except StartError as error:
        print(f"bench: {error}", file=sys.stderr)
        sys.exit(2)

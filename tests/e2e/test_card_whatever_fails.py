"""The card leaves at once with the action server stopped, the disk full or no model: real processes, really broken."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.e2e.assistant import ROOT, START_TIMEOUT_S, Assistant, Desk, Visitor, free_port
from tests.e2e.test_faults import CARD_WITHIN_S, fastest_card

pytestmark = pytest.mark.model

#: An alarm that only the trained signal raises: no pattern names these words.
ONLY_THE_SIGNAL = "the cord is tied in the attic, sorry to whoever finds me up there"


@pytest.fixture(scope="module")
def breakable(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    running = Assistant(Path(tmp_path_factory.mktemp("breakable")), Desk().start()).start()
    yield running
    running.stop()


def test_the_trained_signal_is_asked_by_the_running_server(breakable: Assistant) -> None:
    from admissions import content

    assert content.gate().detect(ONLY_THE_SIGNAL) is None, "a pattern knows it now: choose other words"
    visitor = breakable.visitor()
    visitor.say(ONLY_THE_SIGNAL)
    assert visitor.kinds()[0] == "emergency"


def test_a_full_disk_holds_up_no_card(breakable: Assistant) -> None:
    # given a server that can write to no file any more, as on a full disk
    visitor = breakable.visitor()
    server = breakable.pid_listening_on(breakable.port)
    _, hard = resource.prlimit(server, resource.RLIMIT_FSIZE)
    resource.prlimit(server, resource.RLIMIT_FSIZE, (0, hard))
    try:
        # when / then
        times = []
        for _ in range(5):
            started = time.monotonic()
            visitor.say("i want to kill myself")
            times.append(time.monotonic() - started)
            assert visitor.kinds()[0] == "emergency"
        assert min(times) < CARD_WITHIN_S
        answer = visitor.say("call me back please")
        assert "988" in answer, "nothing is said to be saved"
    finally:
        resource.prlimit(server, resource.RLIMIT_FSIZE, (hard, hard))
    assert "IOP" in breakable.visitor().say("what is iop")


def test_a_stopped_action_server_holds_up_no_card(breakable: Assistant) -> None:
    # given: honcho ends every process when one of them ends, so the port is closed to the server by a stop signal
    gone = breakable.pid_listening_on(breakable.action_port)
    os.kill(gone, signal.SIGSTOP)
    try:
        assert fastest_card(breakable) < CARD_WITHIN_S
    finally:
        os.kill(gone, signal.SIGCONT)


def test_a_button_and_a_later_message_are_looked_at_too(breakable: Assistant) -> None:
    # given an open screening
    visitor = breakable.visitor()
    visitor.say("i want to answer a few questions")
    # when / then: the answer to a question of a form is read by the gate first
    visitor.say("no, but i have the pills counted out and i am going to take all of them to die")
    assert visitor.kinds()[0] == "emergency"


def test_without_a_model_the_card_leaves_at_once(tmp_path: Path) -> None:
    # given Rasa started with no model and no action server
    port, var = free_port(), tmp_path / "var"
    (tmp_path / "no-models").mkdir()
    var.mkdir()
    endpoints = tmp_path / "endpoints.yml"
    endpoints.write_text(f"action_endpoint: {{url: 'http://127.0.0.1:{free_port()}/webhook'}}\n")
    with (tmp_path / "rasa.log").open("wb") as output:
        server = subprocess.Popen(
            [
                *(sys.executable, "-m", "rasa", "run", "--enable-api", "--model", str(tmp_path / "no-models")),
                *("--endpoints", str(endpoints), "--credentials", "credentials.yml"),
                *("--interface", "127.0.0.1", "--port", str(port)),
            ],
            cwd=ROOT,
            env={**os.environ, "ADMISSIONS_VAR": str(var), "RASA_TELEMETRY_ENABLED": "false"},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        visitor = _when_it_listens(port, tmp_path / "rasa.log")
        times = []
        for _ in range(5):
            started = time.monotonic()
            visitor.say("my son took too many pills and wont wake up")
            times.append(time.monotonic() - started)
            assert visitor.kinds()[0] == "emergency"
        assert min(times) < CARD_WITHIN_S
        assert "988" in visitor.say("what is iop"), "an ordinary message gets the safe answer"
    finally:
        server.terminate()
        server.wait(timeout=30)


def _when_it_listens(port: int, log: Path) -> Visitor:
    until = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < until:
        try:
            requests.get(f"http://127.0.0.1:{port}/health/live", timeout=2)
            return Visitor(f"http://127.0.0.1:{port}")
        except requests.RequestException:
            time.sleep(0.3)
    raise AssertionError(f"Rasa did not start:\n{log.read_text(errors='replace')[-3000:]}")

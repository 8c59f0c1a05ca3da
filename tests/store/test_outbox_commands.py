"""What an operator sees of the outbox."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from admissions import cli
from admissions.commands.outbox_tables import (
    outbox_enable,
    outbox_endpoints,
    outbox_list,
    outbox_retry,
    outbox_retry_many,
    outbox_show,
)
from admissions.core.delivery import Attempt, DeliveryState, Outcome
from admissions.errors import SettingsError, UnknownHandoff
from admissions.store import SqlOutbox, make_engine
from tests.fakes import NOW, FixedClock, MemoryOutbox, make_attempt, make_handoff

BODY = '{"data":{"contact":{"name":"Zoë\\u001b[31m","phone":"+17195550134"}}}'.encode()


@pytest.fixture
def outbox() -> MemoryOutbox:
    made = MemoryOutbox(FixedClock())
    made.add(make_handoff(1), BODY, deliver=True)
    return made


def test_the_list_shows_states_and_no_contact_data(outbox: MemoryOutbox) -> None:
    out = io.StringIO()

    outbox_list(outbox, out)

    heading, line = out.getvalue().splitlines()
    assert heading.split()[:2] == ["reference", "state"]
    assert line.split() == [
        "REF001", "saved", "routine", "callback", "0", "2026-11-24T05:14:03Z", "2026-11-24T05:14:03Z", "default",
        "hnd_0001",
    ]  # fmt: skip
    assert "Zo" not in out.getvalue()
    assert "555" not in out.getvalue()


def test_an_empty_outbox_says_so() -> None:
    out = io.StringIO()

    outbox_list(MemoryOutbox(), out)

    assert out.getvalue() == "No handoffs.\n"


def test_show_prints_body_and_attempts_without_control_characters(outbox: MemoryOutbox) -> None:
    outbox.record("hnd_0001", Attempt(NOW, Outcome.RETRY, 12, 500, "bad\x1b[2J"), next_attempt_at=NOW)
    out = io.StringIO()

    outbox_show(outbox, "ref001", out)

    assert '"phone": "+17195550134"' in out.getvalue()
    assert "500" in out.getvalue()
    assert "\x1b" not in out.getvalue()


def test_show_says_when_nothing_was_tried(outbox: MemoryOutbox) -> None:
    out = io.StringIO()

    outbox_show(outbox, "hnd_0001", out)

    assert out.getvalue().endswith("No attempt has ended yet.\n")


def test_show_prints_a_body_that_is_not_json_as_it_is() -> None:
    outbox = MemoryOutbox()
    outbox.add(make_handoff(1), b"not json", deliver=True)
    out = io.StringIO()

    outbox_show(outbox, "hnd_0001", out)

    assert "not json" in out.getvalue()


def test_an_unknown_handoff_is_left_to_the_caller(outbox: MemoryOutbox) -> None:
    with pytest.raises(UnknownHandoff):
        outbox_show(outbox, "REF999", io.StringIO())


def test_retry_says_what_it_did(outbox: MemoryOutbox) -> None:
    outbox.record("hnd_0001", make_attempt(), next_attempt_at=None)
    out = io.StringIO()

    outbox_retry(outbox, "REF001", NOW, out)

    assert out.getvalue().startswith("REF001 is due now")


def test_retry_of_a_delivered_handoff_says_that_nothing_changed(outbox: MemoryOutbox) -> None:
    outbox.record("hnd_0001", make_attempt(Outcome.DELIVERED), next_attempt_at=None)
    out = io.StringIO()

    outbox_retry(outbox, "REF001", NOW, out)

    assert "nothing was changed" in out.getvalue()


def test_an_endpoint_that_said_410_is_shown_and_enabled_again(outbox: MemoryOutbox) -> None:
    # given
    outbox.record("hnd_0001", make_attempt(Outcome.GONE, status=410), next_attempt_at=None)
    shown, tried, enabled = io.StringIO(), io.StringIO(), io.StringIO()

    # when
    outbox_endpoints(outbox, shown)
    outbox_retry(outbox, "REF001", NOW, tried)
    outbox_enable(outbox, "default", NOW, enabled)

    # then
    assert shown.getvalue().splitlines()[1].split() == ["410", "at", "2026-11-24T05:14:03Z", "1", "0", "default"]
    assert "said 410" in tried.getvalue()
    assert enabled.getvalue() == "default is in use; 1 due now.\n"
    assert outbox.list()[0].state is DeliveryState.DELAYED


def test_enabling_what_is_no_endpoint_names_those_there_are(outbox: MemoryOutbox) -> None:
    with pytest.raises(SettingsError, match="only: default"):
        outbox_enable(outbox, "bord", NOW, io.StringIO())


def test_retry_by_state_says_how_many(outbox: MemoryOutbox) -> None:
    outbox.record("hnd_0001", make_attempt(), next_attempt_at=None)
    out = io.StringIO()

    outbox_retry_many(outbox, NOW, out, state=DeliveryState.FAILED)

    assert out.getvalue().startswith("1 due now")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        pytest.param(["retry"], "which one?", id="nothing said"),
        pytest.param(["retry", "--state", "lost"], "--state must be one of held", id="no such state"),
        pytest.param(["retry", "--since", "2026-11-23T22:14:03"], "--since needs a time zone", id="no zone"),
        pytest.param(["retry", "--until", "yesterday"], "--until must be an ISO time", id="words"),
        pytest.param(["retry", "REF001", "--state", "failed"], "not both", id="both"),
        pytest.param(["enable", "crm"], "there is no endpoint 'crm'", id="no such endpoint"),
    ],
)
def test_what_cannot_be_read_is_one_line(
    arguments: list[str],
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("ADMISSIONS_VAR", str(tmp_path))

    assert cli.main(["outbox", *arguments]) == 2

    assert words in capsys.readouterr().err


def test_the_command_tries_again_by_state_and_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # given
    monkeypatch.setenv("ADMISSIONS_VAR", str(tmp_path))
    kept = SqlOutbox(make_engine(f"sqlite:///{tmp_path / 'admissions.db'}"), FixedClock())
    for number in (1, 2):
        kept.add(make_handoff(number), BODY, deliver=True)
        kept.record(f"hnd_000{number}", make_attempt(), next_attempt_at=None)

    # when
    assert cli.main(["outbox", "retry", "--state", "failed", "--since", "2026-11-24T00:00:00Z"]) == 0

    # then
    assert capsys.readouterr().out.startswith("2 due now")
    assert not kept.list(DeliveryState.FAILED)

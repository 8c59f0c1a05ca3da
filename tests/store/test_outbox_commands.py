"""What an operator sees of the outbox."""

from __future__ import annotations

import io

import pytest

from admissions.commands.outbox_tables import outbox_list, outbox_retry, outbox_show
from admissions.core.delivery import Attempt, Outcome
from admissions.errors import UnknownHandoff
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
        "REF001", "saved", "routine", "callback", "0", "2026-11-24T05:14:03Z", "2026-11-24T05:14:03Z", "hnd_0001",
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

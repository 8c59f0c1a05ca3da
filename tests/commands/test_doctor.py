"""`admissions doctor`: each finding says what is so and, where something is wrong, what to mend."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from admissions import content
from admissions.bootstrap import Parts, build
from admissions.cli import main
from admissions.commands import doctor, doctor_centre
from admissions.commands.doctor_centre import check_hours, check_phone
from admissions.commands.doctor_delivery import check_canaries, check_clock, check_notify, check_outbox, check_webhooks
from admissions.commands.findings import Finding, Verdict
from admissions.core.canary import TOO_OLD
from admissions.core.delivery import Outcome
from admissions.core.hours import MIDNIGHT, Span
from admissions.settings import Secret, Settings
from tests.fakes import NOW, FakeReceiver, FixedClock, Scripted, make_attempt, make_handoff

SECRET = "whsec_YSBuZXcgc2VjcmV0IGZvciB0aGUgdGVzdCB2ZWN0b3I="
GOOD, WARN, BAD = Verdict.GOOD, Verdict.WARNING, Verdict.BAD


@pytest.fixture
def parts(tmp_path: Path) -> Parts:
    """Real parts over an empty database, with a webhook nobody listens to and a clock to set."""
    settings = Settings(
        webhook_url="http://127.0.0.1:9/hook",
        webhook_secrets=(Secret(SECRET),),
        webhook_allow_private=True,
        database_url=f"sqlite:///{tmp_path / 'admissions.db'}",
        var=tmp_path,
    )
    return replace(build(settings), clock=FixedClock())


def with_settings(parts: Parts, **changes: object) -> Parts:
    return replace(parts, settings=replace(parts.settings, **changes))  # type: ignore[arg-type]


def only(found: list[Finding]) -> tuple[Verdict, str]:
    (one,) = found
    return one.verdict, one.words


# -- the whole ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An environment with a database of its own and no webhook."""
    monkeypatch.setenv("ADMISSIONS_VAR", str(tmp_path))
    for name in ("WEBHOOK_URL", "WEBHOOK_SECRETS", "NOTIFY_URLS", "DATABASE_URL", "CLOCK"):
        monkeypatch.setenv(f"ADMISSIONS_{name}", "")
    return tmp_path


@pytest.mark.usefixtures("environment")
def test_every_part_is_looked_at_and_nothing_bad_ends_well(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--offline"]) == 0

    said = capsys.readouterr().out
    for part in ("settings", "centre.yml", "model", "database", "hours", "phone", "clock", "webhook", "notice"):
        assert part in said, part


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        pytest.param("ADMISSIONS_PORT", "http", "ADMISSIONS_PORT", id="a setting"),
        pytest.param("ADMISSIONS_DATABASE_URL", "sqlite:////proc/none/x.db", "cannot be made", id="the database"),
        pytest.param("ADMISSIONS_NOTIFY_URLS", "hunter2", "address 1", id="an address for notices"),
    ],
)
def test_something_bad_ends_with_1_and_its_name(
    environment: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    name: str,
    value: str,
    said: str,
) -> None:
    monkeypatch.setenv(name, value)

    assert main(["doctor", "--offline"]) == 1
    out = capsys.readouterr().out
    assert said in next(line for line in out.splitlines() if line.startswith(" bad"))
    assert "hunter2" not in out


def test_content_that_cannot_be_read_is_named_and_ends_the_examination(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise content.ContentError("content/notices.yml cannot be used: 'first'")

    monkeypatch.setattr(content, "notice_wordings", broken)

    found = list(doctor.examine(offline=True))
    assert [one.words for one in found if one.verdict is BAD] == ["content/notices.yml cannot be used: 'first'"]


# -- hours and phone ---------------------------------------------------------------------------------------------------

MORNING = datetime(2026, 11, 24, 17, 0, tzinfo=timezone.utc)


def test_the_hours_are_told_as_they_come_out() -> None:
    centre = content.centre()

    assert only(list(check_hours(centre, MORNING))) == (
        GOOD, "hours: open now, until today at 8:00 PM (America/Denver)"
    )  # fmt: skip
    assert only(list(check_hours(centre, NOW))) == (
        GOOD, "hours: closed now, opens tomorrow at 8:00 AM (America/Denver)"
    )  # fmt: skip
    day_and_night = dict.fromkeys(range(7), (Span(MIDNIGHT, MIDNIGHT),))
    always = replace(centre, hours=replace(centre.hours, weekly=day_and_night, public=None))
    assert only(list(check_hours(always, NOW))) == (GOOD, "hours: admissions is open day and night")


def test_hours_that_never_come_and_dates_that_are_over_are_named() -> None:
    centre = content.centre()
    never = replace(centre, hours=replace(centre.hours, weekly={}))
    days = {"holidays": frozenset({date(2026, 1, 2)}), "exceptions": {date(2027, 1, 2): ()}}
    old = replace(centre, hours=replace(centre.hours, **days))  # type: ignore[arg-type]

    assert only(list(check_hours(never, NOW)))[0] is BAD
    _, words = check_hours(old, NOW)
    assert (words.verdict, words.words) == (
        WARN,
        "centre.yml: 2026-01-02 in `holidays` or `exceptions` is over: take it out",
    )


@pytest.mark.parametrize(
    ("phone", "verdict", "said"),
    [
        (None, WARN, "no phone"),
        ("719-555-0142", WARN, "fiction"),
        ("719-555-014", BAD, "no number in use"),
        ("call us", BAD, "cannot be read"),
    ],
)
def test_the_phone_is_checked(phone: str | None, verdict: Verdict, said: str) -> None:
    found = only(list(check_phone(replace(content.centre(), phone=phone))))

    assert found[0] is verdict
    assert said in found[1]


def test_a_number_in_use_is_told_as_it_is_dialled(monkeypatch: pytest.MonkeyPatch) -> None:
    # given: numbers of fiction are the only ones in tests, so for once they are none
    monkeypatch.setattr(doctor_centre, "FICTION", "none")

    assert only(list(check_phone(content.centre()))) == (GOOD, "the phone can be called: +1 719-555-0142")


# -- clock, outbox, hourly test ----------------------------------------------------------------------------------------


def test_a_clock_behind_what_is_stored_is_bad(parts: Parts) -> None:
    parts.outbox.add(make_handoff(created_at=NOW + timedelta(hours=1)), b"{}", deliver=True)

    verdict, words = only(list(check_clock(parts)))
    assert (verdict, "60 minutes behind" in words) == (BAD, True)


def test_a_clock_that_stands_still_is_warned_of(parts: Parts) -> None:
    first, second = check_clock(with_settings(parts, fixed_clock=NOW))

    assert (first.verdict, second.verdict) == (WARN, GOOD)


def test_dead_letters_and_a_disabled_receiver_are_named(parts: Parts) -> None:
    assert list(check_outbox(parts)) == []
    for number in (1, 2):
        parts.outbox.add(make_handoff(number), b"{}", deliver=True)
    parts.outbox.record("hnd_0001", make_attempt(), next_attempt_at=None)
    parts.outbox.record("hnd_0002", make_attempt(Outcome.GONE, status=410), next_attempt_at=None)

    dead, disabled = check_outbox(parts)
    assert (dead.verdict, "REF001" in dead.words) == (BAD, True)
    assert (disabled.verdict, "outbox enable default" in disabled.words) == (BAD, True)


def test_the_age_of_the_hourly_test_is_told(parts: Parts) -> None:
    assert parts.canaries is not None
    assert only(list(check_canaries(parts)))[0] is WARN
    parts.canaries.note("default", NOW - TOO_OLD - timedelta(hours=1), good=True, detail="")
    assert only(list(check_canaries(parts))) == (
        BAD, "the last hourly test at default is 3 hours old: is the worker running?"
    )  # fmt: skip
    parts.canaries.note("default", NOW - timedelta(minutes=20), good=True, detail="")
    assert only(list(check_canaries(parts))) == (GOOD, "the last hourly test at default is 20 minutes old")


def test_a_test_that_never_arrived_is_bad(parts: Parts) -> None:
    assert parts.canaries is not None
    parts.canaries.note("default", NOW, good=False, detail="no connection: refused")

    assert only(list(check_canaries(parts))) == (
        BAD, "no hourly test has ever arrived at default: no connection: refused"
    )  # fmt: skip


# -- the webhook -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "verdict", "said"),
    [
        (204, GOOD, "took a signed test"),
        (401, BAD, "the same secret"),
        (410, BAD, "wants no more"),
        (302, BAD, "final address"),
        (500, BAD, "is the address right"),
    ],
)
async def test_a_signed_test_is_sent_and_the_answer_told(
    parts: Parts, status: int, verdict: Verdict, said: str
) -> None:
    async with FakeReceiver(Scripted(status=status)) as receiver:
        found = await asyncio.to_thread(
            lambda: list(check_webhooks(with_settings(parts, webhook_url=receiver.url), offline=False))
        )

    assert [one.verdict for one in found] == [GOOD, verdict]
    assert said in found[1].words
    assert len(receiver.received) == 1
    assert parts.canaries is not None
    assert [one.good_at is not None for one in parts.canaries.statuses()] == [verdict is GOOD]


def test_a_receiver_that_is_away_and_offline(parts: Parts) -> None:
    signed, away = check_webhooks(parts, offline=False)

    assert (signed.verdict, away.verdict) == (GOOD, BAD)
    assert "did not answer" in away.words
    assert only(list(check_webhooks(parts, offline=True)))[0] is GOOD


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"webhook_url": "http://10.0.0.1/", "webhook_allow_private": False}, "default: "),
        ({"webhook_secrets": (Secret("whsec_hunter2"),)}, "webhook secret"),
        ({"webhook_secrets": (Secret(SECRET), Secret("whsec_aHVudGVyMg=="))}, "webhook secret"),
    ],
)
def test_an_address_or_a_secret_that_cannot_be_used_is_named_and_not_shown(
    parts: Parts, change: dict[str, object], said: str
) -> None:
    verdict, words = only(list(check_webhooks(with_settings(parts, **change), offline=True)))

    assert verdict is BAD
    assert said in words
    assert "hunter2" not in words
    assert "aHVudGVyMg" not in words


def test_without_a_webhook_it_is_said_where_handoffs_are(parts: Parts) -> None:
    assert only(list(check_webhooks(with_settings(parts, webhook_url=None), offline=False)))[0] is WARN


# -- notices -----------------------------------------------------------------------------------------------------------


async def test_a_test_notice_goes_out_when_asked_for(parts: Parts) -> None:
    test = content.notice_wordings()["test"]
    async with FakeReceiver() as board:
        settings = replace(parts.settings, notify_urls=(Secret(board.url.replace("http", "json")),))
        quiet = await asyncio.to_thread(lambda: list(check_notify(settings, test, send=False)))
        sent = await asyncio.to_thread(lambda: list(check_notify(settings, test, send=True)))

    assert only(quiet)[0] is GOOD
    assert only(sent)[0] is GOOD
    assert len(board.received) == 1


def test_notices_that_go_nowhere_are_bad_and_none_is_a_warning(parts: Parts) -> None:
    test = content.notice_wordings()["test"]
    nowhere = replace(parts.settings, notify_urls=(Secret("json://127.0.0.1:9/"),))

    assert only(list(check_notify(nowhere, test, send=True)))[0] is BAD
    assert only(list(check_notify(parts.settings, test, send=True)))[0] is WARN

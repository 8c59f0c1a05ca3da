"""What a handoff holds is encrypted in the tables, keys can be changed, and a lost key loses nothing for good."""

from __future__ import annotations

import stat
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from admissions.core.delivery import Attempt, DeliveryState, Outcome
from admissions.errors import StoreError
from admissions.settings import Secret
from admissions.store import SqlOutbox
from admissions.store.reseal import Resealed, reseal
from admissions.store.schema import attempts, handoffs
from admissions.store.sealing import KEYS_KEPT, CannotOpen, Sealer, new_key, opened_text, sealed_text
from tests.fakes import NOW, FixedClock, make_attempt, make_handoff

BODY = '{"data":{"contact":{"name":"Zoë","phone":"+17195550134"}}}'.encode()
ECHO = Attempt(NOW, Outcome.RETRY, 12, 500, 'cannot take {"name":"Zoë","phone":"+17195550134"}')


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    return tmp_path / "keys" / "data.key"


def every_value(engine: Engine) -> str:
    """Return all that stands in the two tables that hold what a visitor gave."""
    with engine.connect() as connection:
        return str([tuple(row) for table in (handoffs, attempts) for row in connection.execute(sa.select(table))])


def sealed_outbox(engine: Engine, sealer: Sealer) -> SqlOutbox:
    """Return an outbox with one handoff and an attempt whose answer repeats it."""
    outbox = SqlOutbox(engine, FixedClock(), seals=sealer)
    outbox.add(make_handoff(1), BODY, deliver=True)
    outbox.record("hnd_0001", ECHO, next_attempt_at=NOW)
    return outbox


def test_body_and_answers_of_receivers_are_sealed_and_opened_for_worker_and_show(
    engine: Engine, key_file: Path
) -> None:
    # given / when
    outbox = sealed_outbox(engine, Sealer((), key_file))

    # then
    kept = every_value(engine)
    assert not [words for words in ("Zoë", "7195550134", "contact", "cannot take") if words in kept]
    (item,) = outbox.claim(NOW, lease_s=30, limit=4)
    _, body, (attempt,) = outbox.show("REF001")
    assert item.body == body == BODY
    assert attempt.detail == ECHO.detail


def test_the_key_file_is_made_once_and_only_the_operator_can_read_it(key_file: Path) -> None:
    # given many processes that start at once
    made: list[Sealer] = []
    threads = [threading.Thread(target=lambda: made.append(Sealer((), key_file))) for _ in range(8)]

    # when
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    # then all of them have the same key
    assert len(made) == 8
    assert {one.open(made[0].seal(BODY)) for one in made} == {BODY}
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
    assert [path.name for path in key_file.parent.iterdir()] == ["data.key"]


def test_keys_of_the_settings_go_before_the_file(key_file: Path) -> None:
    # given
    old, new = Secret(new_key()), Secret(new_key())
    kept = Sealer([old], key_file).seal(BODY)

    # when
    sealer = Sealer([new, old], key_file)

    # then
    assert sealer.open(kept) == BODY
    assert not sealer.is_current(kept)
    assert sealer.is_current(sealer.seal(BODY))
    assert not key_file.exists()
    with pytest.raises(StoreError, match="ADMISSIONS_DATA_KEYS"):
        sealer.add_key()


def test_a_changed_key_seals_everything_again_while_another_process_goes_on(engine: Engine, key_file: Path) -> None:
    # given a process that began before, and rows of it and of a release that did not seal
    other = sealed_outbox(engine, Sealer((), key_file))
    SqlOutbox(engine, FixedClock()).add(make_handoff(2), BODY, deliver=True)
    (first,) = key_file.read_text().split()

    # when
    sealer = Sealer((), key_file)
    sealer.add_key()
    done = reseal(engine, sealer)
    sealer.drop_old_keys()

    # then nothing needs the first key any more, and the other process reads and writes under the new one
    newest = key_file.read_text().split()[0]
    assert newest != first
    assert done == Resealed(changed=3, unreadable=0)
    assert reseal(engine, sealer) == Resealed(changed=0, unreadable=0)
    alone = SqlOutbox(engine, FixedClock(), seals=Sealer([Secret(newest)], key_file))
    other.add(make_handoff(3), BODY, deliver=True)
    assert [alone.show(f"REF00{number}")[1] for number in (1, 2, 3)] == [BODY] * 3
    assert alone.show("REF001")[2][0].detail == ECHO.detail
    assert other.show("REF001")[1] == BODY
    assert "7195550134" not in every_value(engine)


def test_only_the_newest_keys_stay_in_the_file(key_file: Path) -> None:
    sealer = Sealer((), key_file)

    for _ in range(4):
        sealer.add_key()
        sealer.drop_old_keys()

    assert len(key_file.read_text().split()) == KEYS_KEPT
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600


def test_without_its_key_a_handoff_is_a_dead_letter_that_holds_up_no_other(engine: Engine, key_file: Path) -> None:
    # given a handoff under a key that is lost, and one under the present key
    lost, present = Secret(new_key()), Secret(new_key())
    sealed_outbox(engine, Sealer([lost], key_file))
    outbox = SqlOutbox(engine, FixedClock(), seals=Sealer([present], key_file))
    outbox.add(make_handoff(2), BODY, deliver=True)

    # when
    claimed = outbox.claim(NOW, lease_s=30, limit=4)

    # then
    assert [item.handoff_id for item in claimed] == ["hnd_0002"]
    assert outbox.state("hnd_0001") is DeliveryState.FAILED
    with pytest.raises(CannotOpen, match="key that is not here"):
        outbox.show("hnd_0001")
    assert reseal(engine, Sealer([present], key_file)).unreadable == 2

    # when the key is found again
    found = SqlOutbox(engine, FixedClock(), seals=Sealer([present, lost], key_file))
    found.retry("hnd_0001", NOW)

    # then
    assert [item.body for item in found.claim(NOW, lease_s=30, limit=4)] == [BODY]
    assert found.show("hnd_0001")[2][0].detail == ECHO.detail


def test_a_row_that_was_changed_is_not_opened(key_file: Path) -> None:
    sealer = Sealer((), key_file)
    kept = bytearray(sealer.seal(BODY))

    for place in range(len(b"gAAAAA"), len(kept) - 4, 7):
        kept[place] ^= 1
        with pytest.raises(CannotOpen):
            sealer.open(bytes(kept))
        kept[place] ^= 1


def test_while_the_key_file_is_away_running_processes_go_on(key_file: Path) -> None:
    sealer = Sealer((), key_file)
    kept = sealer.seal(BODY)

    key_file.unlink()

    assert sealer.open(kept) == BODY


@pytest.mark.parametrize("words", ["", "no key\n", "é"], ids=["empty", "not a key", "not ASCII"])
def test_a_key_file_without_a_key_is_refused(words: str, key_file: Path) -> None:
    key_file.parent.mkdir()
    key_file.write_text(words, encoding="utf-8")

    with pytest.raises(StoreError, match=r"data\.key"):
        Sealer((), key_file)


@pytest.mark.parametrize("words", ["", "sorry", "gAAAAA", "lone \ud800"], ids=["none", "plain", "like a token", "lone"])
def test_words_of_any_kind_come_back(words: str, key_file: Path) -> None:
    sealer = Sealer((), key_file)

    kept = sealed_text(sealer, words)

    assert opened_text(sealer, kept) == words.replace("\ud800", "\\ud800")
    assert opened_text(sealer, "of an earlier release") == "of an earlier release"


def test_an_attempt_without_a_detail_has_none(engine: Engine, key_file: Path) -> None:
    outbox = sealed_outbox(engine, Sealer((), key_file))

    outbox.record("hnd_0001", make_attempt(Outcome.DELIVERED, status=200), next_attempt_at=None)

    assert [attempt.detail for attempt in outbox.show("hnd_0001")[2]] == [ECHO.detail, ""]

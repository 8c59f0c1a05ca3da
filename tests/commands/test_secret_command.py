"""`admissions secret`: fresh secrets, and a data key that is changed from the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from admissions import cli
from admissions.settings import Secret
from admissions.store import SqlOutbox, make_engine
from admissions.store.sealing import DATA_KEY_FILE, Sealer, new_key
from tests.fakes import FixedClock, make_handoff

BODY = b'{"data":{"contact":{"name":"Maria"}}}'


@pytest.fixture
def var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of an installation with one handoff, whose key is in a file."""
    monkeypatch.setenv("ADMISSIONS_VAR", str(tmp_path))
    outbox_of(tmp_path, Sealer((), tmp_path / DATA_KEY_FILE)).add(make_handoff(1), BODY, deliver=True)
    return tmp_path


def outbox_of(var: Path, sealer: Sealer) -> SqlOutbox:
    return SqlOutbox(make_engine(f"sqlite:///{var / 'admissions.db'}"), FixedClock(), seals=sealer)


def test_the_key_of_the_file_is_changed(var: Path, capsys: pytest.CaptureFixture[str]) -> None:
    # given
    before = (var / DATA_KEY_FILE).read_text().split()

    # when
    assert cli.main(["secret", "rotate-data-key"]) == 0

    # then the handoff needs the new key alone, and no key was printed
    newest = (var / DATA_KEY_FILE).read_text().split()[0]
    assert newest not in before
    assert outbox_of(var, Sealer([Secret(newest)], var)).show("REF001")[1] == BODY
    printed = capsys.readouterr().out
    assert printed.startswith("1 sealed again")
    assert newest not in printed
    assert before[0] not in printed


def test_keys_of_the_settings_are_changed_by_putting_a_new_one_in_front(
    var: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = (var / DATA_KEY_FILE).read_text().strip(), new_key()
    monkeypatch.setenv("ADMISSIONS_DATA_KEYS", f"{new},{old}")

    assert cli.main(["secret", "rotate-data-key"]) == 0

    assert outbox_of(var, Sealer([Secret(new)], var)).show("REF001")[1] == BODY
    assert "can be taken out" in capsys.readouterr().out


def test_no_key_is_dropped_while_something_cannot_be_opened(var: Path, capsys: pytest.CaptureFixture[str]) -> None:
    # given a file that lost its key
    (var / DATA_KEY_FILE).write_text("\n".join(new_key() for _ in range(3)))

    # when / then
    assert cli.main(["secret", "rotate-data-key"]) == 1
    assert len((var / DATA_KEY_FILE).read_text().split()) == 4
    assert "1 cannot be opened" in capsys.readouterr().out


def test_each_call_prints_a_fresh_one_that_can_be_used(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (["secret"], ["secret"], ["secret", "data-key"], ["secret", "data-key"]):
        assert cli.main(arguments) == 0

    printed = capsys.readouterr().out.split()
    assert len(set(printed)) == 4
    assert printed[0].startswith("whsec_")
    assert Sealer([Secret(printed[2])], tmp_path).open(b"{}") == b"{}"

"""The settings: the same in .env.example, in the code and in the document; each bad value named."""

from __future__ import annotations

import ast
import re
import stat
from datetime import datetime, timezone
from pathlib import Path

import pytest

from admissions.errors import SettingsError
from admissions.settings import ROOT, Secret, load_settings

DATA_KEY = "bm8gc2VjcmV0LCBqdXN0IDMyIGJ5dGVzIG9mIHRlc3Q="
SECRET = "whsec_YW4gb2xkIHNlY3JldCBvZiAzMiBieXRlcywgdGVzdHM="
ONE_WEBHOOK = {"ADMISSIONS_WEBHOOK_URL": "https://crm.example.org", "ADMISSIONS_WEBHOOK_SECRETS": SECRET}
VARIABLE = re.compile(r"ADMISSIONS_[A-Z_]+[A-Z]")


def in_code() -> set[str]:
    """Return every variable that admissions/settings.py names."""
    source = ast.parse((ROOT / "admissions" / "settings.py").read_text(encoding="utf-8"))
    texts = [node.value for node in ast.walk(source) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    return {name for text in texts for name in VARIABLE.findall(text)}


def in_example() -> list[str]:
    """Return every variable that .env.example offers, in order."""
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    return [match[1] for line in lines if (match := re.match(r"#?(ADMISSIONS_[A-Z_]+)=", line))]


def test_the_example_and_the_code_name_the_same_variables() -> None:
    assert set(in_example()) == in_code()
    assert len(in_example()) == len(set(in_example()))


def test_the_example_sets_nothing_by_itself() -> None:
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()

    assert all(not line or line.startswith("#") for line in lines)


def test_every_setting_of_the_example_has_a_comment_above_it() -> None:
    paragraphs = (ROOT / ".env.example").read_text(encoding="utf-8").split("\n\n")

    for paragraph in paragraphs:
        assert paragraph.startswith("# "), paragraph


def test_the_document_names_no_variable_there_is_not() -> None:
    document = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")

    assert set(VARIABLE.findall(document)) <= in_code()


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        pytest.param({"ADMISSIONS_WEBHOOK_SECRETS": "secret"}, "ADMISSIONS_WEBHOOK_SECRETS: secret 1", id="prefix"),
        pytest.param(
            {"ADMISSIONS_WEBHOOK_SECRETS": f"{SECRET},x"}, "ADMISSIONS_WEBHOOK_SECRETS: secret 2", id="second"
        ),
        pytest.param({"ADMISSIONS_WEBHOOK_URL": "crm.example.org"}, "ADMISSIONS_WEBHOOK_URL", id="no scheme"),
        pytest.param({"ADMISSIONS_WEBHOOK_URL": "ftp://crm.example.org"}, "ADMISSIONS_WEBHOOK_URL", id="other scheme"),
        pytest.param(
            {"ADMISSIONS_WEBHOOK_URL": "https://crm.example.org"},
            "ADMISSIONS_WEBHOOK_SECRETS",
            id="address without a secret",
        ),
        *(
            pytest.param({**ONE_WEBHOOK, "ADMISSIONS_WEBHOOKS_MORE": value}, words, id=words)
            for value, words in (
                ("board https://board.example.org", "receiver 1 must be `name address secrets"),
                (f"default https://board.example.org {SECRET}", "needs a name of its own"),
                (f"a https://a.example.org {SECRET}; a https://b.example.org {SECRET}", "receiver 2 needs a name"),
                (f"board board.example.org {SECRET}", "the address of board"),
                ("board https://board.example.org secret", "the secrets of board"),
            )
        ),
        pytest.param(
            {"ADMISSIONS_WEBHOOKS_MORE": f"board https://board.example.org {SECRET}"},
            "ADMISSIONS_WEBHOOKS_MORE is set, but",
            id="more than none",
        ),
        pytest.param(
            {"ADMISSIONS_WEBHOOK_ALLOW_PRIVATE": "maybe"},
            "ADMISSIONS_WEBHOOK_ALLOW_PRIVATE",
            id="neither true nor false",
        ),
        pytest.param({"ADMISSIONS_DATA_KEYS": f"{DATA_KEY},x"}, "ADMISSIONS_DATA_KEYS: key 2", id="data key"),
        pytest.param({"ADMISSIONS_PORT": "http"}, "ADMISSIONS_PORT", id="port in words"),
        pytest.param({"ADMISSIONS_PORT": "0"}, "ADMISSIONS_PORT", id="port 0"),
        pytest.param({"ADMISSIONS_PORT": "-1"}, "ADMISSIONS_PORT", id="port below 0"),
        pytest.param({"ADMISSIONS_PORT": "²"}, "ADMISSIONS_PORT", id="port in superscript"),
        pytest.param({"ADMISSIONS_ACTION_PORT": "65536"}, "ADMISSIONS_ACTION_PORT", id="port too large"),
        pytest.param({"ADMISSIONS_RECEIVER_PORT": "5056.5"}, "ADMISSIONS_RECEIVER_PORT", id="port and a half"),
        pytest.param({"ADMISSIONS_CLOCK": "tonight"}, "ADMISSIONS_CLOCK", id="clock in words"),
        pytest.param({"ADMISSIONS_CLOCK": "2026-11-23T22:14:03"}, "ADMISSIONS_CLOCK", id="clock without a zone"),
    ],
)
def test_a_bad_value_is_refused_by_its_name(environment: dict[str, str], named: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=named):
        load_settings(environment, tmp_path)


def test_a_refused_secret_is_not_shown(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as refused:
        load_settings({"ADMISSIONS_WEBHOOK_SECRETS": "hunter2"}, tmp_path)

    assert "hunter2" not in str(refused.value)


def test_every_setting_has_a_default(tmp_path: Path) -> None:
    settings = load_settings({}, tmp_path)

    assert settings.webhook_url is None
    assert settings.webhook_secrets == settings.webhooks == ()
    assert settings.notify_urls == ()
    assert settings.webhook_allow_private is False
    assert settings.database_url == f"sqlite:///{tmp_path / 'var' / 'admissions.db'}"
    assert settings.redis_url is None
    assert settings.allowed_origins == ()
    assert settings.fixed_clock is None
    assert (settings.host, settings.port, settings.action_port, settings.receiver_port) == (
        "127.0.0.1",
        5005,
        5055,
        5056,
    )


def test_every_setting_is_read(tmp_path: Path) -> None:
    settings = load_settings(
        {
            "ADMISSIONS_WEBHOOK_URL": "https://crm.example.org/hooks",
            "ADMISSIONS_WEBHOOK_SECRETS": f" {SECRET} , {SECRET}, ",
            "ADMISSIONS_WEBHOOK_ALLOW_PRIVATE": "True",
            "ADMISSIONS_WEBHOOKS_MORE": f"board https://board.example.org/x {SECRET},{SECRET} admissions.test; "
            f"desk https://desk.example.org {SECRET};",
            "ADMISSIONS_NOTIFY_URLS": "mailtos://desk:pw@mail.example.org  json://example.org/a,b",
            "ADMISSIONS_DATABASE_URL": "postgresql://db.example.org/admissions",
            "ADMISSIONS_REDIS_URL": "redis://redis.example.org:6379/0",
            "ADMISSIONS_SESSION_SECRET": "a session secret of forty-odd characters",
            "ADMISSIONS_DATA_KEYS": f"{DATA_KEY}, {DATA_KEY}",
            "ADMISSIONS_ALLOWED_ORIGINS": "https://www.example.org/, https://example.org",
            "ADMISSIONS_CLOCK": "2026-11-23T22:14:03Z",
            "ADMISSIONS_HOST": "0.0.0.0",
            "ADMISSIONS_PORT": "8080",
            "ADMISSIONS_ACTION_PORT": "8081",
            "ADMISSIONS_RECEIVER_PORT": "8082",
            "ADMISSIONS_VAR": str(tmp_path / "elsewhere"),
        },
        tmp_path,
    )

    assert [secret.reveal() for secret in settings.webhook_secrets] == [SECRET, SECRET]
    assert settings.webhook_allow_private is True
    assert [(one.name, len(one.secrets), sorted(one.events)) for one in settings.webhooks] == [
        ("default", 2, []),
        ("board", 2, ["admissions.test"]),
        ("desk", 1, []),
    ]
    assert "board.example.org" not in repr(settings.webhooks_more)
    assert [address.reveal() for address in settings.notify_urls] == [
        "mailtos://desk:pw@mail.example.org",
        "json://example.org/a,b",
    ]
    assert settings.allowed_origins == ("https://www.example.org", "https://example.org")
    assert settings.fixed_clock == datetime(2026, 11, 23, 22, 14, 3, tzinfo=timezone.utc)
    assert (settings.host, settings.port, settings.action_port, settings.receiver_port) == ("0.0.0.0", 8080, 8081, 8082)
    assert settings.session_secret.reveal() == "a session secret of forty-odd characters"
    assert [key.reveal() for key in settings.data_keys] == [DATA_KEY, DATA_KEY]
    assert settings.var == tmp_path / "elsewhere"
    assert not (tmp_path / "var").exists()


def test_the_environment_goes_before_the_env_file(tmp_path: Path) -> None:
    # given
    (tmp_path / ".env").write_text("ADMISSIONS_PORT=7001\nADMISSIONS_ACTION_PORT=7002\n", encoding="utf-8")

    # when
    settings = load_settings({"ADMISSIONS_PORT": "8001"}, tmp_path)

    # then
    assert (settings.port, settings.action_port) == (8001, 7002)


def test_the_session_secret_is_made_once_and_only_the_operator_can_read_it(tmp_path: Path) -> None:
    # given / when
    first, second = load_settings({}, tmp_path), load_settings({}, tmp_path)

    # then
    file = tmp_path / "var" / "session.secret"
    assert first.session_secret.reveal() == second.session_secret.reveal() == file.read_text(encoding="ascii")
    assert len(first.session_secret.reveal()) >= 43  # 32 bytes in base64
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_process_killed_while_it_makes_the_session_secret_leaves_none_or_all_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given a process that dies before the file has its name
    def dies(*_paths: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr("admissions.settings.os.link", dies)
        with pytest.raises(KeyboardInterrupt):
            load_settings({}, tmp_path)

    # when / then
    assert not (tmp_path / "var" / "session.secret").exists()
    assert len(load_settings({}, tmp_path).session_secret.reveal()) >= 43


def test_a_secret_does_not_show_itself(tmp_path: Path) -> None:
    settings = load_settings(
        {"ADMISSIONS_WEBHOOK_SECRETS": SECRET, "ADMISSIONS_SESSION_SECRET": "a session secret of forty-odd characters"},
        tmp_path,
    )

    assert SECRET not in repr(settings)
    assert "forty-odd" not in repr(settings)
    assert "forty-odd" not in f"{settings.session_secret}"
    assert not Secret("")

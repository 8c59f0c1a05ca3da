"""Standard Webhooks signatures. The golden values come from `openssl dgst -sha256 -hmac`, not from our code."""

from __future__ import annotations

import random
from datetime import datetime, timedelta, timezone

import pytest
from standardwebhooks.webhooks import Webhook

from admissions.core.signing import check_secret, headers, verify
from tests.fakes import NOW

OLD = "whsec_YW4gb2xkIHNlY3JldCBvZiAzMiBieXRlcywgdGVzdHM="
NEW = "whsec_YSBuZXcgc2VjcmV0IGZvciB0aGUgdGVzdCB2ZWN0b3I="
ID = "hnd_0001"
BODY = b'{"type":"admissions.test","version":1,"timestamp":"2026-11-24T05:14:03Z","test":true,"data":{"id":"hnd_0001"}}'
SIGNED = {
    "webhook-id": ID,
    "webhook-timestamp": "1795497243",
    "webhook-signature": "v1,2/gSXr2oFK6phLlofcRkjlObfV7ayUysTkVFsx4uZb0=",
}


def test_golden_vector_with_one_secret() -> None:
    assert headers(ID, NOW, BODY, [NEW]) == SIGNED


def test_golden_vector_with_two_secrets() -> None:
    signature = headers(ID, NOW, BODY, [OLD, NEW])["webhook-signature"]

    assert signature == (
        "v1,U/jHGn8b1gzrTb1NuEUolFVXycl58EufOkB98a5XxNU= v1,2/gSXr2oFK6phLlofcRkjlObfV7ayUysTkVFsx4uZb0="
    )


def test_golden_vector_outside_ascii() -> None:
    signature = headers("hnd_0002", NOW, '{"name":"Zoë 🌱"}'.encode(), [NEW])["webhook-signature"]

    assert signature == "v1,yy5mVmX9d4U4Pe8f9WzMvLyYqJ3rRv+VWvZ/jnDgTcc="


def test_the_time_zone_of_the_timestamp_does_not_matter() -> None:
    in_denver = NOW.astimezone(timezone(timedelta(hours=-7)))

    assert headers(ID, in_denver, BODY, [NEW]) == SIGNED


def test_fractions_of_a_second_are_cut_off() -> None:
    assert headers(ID, NOW.replace(microsecond=999_999), BODY, [NEW]) == SIGNED


@pytest.mark.parametrize("known", [OLD, NEW])
def test_a_receiver_that_knows_either_secret_verifies_during_rotation(known: str) -> None:
    signed = headers(ID, NOW, BODY, [OLD, NEW])

    assert verify(signed, BODY, [known], NOW)


def test_the_reference_library_verifies_what_we_sign() -> None:
    signed = headers(ID, datetime.now(timezone.utc), BODY, [OLD, NEW])

    assert Webhook(OLD).verify(BODY, signed)["type"] == "admissions.test"


def test_header_names_verify_in_any_case() -> None:
    assert verify({name.title(): value for name, value in SIGNED.items()}, BODY, [NEW], NOW)


@pytest.mark.parametrize("difference_s", [-300, 300])
def test_five_minutes_either_way_are_tolerated(difference_s: int) -> None:
    assert verify(SIGNED, BODY, [NEW], NOW + timedelta(seconds=difference_s))


@pytest.mark.parametrize("difference_s", [-301, 301])
def test_more_than_five_minutes_are_refused(difference_s: int) -> None:
    assert not verify(SIGNED, BODY, [NEW], NOW + timedelta(seconds=difference_s))


def test_a_changed_id_is_refused() -> None:
    assert not verify({**SIGNED, "webhook-id": "hnd_0002"}, BODY, [NEW], NOW)


def test_a_changed_timestamp_is_refused() -> None:
    assert not verify({**SIGNED, "webhook-timestamp": "1795497244"}, BODY, [NEW], NOW)


def test_a_changed_body_is_refused() -> None:
    assert not verify(SIGNED, BODY.replace(b"true", b"true "), [NEW], NOW)


def test_another_secret_is_refused() -> None:
    assert not verify(SIGNED, BODY, [OLD], NOW)


def test_no_secret_verifies_nothing() -> None:
    assert not verify(SIGNED, BODY, [], NOW)


@pytest.mark.parametrize("name", list(SIGNED))
def test_a_missing_header_is_refused(name: str) -> None:
    left = {key: value for key, value in SIGNED.items() if key != name}

    assert not verify(left, BODY, [NEW], NOW)


@pytest.mark.parametrize(
    "signature",
    [
        "2/gSXr2oFK6phLlofcRkjlObfV7ayUysTkVFsx4uZb0=",  # no version
        "v1",  # no value: the library answers with ValueError
        "v1,",
        "v1,2/gSXr2oFK6phLlofcRkjlObfV7ayUysTkVFsx4uZb0=,",
        "v1,2/gSXr2oFK6phLlofcRkjlObfV7ayUysTkVFsx4uZb1=",  # the same bytes, another spelling
        "v1a,2/gSXr2oFK6phLlofcRkjlObfV7ayUysTkVFsx4uZb0=",  # the format's other algorithm
        "v1,ü",
        "v1,\udcff",
        "   ",
    ],
)
def test_a_malformed_signature_is_refused_without_an_error(signature: str) -> None:
    assert not verify({**SIGNED, "webhook-signature": signature}, BODY, [NEW], NOW)


@pytest.mark.parametrize("timestamp", ["", "now", "nan", "inf", "-1", "1795497243.0", "01795497243", "9" * 30, "٣"])
def test_a_malformed_timestamp_is_refused_without_an_error(timestamp: str) -> None:
    assert not verify({**SIGNED, "webhook-timestamp": timestamp}, BODY, [NEW], NOW)


def test_a_body_that_is_not_utf8_is_refused_without_an_error() -> None:
    assert not verify(SIGNED, b"\xff", [NEW], NOW)


def test_a_good_signature_counts_beside_unknown_ones() -> None:
    signature = f"v1a,AAAA v1,AAAA {SIGNED['webhook-signature']}"

    assert verify({**SIGNED, "webhook-signature": signature}, BODY, [NEW], NOW)


def test_a_thousand_random_changes_are_all_refused() -> None:
    chance = random.Random(7305)
    for _ in range(1000):
        parts = {**SIGNED, "body": BODY.decode()}
        name = chance.choice(list(parts))
        at = chance.randrange(len(parts[name]))
        instead = chance.choice([letter for letter in "aZ09+/=,. {" if letter != parts[name][at]])
        parts[name] = parts[name][:at] + instead + parts[name][at + 1 :]
        body = parts.pop("body").encode()

        assert not verify(parts, body, [NEW], NOW), (name, at, instead)


@pytest.mark.parametrize(
    ("id", "timestamp", "body", "secrets"),
    [
        (ID, NOW, BODY, []),  # nothing to sign with
        (ID, NOW.replace(tzinfo=None), BODY, [NEW]),  # the library would sign local time as UTC
        ("", NOW, BODY, [NEW]),
        ("a.b", NOW, BODY, [NEW]),  # a dot moves the border between id and timestamp
        (ID, NOW, b"\xff", [NEW]),
        (ID, NOW, BODY, [NEW, "whsec_short"]),
    ],
)
def test_what_cannot_be_signed_safely_is_refused(id: str, timestamp: datetime, body: bytes, secrets: list[str]) -> None:
    with pytest.raises(ValueError, match=r"must|at least|decode"):
        headers(id, timestamp, body, secrets)


@pytest.mark.parametrize(
    "secret",
    [
        "YSBuZXcgc2VjcmV0IGZvciB0aGUgdGVzdCB2ZWN0b3I=",  # no prefix
        "whsec_",
        "whsec_c2hvcnQ=",  # 5 bytes
        "whsec_" + "QUJD" * 24,  # 72 bytes
        "whsec_change me please, this is no base64 at all",  # the library would skip what it does not know
        "whsec_YSBuZXcgc2VjcmV0IGZvciB0aGUgdGVzdCB2ZWN0b3_-",  # the URL alphabet
        "whsec_ü",
    ],
)
def test_a_secret_that_others_would_read_differently_is_refused_and_not_shown(secret: str) -> None:
    with pytest.raises(ValueError, match="secret must") as refused:
        check_secret(secret)

    assert secret == "whsec_" or secret not in str(refused.value)


def test_a_secret_without_padding_is_the_same_secret() -> None:
    check_secret(NEW.rstrip("="))

    assert headers(ID, NOW, BODY, [NEW.rstrip("=")]) == SIGNED

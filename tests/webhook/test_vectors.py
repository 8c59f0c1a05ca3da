"""docs/webhook-vectors.json: what other people check their receivers with is true of ours."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import datetime, timezone
from typing import Any

import pytest

from admissions.core import signing
from admissions.settings import ROOT

VECTORS: list[dict[str, Any]] = json.loads((ROOT / "docs" / "webhook-vectors.json").read_text(encoding="utf-8"))
GOOD = [vector for vector in VECTORS if vector["valid"]]


def named(vectors: list[dict[str, Any]]) -> list[Any]:
    return [pytest.param(vector, id=vector["name"]) for vector in vectors]


@pytest.mark.parametrize("vector", named(VECTORS))
def test_our_verification_agrees_with_each_vector(vector: dict[str, Any]) -> None:
    now = datetime.fromtimestamp(vector["now"], tz=timezone.utc)
    body = vector["body"].encode()

    assert signing.verify(vector["headers"], body, vector["secrets"], now) is vector["valid"]


@pytest.mark.parametrize("vector", named(GOOD))
def test_our_signature_is_one_of_each_good_vector(vector: dict[str, Any]) -> None:
    given = vector["headers"]
    sent_at = datetime.fromtimestamp(int(given["webhook-timestamp"]), tz=timezone.utc)

    signed = [
        signing.headers(given["webhook-id"], sent_at, vector["body"].encode(), [secret])["webhook-signature"]
        for secret in vector["secrets"]
    ]
    assert set(signed) & set(given["webhook-signature"].split(" "))


def test_the_good_vectors_hold_by_hand() -> None:
    for vector in GOOD:
        given, body = vector["headers"], vector["body"].encode()
        signed = f"{given['webhook-id']}.{given['webhook-timestamp']}.".encode() + body
        keys = [base64.b64decode(secret.removeprefix("whsec_")) for secret in vector["secrets"]]
        macs = ["v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode() for key in keys]
        assert set(macs) & set(given["webhook-signature"].split(" ")), vector["name"]


def test_there_are_vectors_that_pass_and_vectors_that_do_not() -> None:
    assert len(GOOD) >= 5
    assert len(VECTORS) - len(GOOD) >= 5
    assert all(vector["why"] for vector in VECTORS)

"""The sample admissions desk."""

from __future__ import annotations

import dataclasses
import io
import json
from collections.abc import AsyncIterator
from datetime import datetime, timedelta, timezone

import pytest
from aiohttp.test_utils import TestClient, TestServer

from admissions.core import signing
from admissions.core.handoff import Contact, Indication, Reason, ScreeningItem, Window, to_payload
from admissions.delivery.receiver import BODY_MAX_BYTES, KEPT, make_app
from tests.fakes import make_handoff

OLD = "whsec_YW4gb2xkIHNlY3JldCBvZiAzMiBieXRlcywgdGVzdHM="
NEW = "whsec_YSBuZXcgc2VjcmV0IGZvciB0aGUgdGVzdCB2ZWN0b3I="
OTHER = "whsec_bm9ib2R5IGtub3dzIHRoaXMgc2VjcmV0LCB0ZXN0cw=="

BODY = json.dumps(
    to_payload(
        dataclasses.replace(
            make_handoff(1, reason=Reason.SCREENING),
            contact=Contact(
                name="Zoë <script>alert(1)</script>\x1b[2J",
                phone="+17195550134",
                preferred="phone",
                window=Window("America/Denver", says="after 5"),
                voicemail_ok=False,
            ),
            screening=(ScreeningItem("home_support", "no", "Do you have support at home?"),),
            topics=("inpatient", "withdrawal"),
            indications=(Indication("inpatient", "home_support", "article §5"),),
        )
    )
).encode()


@pytest.fixture
def out() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
async def desk(out: io.StringIO) -> AsyncIterator[TestClient]:
    async with TestClient(TestServer(make_app([OLD, NEW], out))) as client:
        yield client


def signed(body: bytes = BODY, *, id: str = "hnd_0001", secret: str = NEW, age_s: float = 0) -> dict[str, str]:
    """Return the headers of a request sent `age_s` ago; the library's verifier reads the real clock."""
    return signing.headers(id, datetime.now(timezone.utc) - timedelta(seconds=age_s), body, [secret])


async def post(desk: TestClient, body: bytes = BODY, headers: dict[str, str] | None = None) -> int:
    async with desk.post("/webhook", data=body, headers=signed(body) if headers is None else headers) as answer:
        return answer.status


async def test_a_handoff_is_printed_as_a_short_readable_block(desk: TestClient, out: io.StringIO) -> None:
    assert await post(desk) == 200

    assert out.getvalue().strip().splitlines() == [
        "handoff REF001 · screening · routine",
        "  id hnd_0001 · 2026-11-24T05:14:03Z",
        "  name: Zoë <script>alert(1)</script> [2J",
        "  phone: +17195550134",
        "  preferred: phone",
        "  voicemail_ok: no",
        "  when: after 5 · America/Denver",
        "  Do you have support at home? → no",
        "  topics: inpatient, withdrawal",
        "  raise inpatient because of home_support (article §5)",
    ]


async def test_either_active_secret_is_accepted(desk: TestClient) -> None:
    assert await post(desk, headers=signed(secret=OLD)) == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        signed(secret=OTHER),
        signed(age_s=3600),
        signed(age_s=-3600),
        {**signed(), "webhook-id": "hnd_0002"},
        {**signed(), "webhook-signature": "no comma"},
        {**signed(), "webhook-timestamp": "now"},
    ],
)
async def test_a_bad_signature_is_refused_and_shown_nowhere(
    desk: TestClient, out: io.StringIO, headers: dict[str, str]
) -> None:
    assert await post(desk, headers=headers) == 401
    assert out.getvalue() == ""


async def test_a_changed_body_is_refused(desk: TestClient) -> None:
    assert await post(desk, BODY + b" ", signed(BODY)) == 401


async def test_bytes_that_are_no_text_are_refused(desk: TestClient) -> None:
    assert await post(desk, b"\xff", signed(BODY)) == 401


async def test_a_repeated_id_is_acknowledged_and_shown_once(desk: TestClient, out: io.StringIO) -> None:
    await post(desk)

    async with desk.post("/webhook", data=BODY, headers=signed()) as answer:
        assert answer.status == 200
        assert await answer.json() == {"received": True, "duplicate": True}

    assert out.getvalue().count("REF001") == 1


@pytest.mark.parametrize("body", [b"not json", b"[]", b"null"])
async def test_a_signed_body_that_is_no_object_is_a_bad_request(desk: TestClient, body: bytes) -> None:
    assert await post(desk, body) == 400


@pytest.mark.parametrize(
    "body", [b"{}", b'{"data": 5}', b'{"data": {"contact": [], "screening": [5], "topics": 7, "transcript": {}}}']
)
async def test_fields_of_an_unexpected_form_do_no_harm(desk: TestClient, body: bytes) -> None:
    assert await post(desk, body) == 200


async def test_the_hourly_test_is_answered_and_not_shown(desk: TestClient) -> None:
    assert await post(desk, b'{"type": "admissions.test", "test": true, "data": {"id": "test_1"}}') == 200

    async with desk.get("/") as page:
        assert "Nothing has arrived yet" in await page.text()


async def test_a_huge_body_is_refused(desk: TestClient) -> None:
    assert await post(desk, b"x" * (BODY_MAX_BYTES + 1), {}) == 413


async def test_the_page_shows_what_came_escaped_and_without_scripts(desk: TestClient) -> None:
    await post(desk)

    async with desk.get("/") as page:
        text = await page.text()

    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "<script" not in text
    assert "demonstration" in text
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]


async def test_the_page_says_when_nothing_came(desk: TestClient) -> None:
    async with desk.get("/") as page:
        assert "Nothing has arrived yet" in await page.text()


async def test_only_the_last_handoffs_are_kept(desk: TestClient) -> None:
    for number in range(KEPT + 1):
        body = json.dumps({"data": {"reference": f"REF{number:03d}"}}).encode()
        assert await post(desk, body, signed(body, id=f"hnd_{number}")) == 200

    async with desk.get("/") as page:
        text = await page.text()
    assert text.count("<pre>") == KEPT
    assert "REF000" not in text
    assert text.index("REF050") < text.index("REF049")

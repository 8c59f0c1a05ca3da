"""The channels of notices, over a real Apprise to a real HTTP server, and what is told when one fails."""

from __future__ import annotations

import asyncio
import json
import logging

import pytest

from admissions.errors import SettingsError
from admissions.notify.channels import Channels
from admissions.settings import Secret
from tests.fakes import FakeReceiver, Scripted


def addresses(*urls: str) -> list[Secret]:
    return [Secret(url.replace("http://", "json://")) for url in urls]


async def test_a_notice_arrives_over_every_channel() -> None:
    async with FakeReceiver() as desk, FakeReceiver() as pager:
        channels = Channels(addresses(desk.url, pager.url))

        assert await asyncio.to_thread(channels.send, "A request waits: K7M2QF", "Reference K7M2QF.")

    assert len(channels) == 2
    for receiver in (desk, pager):
        (request,) = receiver.received
        arrived = json.loads(request.body)
        assert (arrived["title"], arrived["message"]) == ("A request waits: K7M2QF", "Reference K7M2QF.")


async def test_one_channel_that_takes_it_is_enough_and_none_is_told_as_failure() -> None:
    async with FakeReceiver(Scripted(status=500)) as broken, FakeReceiver() as pager:
        assert await asyncio.to_thread(Channels(addresses(broken.url, pager.url)).send, "t", "b")
        assert not await asyncio.to_thread(Channels(addresses(broken.url)).send, "t", "b")


@pytest.mark.parametrize("address", ["hunter2", "nosuch://token-hunter2@example.org", "mailto://"])
def test_an_address_apprise_does_not_know_is_refused_by_its_number_only(address: str) -> None:
    with pytest.raises(SettingsError, match="address 2") as refused:
        Channels([*addresses("http://example.org/"), Secret(address)])

    assert "hunter2" not in str(refused.value)


async def test_nothing_of_an_address_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        async with FakeReceiver(Scripted(status=500)) as broken:
            url = broken.url.replace("http://", "json://user:hunter2@")
            await asyncio.to_thread(Channels([Secret(url)]).send, "t", "b")

    assert "hunter2" not in caplog.text

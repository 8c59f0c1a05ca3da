"""The demo page in a real browser, by keyboard: open, talk, choose, reload."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from urllib.parse import urlparse

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.e2e.assistant import Assistant

pytestmark = [pytest.mark.model, pytest.mark.browser]

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)

#: Off: everything that would call home or needs a screen; the sandbox needs a user of its own.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

PHONE, DESKTOP = {"width": 360, "height": 740}, {"width": 1280, "height": 860}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        message = "no Chromium (Debian: apt-get install chromium)"
        pytest.fail(message) if os.environ.get("CI") == "true" else pytest.skip(message)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield running
        running.close()


@pytest.fixture(params=[PHONE, DESKTOP], ids=["phone", "desktop"])
def page(request: pytest.FixtureRequest, browser: Browser, assistant: Assistant) -> Iterator[Page]:
    context = browser.new_context(viewport=request.param)
    opened = context.new_page()
    opened.set_default_timeout(15_000)
    opened.goto(assistant.url)
    yield opened
    context.close()


def open_by_keyboard(page: Page) -> None:
    """Reach the launcher with Tab alone and press Enter."""
    focused = "() => document.activeElement?.shadowRoot?.activeElement?.className ?? ''"
    for _ in range(40):
        page.keyboard.press("Tab")
        if "launcher" in str(page.evaluate(focused)):
            break
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()


def write(page: Page, words: str) -> None:
    """Type into the composer and press Enter."""
    page.locator("admissions-chat textarea").focus()
    page.keyboard.type(words)
    page.keyboard.press("Enter")


def test_a_keyboard_alone_opens_the_chat_asks_and_gets_an_answer(page: Page) -> None:
    # given
    open_by_keyboard(page)
    expect(page.get_by_text("I am an automated assistant").first).to_be_visible()

    # when
    write(page, "how many hours a week is iop")

    # then
    expect(page.get_by_text("9 hours").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_button_is_a_message_and_a_reload_finds_the_conversation(page: Page) -> None:
    # given
    open_by_keyboard(page)
    choice = page.get_by_role("button", name="What is IOP?")
    choice.focus()

    # when
    page.keyboard.press("Enter")
    answer = page.get_by_text("intensive outpatient").first
    expect(answer).to_be_visible()
    page.reload()
    open_by_keyboard(page)

    # then both sides are there again, without a word of it in the browser's storage
    expect(page.get_by_text("What is IOP?").first).to_be_visible()
    expect(page.get_by_text("intensive outpatient").first).to_be_visible()
    assert page.evaluate("() => localStorage.length") == 0
    assert "IOP" not in str(page.evaluate("() => JSON.stringify({...sessionStorage})"))


def test_an_emergency_card_has_numbers_that_can_be_called(page: Page) -> None:
    open_by_keyboard(page)
    write(page, "i want to kill myself")
    expect(page.locator("admissions-chat .is-emergency a[href='tel:988']").first).to_be_visible()


def test_the_page_asks_nobody_else_and_breaks_no_policy(page: Page, assistant: Assistant) -> None:
    # given
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)

    # when
    page.reload()
    open_by_keyboard(page)
    write(page, "what is iop")
    expect(page.get_by_text("intensive outpatient").first).to_be_visible()

    # then
    assert {urlparse(url).netloc for url in asked} == {urlparse(assistant.url).netloc}
    assert complaints == []

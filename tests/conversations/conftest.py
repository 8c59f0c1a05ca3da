"""One running assistant for all scripts; they are held some at a time before the first of them is judged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.conversations.script import Script
from tests.conversations.stage import Performance, perform_all
from tests.e2e.assistant import Assistant, Desk, Visitor


@pytest.fixture(scope="session")
def conversation_desk() -> Desk:
    return Desk().start()


@pytest.fixture(scope="session")
def assistant(tmp_path_factory: pytest.TempPathFactory, conversation_desk: Desk) -> Iterator[Assistant]:
    running = Assistant(Path(tmp_path_factory.mktemp("conversations")), conversation_desk).start()
    yield running
    running.stop()


@pytest.fixture
def visitor(assistant: Assistant) -> Visitor:
    return assistant.visitor()


@pytest.fixture(scope="session")
def performances(
    request: pytest.FixtureRequest, assistant: Assistant, conversation_desk: Desk
) -> Mapping[str, Performance]:
    """Every script that this run asks for, held and ready to be judged."""
    called = [item.callspec.params.get("script") for item in request.session.items if hasattr(item, "callspec")]
    scripts = [one for one in called if isinstance(one, Script)]
    return {held.script.name: held for held in perform_all(scripts, assistant, conversation_desk)}

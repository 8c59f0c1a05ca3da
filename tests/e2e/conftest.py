"""One running assistant for all end-to-end tests that do not break it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.assistant import Assistant, Desk, Visitor


@pytest.fixture(scope="session")
def desk() -> Desk:
    return Desk().start()


@pytest.fixture(scope="session")
def assistant(tmp_path_factory: pytest.TempPathFactory, desk: Desk) -> Iterator[Assistant]:
    running = Assistant(Path(tmp_path_factory.mktemp("assistant")), desk).start()
    yield running
    running.stop()


@pytest.fixture
def visitor(assistant: Assistant) -> Visitor:
    return assistant.visitor()

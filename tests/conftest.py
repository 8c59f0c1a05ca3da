"""The trained model behind the code of live messages, loaded once; what Rasa does to logging is put back."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
import structlog

from admissions.commands.parse import Reader
from admissions.commands.train import model_path


@pytest.fixture(scope="module", autouse=True)
def logging_put_back() -> Iterator[None]:
    """Put logging back after a module in which Rasa was loaded."""
    logs, level = structlog.get_config(), logging.getLogger().level
    yield
    structlog.configure(**logs)
    logging.getLogger().setLevel(level)


@pytest.fixture(scope="session")
def trained_reader() -> Reader:
    """The reader of `admissions parse` and `admissions eval`; loading Rasa sets up logging, which is put back."""
    assert model_path().exists(), "there is no model for the present content: run `admissions train`"
    logs, level = structlog.get_config(), logging.getLogger().level
    reader = Reader(model_path())
    structlog.configure(**logs)
    logging.getLogger().setLevel(level)
    return reader

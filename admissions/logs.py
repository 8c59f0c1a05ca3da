"""Logging of our own processes: events with ids and types, one JSON object a line, never a visitor's words."""

from __future__ import annotations

import logging

import structlog


def configure(level: int = logging.INFO) -> None:
    """Set structlog up for a process that is not Rasa's (Rasa configures its own)."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=True,
    )


#: Rasa's loggers that write an error with the text of the statement that failed, a visitor's words in it.
_TALKATIVE = ("rasa.core.tracker_store", "rasa.core.processor", "sqlalchemy")


def keep_words_out_of_rasas_logs() -> None:
    """Let Rasa say that its store or a turn failed, and not with which words."""
    for name in _TALKATIVE:
        logging.getLogger(name).addFilter(_without_words)


def _without_words(record: logging.LogRecord) -> bool:
    if record.levelno >= logging.WARNING:
        record.msg, record.args = f"{record.name} failed in {record.funcName}, line {record.lineno}", ()
        record.exc_info = record.exc_text = record.stack_info = None
    return True

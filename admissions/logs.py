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

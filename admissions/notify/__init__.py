"""Telling admissions that a handoff waits, beside the webhook and without health information."""

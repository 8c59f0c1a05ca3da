"""Tests, mirroring the package; tests/e2e starts the real processes."""

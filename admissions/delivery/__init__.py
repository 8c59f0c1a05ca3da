"""From the outbox to admissions: the worker, the signed request, and a sample receiver to try it with."""

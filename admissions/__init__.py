"""The admissions assistant: what it knows and does, apart from Rasa's own files at the project's root."""

__version__ = "0.1.0"

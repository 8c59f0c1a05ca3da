"""Rasa's custom actions: slots, one call, utterances, events. Flat, and nothing is done at import (CONTRIBUTING.md)."""

"""Turning a message's words into an intent: numbers only, no Rasa, so that it can be measured on its own."""

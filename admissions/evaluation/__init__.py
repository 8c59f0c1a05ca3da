"""How well held-out messages are understood: reading them, figures, floors, pictures. No Rasa."""

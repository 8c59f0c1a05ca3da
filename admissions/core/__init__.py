"""The pure half: no I/O, clock, environment or randomness. `now`, ids and loaded content come in as arguments."""

"""Permission to hear, playback sessions, and plays folded from the edges' key logs."""

"""Works, recordings, releases, artists' credits, covers, lyrics and the assets behind recordings."""

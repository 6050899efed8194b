"""What a shop asks for its music: prices of releases and tracks, in which currency, since when; and who wants to hear of it."""

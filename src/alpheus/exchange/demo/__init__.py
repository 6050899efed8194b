"""Music, art and words made by our own code, so that a fresh installation has something to play."""

"""From and to elsewhere: a folder of music, and the demo that our own code composes."""

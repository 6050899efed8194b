"""Versions of a release that is published: what a new one changes, and the former one whole again where the new one is doubted. A part of `submissions`."""

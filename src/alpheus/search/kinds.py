"""Kinds of documents that pages and the API ask for, in the order that they show them.

A room that wants its things to be found puts them in under a kind of its own (`index.put`), takes them out when they
are not offered any more (`index.remove`), and gives the faces a way to read them by gid.
"""

ARTIST = "artist"
RELEASE = "release"
RECORDING = "recording"
PLAYLIST = "playlist"
"""Public ones only: whoever searches may see what is found."""
SHOP = "shop"
"""Open ones."""
LYRICS = "lyrics"
"""Known by its recording's gid; found by a line, not by a name."""

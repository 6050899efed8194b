"""Playlists from and to elsewhere: M3U8 and XSPF files."""

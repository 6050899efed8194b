"""M3U8: a playlist as lines of UTF-8, with the extensions that players agree on (EXTINF, PLAYLIST, EXTALB). Pure."""

import re

from alpheus.exchange.playlists.errors import FileRefused
from alpheus.exchange.playlists.lines import LINES_MAX, Sheet, Track, track

MEDIA_TYPE = "audio/x-mpegurl"
_INF = re.compile(r"#EXTINF:\s*(-?\d{1,7}(?:\.\d{1,6})?)[^,]*,(.*)", re.DOTALL)
_ISRC = "#ISRC:"
"""Ours: no extension for it is agreed on, and every player passes over what it does not know."""


def read(text: str) -> Sheet:
    """Read an M3U or M3U8.

    Raises:
        FileRefused: it has too many lines, or is the HLS of a stream, which is no list of tracks.
    """
    if "#EXT-X-" in text:
        raise FileRefused("This is the M3U8 of a stream (HLS), not a list of tracks.")
    title, tracks = "", list[Track]()
    told: dict[str, str] = {}
    for row in text.removeprefix("\ufeff").splitlines():
        plain = row.strip()
        if plain.upper().startswith("#PLAYLIST:"):
            title = plain.partition(":")[2]
        elif plain.startswith("#"):
            told |= _told(plain)
        elif plain:
            tracks.append(_track(told, plain))
            told = {}
        if len(tracks) > LINES_MAX:
            raise FileRefused(f"This file has more than {LINES_MAX} tracks. Split it, and import the parts.")
    if told.get("title"):  # what a file ends with is a track without an address
        tracks.append(_track(told, ""))
    return Sheet(title, tuple(tracks))


def write(sheet: Sheet) -> str:
    """Write an M3U8 that players read, and that `read` reads back whole."""
    rows = ["#EXTM3U", f"#PLAYLIST:{_one_line(sheet.title)}"]
    for it in sheet.tracks:
        seconds = -1 if it.duration_ms is None else round(it.duration_ms / 1000)
        named = f"{it.artist} - {it.title}" if it.artist else it.title
        rows.append(f"#EXTINF:{seconds},{_one_line(named)}")
        rows += [f"#EXTART:{_one_line(it.artist)}"] if it.artist else []
        rows += [f"#EXTALB:{_one_line(it.album)}"] if it.album else []
        rows += [_ISRC + it.isrc] if it.isrc else []
        rows.append(_one_line(it.location) or f"missing:{_one_line(it.title)}")
    return "\n".join(rows) + "\n"


def _told(row: str) -> dict[str, str]:
    upper = row.upper()
    if found := _INF.match(row):
        return {"seconds": found[1], "title": found[2].strip()}
    for head, name in (("#EXTART:", "artist"), ("#EXTALB:", "album"), (_ISRC, "isrc")):
        if upper.startswith(head):
            return {name: row[len(head) :].strip()}
    return {}


def _track(told: dict[str, str], location: str) -> Track:
    title, artist = told.get("title", ""), told.get("artist", "")
    if artist:
        title = title.removeprefix(f"{artist} - ")
    elif " - " in title:
        artist, _, title = title.partition(" - ")
    seconds = float(told.get("seconds", "-1"))
    return track(
        title=title,
        artist=artist,
        album=told.get("album", ""),
        isrc=told.get("isrc", ""),
        location="" if location.startswith("missing:") else location,
        duration_ms=round(seconds * 1000) if seconds > 0 else None,
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())

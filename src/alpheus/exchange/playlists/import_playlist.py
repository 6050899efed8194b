"""Import a playlist from a file: what is here is listed, what is not is kept as a line and shown as missing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from alpheus.exchange.playlists import m3u8, xspf
from alpheus.exchange.playlists.errors import FileRefused
from alpheus.exchange.playlists.lines import FILE_BYTES_MAX, Sheet, Track
from alpheus.exchange.playlists.match import matched
from alpheus.listening.library import add_to_playlist, changing
from alpheus.listening.library.add_to_playlist import Line
from alpheus.listening.library.create_playlist import create_playlist
from alpheus.listening.library.describe_playlist import Description
from alpheus.listening.library.models import Playlist
from alpheus.listening.library.rules import Action
from alpheus.listening.models import Listener


@dataclass(frozen=True)
class Imported:
    """The playlist that was made, how many of its tracks are here, and those that are not."""

    playlist: Playlist
    found: int
    missing: Sequence[Track]


def read(data: bytes) -> Sheet:
    """Read a playlist's file of either kind, told apart by how it begins.

    Raises:
        FileRefused: it is neither, too large, not UTF-8, or without a track.
    """
    if len(data) > FILE_BYTES_MAX:
        raise FileRefused("This file is larger than 5 MiB, which no playlist needs to be.")
    if data.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<"):
        sheet = xspf.read(data)
    else:
        sheet = m3u8.read(_text(data))
    if not sheet.tracks:
        raise FileRefused("There is no track in this file. Is it an M3U8 or XSPF playlist?")
    return sheet


@transaction.atomic
def import_playlist(
    *, listener: Listener, data: bytes, title: str, now: datetime, otherwise: str = ""
) -> Imported:
    """Make a private playlist of a file.

    Args:
        listener: whose it will be.
        data: an M3U8 or XSPF.
        title: what it is called; empty takes the file's own title.
        otherwise: what it is called where the file has none either.
        now: the time.

    Raises:
        FileRefused: the file cannot be read.
        TitleMissing, TooMuch: as `create_playlist`.
    """
    sheet = read(data)
    described = Description(title or sheet.title or otherwise, sheet.description)
    made = create_playlist(listener=listener, described=described, now=now)
    playlist = changing.begin(listener=listener, gid=made.gid, action=Action.EDIT)
    recordings = matched(sheet.tracks)
    lines = [
        Line(
            recording=recording,
            title=it.title or it.name,
            artist=it.artist,
            album=it.album,
            isrc=it.isrc,
            location=it.location,
            duration_ms=it.duration_ms,
        )
        for it, recording in zip(sheet.tracks, recordings, strict=True)
    ]
    add_to_playlist.put(playlist, lines, by=listener, now=now)
    missing = [it for it, recording in zip(sheet.tracks, recordings, strict=True) if recording is None]
    return Imported(playlist, len(lines) - len(missing), missing)


def _text(data: bytes) -> str:
    if b"\0" in data:
        raise FileRefused("This file is not text, so it is no playlist.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")  # M3U without the 8 is in the letters of its writer's machine

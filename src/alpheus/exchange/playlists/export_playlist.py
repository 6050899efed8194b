"""Export a playlist as a file, with its missing lines as they came."""

from collections.abc import Callable
from typing import Literal

from alpheus.catalogue.queries import release_of
from alpheus.exchange.playlists import m3u8, xspf
from alpheus.exchange.playlists.lines import Sheet, Track
from alpheus.listening.library.models import Playlist
from alpheus.listening.library.queries import Listed, all_items

Format = Literal["m3u8", "xspf"]
MEDIA_TYPES: dict[Format, str] = {"m3u8": m3u8.MEDIA_TYPE, "xspf": xspf.MEDIA_TYPE}


def export_playlist(playlist: Playlist, *, form: Format, address: Callable[[str], str]) -> str:
    """Write a playlist that its reader may see as a file.

    Args:
        playlist: which.
        form: the format.
        address: makes the address of a recording from its gid.
    """
    tracks = tuple(_track(it, address) for it in all_items(playlist))
    sheet = Sheet(playlist.title, tracks, playlist.description)
    return xspf.write(sheet) if form == "xspf" else m3u8.write(sheet)


def _track(listed: Listed, address: Callable[[str], str]) -> Track:
    item, recording = listed.item, listed.recording
    if recording is None:
        return Track(item.title, item.artist, item.album, item.isrc, item.location, item.duration_ms)
    home = release_of(recording)
    return Track(
        title=recording.title,
        artist=recording.credit.name,
        album=home.title if home else "",
        isrc=recording.isrc or "",
        location=address(str(recording.gid)),
        duration_ms=recording.duration_ms,
    )

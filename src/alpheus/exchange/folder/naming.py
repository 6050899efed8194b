"""What the names of files and folders say where tags say nothing. Pure."""

import re
from dataclasses import dataclass
from pathlib import PurePath

from alpheus.exchange.folder.mending import name_text
from alpheus.values.text import line

_DISC_WORD = r"(?:cd|dis[ck]|disque|vol(?:ume)?|碟|盘|ディスク|디스크)"
_DISC_FOLDER = re.compile(
    rf"(?:{_DISC_WORD}\s*[-_.#]?\s*0*(\d{{1,3}})|第\s*(\d{{1,3}})\s*[张張枚]\s*(?:碟|盘)?)\b.*", re.IGNORECASE
)
_DISC_SUFFIX = re.compile(
    rf"\s*[-–,]?\s*[(\[]?\s*{_DISC_WORD}\s*[-_.#]?\s*0*(\d{{1,3}})\s*[)\]]?\s*$", re.IGNORECASE
)
_NUMBERED = re.compile(
    r"(?:(?P<disc>\d{1,2})[-.](?=\d))?(?P<track>\d{1,3})(?:\s*[-._)、]\s*|\s+)(?P<rest>\S.*)"
)
_YEAR = re.compile(
    r"[(\[]\s*((?:19|20)\d\d)\s*[)\]]|^((?:19|20)\d\d)\s*[-.]\s*(?=\S)|\s[-–]\s((?:19|20)\d\d)$"
)
_LIBRARY_DEPTH = 3
_DASH = re.compile(r"\s+[-–—]\s+")


@dataclass(frozen=True)
class FileName:
    """What a file's name says."""

    title: str
    artist: str = ""
    track: int | None = None
    disc: int | None = None


@dataclass(frozen=True)
class FolderName:
    """What the folders around a file say; `album` is empty in the imported folder itself."""

    album: str = ""
    artist: str = ""
    year: str = ""
    disc: int | None = None


def read_file_name(path: PurePath) -> FileName:
    """Read "03 - Artist - Title.flac", "1-03 Title", "Artist - Title", "Title"."""
    plain = line(name_text(path.stem).replace("_", " "), limit=1000)
    disc = track = None
    found = _NUMBERED.fullmatch(plain)
    if found:
        track = int(found["track"]) or None
        disc = int(found["disc"]) if found["disc"] else None
        plain = found["rest"]
    parts = [part for part in _DASH.split(plain) if part]
    if track is None and len(parts) > 2 and parts[-2].isdigit():
        return FileName(parts[-1], parts[0], int(parts[-2]) or None, disc)  # Artist - Album - 03 - Title
    if len(parts) >= 2:
        return FileName(" - ".join(parts[1:]), parts[0], track, disc)
    return FileName(plain or "Untitled", "", track, disc)


def album_folder(path: PurePath) -> PurePath:
    """Give the folder of a file's album: its own, or the one around "CD 2"."""
    folder = path.parent
    return folder.parent if folder.name and _DISC_FOLDER.fullmatch(name_text(folder.name)) else folder


def read_folders(path: PurePath) -> FolderName:
    """Read "Artist/2003 - Album/CD 2/...", "Artist - Album (2003)/...", "Album/..."."""
    folder = album_folder(path)
    disc = None
    if folder != path.parent:
        found = _DISC_FOLDER.fullmatch(name_text(path.parent.name))
        disc = int(next(group for group in found.groups() if group)) if found else None
    name = line(name_text(folder.name).replace("_", " "), limit=1000)
    year = _YEAR.search(name)
    if year:
        name = _YEAR.sub(" ", name, count=1).strip()
    parts = [part for part in _DASH.split(name) if part]
    if len(parts) >= 2:
        return FolderName(" - ".join(parts[1:]), parts[0], _year(year), disc)
    # Artist/Album, perhaps under a genre; deeper ones are no such library.
    near = 2 <= len(folder.parts) <= _LIBRARY_DEPTH
    artist = line(name_text(folder.parent.name).replace("_", " "), limit=500) if near else ""
    return FolderName(name, artist, _year(year), disc)


def without_disc(album: str) -> tuple[str, int | None]:
    """Take "(Disc 2)" off an album's title."""
    found = _DISC_SUFFIX.search(album)
    if not found or found.start() == 0 or "vol" in found.group().lower():
        return album, None
    return album[: found.start()], int(found.group(1))


def natural_key(text: str) -> list[tuple[int, int, str]]:
    """Order names as people count: 2 before 10."""
    return [
        (0, int(part), "") if part.isdecimal() else (1, 0, part.casefold())
        for part in re.split(r"(\d+)", text)
        if part
    ]


def _year(found: re.Match[str] | None) -> str:
    return next((group for group in found.groups() if group), "") if found else ""

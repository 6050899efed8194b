"""What lies in a folder: music, what belongs to it (covers, lyrics), and music that we do not read. No database."""

import hashlib
import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePath

from alpheus.exchange.folder.errors import FolderMissing
from alpheus.exchange.folder.naming import natural_key

MUSIC = frozenset({".flac", ".mp3", ".m4a", ".m4b", ".mp4", ".aac", ".alac", ".ogg", ".oga", ".opus", ".wav", ".wave", ".aif", ".aiff", ".aifc"})  # fmt: skip
_CONVERT = "Convert it to FLAC or WAV and import that."
_SYNTHESISE = "Record what it plays as FLAC or WAV and import that."
NOT_READ = {
    **dict.fromkeys((".mod", ".xm", ".it", ".s3m", ".mptm", ".mid", ".midi", ".nsf", ".spc", ".sid", ".vgm"), ("It holds notes and instruments, not a recording.", _SYNTHESISE)),
    **dict.fromkeys((".wma", ".asf", ".ape", ".wv", ".mpc", ".mp+", ".tta", ".tak", ".dsf", ".dff", ".dts", ".ac3", ".ra", ".rm", ".mp2", ".mka", ".au", ".caf", ".w64", ".amr", ".3gp", ".spx", ".shn"), ("We do not read this format.", _CONVERT)),
    **dict.fromkeys((".m4p", ".aa", ".aax"), ("It is locked to a player (DRM).", "Get it without the lock from where you bought it.")),
    ".cue": ("It cuts one file into tracks, which we do not do.", "Split the file into a file per track, then import those."),
}  # fmt: skip
_NOT_TOLD = frozenset({".cue"})  # stands beside music that is imported; no file is lost with it
_IMAGES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".avif", ".gif"})
_COVER_NAMES = ("cover", "front", "folder", "albumart", "albumartlarge", "album", "artwork", "封面")
_SKIPPED_FOLDERS = frozenset(
    {"@eadir", "__macosx", "lost+found", "$recycle.bin", "system volume information"}
)


@dataclass(frozen=True)
class Found:
    """A file of music: where it lies under the folder, and what tells whether it changed."""

    path: Path
    size: int
    modified_ns: int
    lyrics: Path | None = None
    cover: Path | None = None
    beside: str = ""  # digest of the names, sizes and times of lyrics and cover

    @property
    def key(self) -> str:
        """Name it by its path's bytes: SHA-256, hex."""
        return path_key(self.path)


@dataclass
class Listing:
    """Everything found under a folder."""

    music: list[Found] = field(default_factory=list)
    not_read: list[Found] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)


def path_key(path: PurePath) -> str:
    """Name a path by its bytes: SHA-256, hex."""
    return hashlib.sha256(os.fsencode(path)).hexdigest()


def scan(root: Path) -> Listing:
    """List a folder's music in natural order. Links are followed, a folder twice is not; hidden names are passed over.

    Raises:
        FolderMissing: there is no such folder, or it may not be read.
    """
    if not root.is_dir():
        raise FolderMissing(f"{root} is not a folder. Give the folder that holds your music.")
    try:
        os.scandir(root).close()
    except OSError as error:
        raise FolderMissing(
            f"{root} cannot be read: {error.strerror}. Allow this user to read it."
        ) from error
    listing = Listing()
    covers: dict[Path, Path] = {}
    for folder, files in _walk(root, listing):
        _take(root, folder, files, covers, listing)
    listing.music.sort(key=lambda found: natural_key(str(found.path)))
    return listing


def _walk(root: Path, listing: Listing) -> Iterator[tuple[Path, Mapping[str, os.stat_result]]]:
    seen: set[tuple[int, int]] = set()
    for top, names, files in os.walk(
        root, followlinks=True, onerror=lambda error: listing.unreadable.append(str(error))
    ):
        here = Path(top).stat()
        if (here.st_dev, here.st_ino) in seen:
            names.clear()
            continue
        seen.add((here.st_dev, here.st_ino))
        names[:] = sorted(
            name for name in names if not name.startswith(".") and name.lower() not in _SKIPPED_FOLDERS
        )
        yield Path(top), _stats(Path(top), files, listing)


def _stats(folder: Path, names: list[str], listing: Listing) -> dict[str, os.stat_result]:
    found = {}
    for name in sorted(names):
        if name.startswith("."):
            continue
        try:
            status = (folder / name).stat()
        except OSError as error:
            listing.unreadable.append(str(error))
            continue
        if stat.S_ISREG(status.st_mode):
            found[name] = status
    return found


def _take(
    root: Path, folder: Path, files: Mapping[str, os.stat_result], covers: dict[Path, Path], listing: Listing
) -> None:
    cover = _cover(files)
    if cover is not None:
        covers[folder] = folder / cover
    shown = covers.get(folder) or covers.get(folder.parent)
    lyrics = {Path(name).stem: folder / name for name in files if name.lower().endswith(".lrc")}
    for name, status in files.items():
        suffix = Path(name).suffix.lower()
        if suffix in MUSIC:
            words = lyrics.get(Path(name).stem)
            listing.music.append(
                Found(
                    (folder / name).relative_to(root),
                    status.st_size,
                    status.st_mtime_ns,
                    words,
                    shown,
                    _digest(words, shown),
                )
            )
        elif suffix in NOT_READ and suffix not in _NOT_TOLD:
            path = (folder / name).relative_to(root)
            listing.not_read.append(Found(path, status.st_size, status.st_mtime_ns))


def _cover(files: Mapping[str, os.stat_result]) -> str | None:
    """Choose a folder's cover: by its name, or the only picture there."""
    images = [name for name in files if Path(name).suffix.lower() in _IMAGES]
    for wanted in _COVER_NAMES:
        for name in images:
            if Path(name).stem.lower() == wanted:
                return name
    return images[0] if len(images) == 1 else None


def _digest(*paths: Path | None) -> str:
    parts = []
    for path in paths:
        if path is not None:
            status = path.stat()
            parts.append(f"{path_key(path)} {status.st_size} {status.st_mtime_ns}")
    return hashlib.sha256("\n".join(parts).encode()).hexdigest() if parts else ""

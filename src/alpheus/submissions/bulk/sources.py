"""Where files come from beside uploads one by one: a zip that was uploaded whole, or a folder on this machine.

Names in them are compared and never become part of a path. A zip is read under limits: how much its list of contents may
take, how much all of it unpacked, which kinds of compression; links, folders, locked files and names that leave the zip
are no files. A zip within a zip is a file like any other, and no music.
"""

import os
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final, Protocol

from alpheus.submissions.bulk import rules
from alpheus.submissions.bulk.errors import FolderUnfit

FILES_MAX: Final = 50_000
LIST_BYTES_MAX: Final = 32 * 2**20
"""Of a zip's list of contents: 50,000 names of 600 bytes."""
TIMES_MAX: Final = 10
"""How many times its own size a zip may have unpacked: music hardly shrinks, bombs do by thousands."""
ALWAYS_FITS: Final = 256 * 2**20
"""A small zip may hold a long silence."""
_KINDS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_LOCKED = 0x1
_UTF8 = 0x800
_END = struct.Struct("<4s4H2LH")
_END_64 = struct.Struct("<4sQ2H2L4Q")
_OLD = ("utf-8", "gb18030", "cp932", "cp949", "cp437")


_PIECE = 2**20


class Damaged(Exception):
    """A file cannot be read, or has not as many bytes as it says."""


class Source(Protocol):
    """Files by their paths."""

    def paths(self) -> Sequence[str]:
        """Of all files."""
        ...

    def size(self, path: str) -> int:
        """Bytes that a file has, as it says."""
        ...

    def pieces(self, path: str) -> Iterator[bytes]:
        """Its bytes, a megabyte at a time, and never more than `size`.

        Raises:
            Damaged: they cannot be read, or are not as many as it says.
        """
        ...


class Folder:
    """A folder on this machine; links are passed over."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._files = {str(it.relative_to(root)): it for it in sorted(_within(root))}
        if len(self._files) > FILES_MAX:
            raise FolderUnfit(f"The folder has more than {FILES_MAX:,} files. Take it in by parts.")

    def paths(self) -> Sequence[str]:
        """Of all files, from the folder on."""
        return list(self._files)

    def size(self, path: str) -> int:
        """Bytes that a file has."""
        return self._files[path].stat().st_size

    def pieces(self, path: str) -> Iterator[bytes]:
        """Its bytes; raises Damaged."""
        try:
            with self._files[path].open("rb") as file:
                yield from _exactly(file, self.size(path))
        except OSError as error:
            raise Damaged from error


def _within(root: Path) -> Iterator[Path]:
    for folder, _, names in os.walk(root, followlinks=False):
        for name in names:
            path = Path(folder) / name
            if stat.S_ISREG(path.lstat().st_mode):
                yield path


class Zip:
    """An open zip."""

    def __init__(self, archive: zipfile.ZipFile, *, bytes_here: int, wanted: Iterable[str]) -> None:
        infos = [it for it in archive.infolist() if _is_file(it)]
        if sum(it.file_size for it in infos) > max(TIMES_MAX * bytes_here, ALWAYS_FITS):
            raise FolderUnfit("Unpacked, the zip would be many times as large. Send the folder instead.")
        self._archive = archive
        self._infos = _named(infos, set(wanted))

    def paths(self) -> Sequence[str]:
        """Of all files."""
        return list(self._infos)

    def size(self, path: str) -> int:
        """Bytes that a file has, as the zip says."""
        return self._infos[path].file_size

    def pieces(self, path: str) -> Iterator[bytes]:
        """Its bytes; raises Damaged."""
        try:
            with self._archive.open(self._infos[path]) as file:
                yield from _exactly(file, self.size(path))
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            OSError,
            RuntimeError,
            NotImplementedError,
        ) as error:
            raise Damaged from error


def _exactly(file: IO[bytes], size: int) -> Iterator[bytes]:
    left = size
    while left:
        piece = file.read(min(_PIECE, left))
        if not piece:
            raise Damaged
        left -= len(piece)
        yield piece
    if file.read(1):
        raise Damaged


@contextmanager
def opened_zip(path: Path, *, wanted: Iterable[str]) -> Iterator[Zip]:
    """Open a zip.

    Args:
        path: of the zip.
        wanted: keys of names (rules.file_key) by which the encoding of its own names is told where it does not say it.

    Raises:
        FolderUnfit: it is none, or larger inside than one may be.
    """
    size = path.stat().st_size
    try:
        if _list_bytes(path, size) > LIST_BYTES_MAX:
            raise FolderUnfit(f"The zip has more than {FILES_MAX:,} files. Send it in parts.")
        with zipfile.ZipFile(path) as archive:
            if len(archive.infolist()) > FILES_MAX:
                raise FolderUnfit(f"The zip has more than {FILES_MAX:,} files. Send it in parts.")
            yield Zip(archive, bytes_here=size, wanted=wanted)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, struct.error, NotImplementedError) as error:
        raise FolderUnfit("This is no zip that can be read. Make it anew, or send the folder.") from error


def _list_bytes(path: Path, size: int) -> int:
    """Bytes of the list of contents as its end says (APPNOTE 4.3.16, 4.3.14): it is read into memory whole."""
    with path.open("rb") as file:
        file.seek(max(0, size - _END.size - 2**16))
        tail = file.read()
        at = tail.rfind(b"PK\x05\x06")
        if at < 0:
            raise zipfile.BadZipFile("no end")
        told = int(_END.unpack_from(tail, at)[5])
        before = tail.rfind(b"PK\x06\x06")
        return max(
            told if told != 2**32 - 1 else 0, int(_END_64.unpack_from(tail, before)[8]) if before >= 0 else 0
        )


def _is_file(info: zipfile.ZipInfo) -> bool:
    mode = info.external_attr >> 16
    parts = info.filename.replace("\\", "/").split("/")
    is_plain = not stat.S_IFMT(mode) or stat.S_ISREG(mode)
    return (
        is_plain
        and not info.is_dir()
        and not info.flag_bits & _LOCKED
        and info.compress_type in _KINDS
        and ".." not in parts
        and not info.filename.startswith("/")
    )


def _named(infos: Sequence[zipfile.ZipInfo], wanted: set[str]) -> dict[str, zipfile.ZipInfo]:
    """By their names; where those are in an old encoding and do not say which, in the one that fits what is wanted best."""
    best: dict[str, zipfile.ZipInfo] = {}
    most = -1
    for encoding in _OLD:
        try:
            named = {_name(it, encoding): it for it in infos}
        except UnicodeError:
            continue
        fits = len(rules.matched(wanted, named).found)
        if fits > most:
            best, most = named, fits
        if all(it.flag_bits & _UTF8 or it.filename.isascii() for it in infos):
            break
    return best


def _name(info: zipfile.ZipInfo, encoding: str) -> str:
    return info.filename if info.flag_bits & _UTF8 else info.filename.encode("cp437").decode(encoding)

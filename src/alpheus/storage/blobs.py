"""Blobs by name, over obstore: a local folder now, S3 or a compatible by setting alone.

A blob is created if it is absent and never changed; nobody ever sees half of one. obstore's own local `put`
leaves flushing to the system, so a folder's blobs are placed here instead: written beside
their name, flushed to disk, then linked into place, which fails if the name is taken.
"""

import os
import re
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import LocalStore, ObjectStore, S3Store

from alpheus.storage.errors import BlobCorrupt, BlobMissing, StorageError, StoreUnavailable

PIECE_BYTES = 4 * 2**20
MULTIPART_BYTES = 16 * 2**20  # below this one S3 request carries a blob
_DRAFT = re.compile(r".+#[0-9]+\Z")


@dataclass(frozen=True, slots=True)
class Stored:
    """One blob as a listing shows it."""

    path: str
    size_bytes: int
    written_at: datetime


@contextmanager
def _translated(path: str) -> Iterator[None]:
    """Turn the store's errors into ours."""
    try:
        yield
    except (StorageError, AlreadyExistsError):
        raise
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError) as error:
        raise BlobMissing(f"There is no blob {path!r}.") from error
    except (BaseError, OSError) as error:
        raise StoreUnavailable(f"The object store failed at {path!r}: {error}") from error


def _checked(path: str) -> str:
    """Refuse a name that would climb out of the store or clash with a blob being written."""
    parts = path.split("/")
    if "#" in path or "\\" in path or any(part in {"", ".", ".."} for part in parts):
        raise StorageError(f"{path!r} is no name for a blob.")
    return path


class Blobs:
    """An object store; thread-safe. Open one by URL with `Blobs.open`."""

    def __init__(self, store: ObjectStore, folder: Path | None) -> None:
        self._store = store
        self._folder = folder

    @classmethod
    def open(cls, url: str) -> "Blobs":
        """Open `file:///folder` (made if absent) or `s3://bucket/prefix`.

        S3's region, endpoint and credentials come from the AWS_ variables of the environment.

        Raises:
            StoreUnavailable: the URL is unusable or the folder cannot be made.
        """
        parts = urlsplit(url)
        with _translated(url):
            if parts.scheme == "file":
                folder = Path(unquote(parts.path))
                return cls(LocalStore(folder, mkdir=True), folder.resolve())
            if parts.scheme == "s3":
                return cls(S3Store.from_url(url), None)
        raise StoreUnavailable(f"{url!r}: an object store is file:///folder or s3://bucket/prefix.")

    def put(self, path: str, data: bytes) -> bool:
        """Create a blob; False, and nothing happens, when the name is taken.

        Raises:
            StoreUnavailable: it could not be written.
        """
        _checked(path)
        with _translated(path):
            if self._folder is not None:
                return _place(self._folder / path, (data,))
            return _created(lambda: obstore.put(self._store, path, data, mode="create"))

    def put_file(self, path: str, file: Path) -> bool:
        """Create a blob from a file, streamed; False, and nothing happens, when the name is taken.

        S3 cannot create a multipart upload conditionally: two writers of one name must bring the same bytes.

        Raises:
            StoreUnavailable: it could not be written.
        """
        _checked(path)
        with _translated(path):
            if self._folder is not None:
                return _place(self._folder / path, _pieces(file))
            if file.stat().st_size < MULTIPART_BYTES:
                return _created(lambda: obstore.put(self._store, path, file, mode="create"))
            if self.exists(path):
                return False
            obstore.put(self._store, path, file, use_multipart=True)
            return True

    def get(self, path: str) -> bytes:
        """Read a whole blob.

        Raises:
            BlobMissing: no blob has this name.
            StoreUnavailable: the store failed.
        """
        with _translated(path):
            return obstore.get(self._store, _checked(path)).bytes().to_bytes()

    def get_range(self, path: str, start: int, length: int) -> bytes:
        """Read `length` bytes from `start`.

        Raises:
            BlobMissing: no blob has this name.
            BlobCorrupt: the blob ends before.
            StoreUnavailable: the store failed.
        """
        with _translated(path):
            data = obstore.get_range(self._store, _checked(path), start=start, length=length).to_bytes()
        return _whole(data, path, length)

    async def get_async(self, path: str) -> bytes:
        """Read a whole blob without blocking; raises as `get`."""
        with _translated(path):
            answer = await obstore.get_async(self._store, _checked(path))
            return (await answer.bytes_async()).to_bytes()

    async def get_range_async(self, path: str, start: int, length: int) -> bytes:
        """Read part of a blob without blocking; raises as `get_range`."""
        with _translated(path):
            part = await obstore.get_range_async(self._store, _checked(path), start=start, length=length)
        return _whole(part.to_bytes(), path, length)

    def exists(self, path: str) -> bool:
        """Tell whether a blob has this name.

        Raises:
            StoreUnavailable: the store failed.
        """
        try:
            with _translated(path):
                obstore.head(self._store, _checked(path))
        except BlobMissing:
            return False
        return True

    def listing(self, prefix: str) -> Iterator[tuple[str, int]]:
        """Yield the name and size in bytes of every blob under the folder `prefix`.

        Raises:
            StoreUnavailable: the store failed.
        """
        with _translated(prefix):
            for batch in obstore.list(self._store, prefix or None):
                for meta in batch:
                    yield meta["path"], meta["size"]

    def stored(self, prefix: str) -> Iterator[Stored]:
        """Yield every blob under the folder `prefix` with its size and age.

        Raises:
            StoreUnavailable: the store failed.
        """
        with _translated(prefix):
            for batch in obstore.list(self._store, prefix or None):
                for meta in batch:
                    yield Stored(meta["path"], meta["size"], meta["last_modified"])

    def drafts(self) -> Iterator[Stored]:
        """Yield blobs that are being written, or were by a process that was killed; only a local folder shows them."""
        for folder, _, names in os.walk(self._folder) if self._folder is not None else ():
            for path in (Path(folder, name) for name in names if _DRAFT.match(name)):
                try:
                    status = path.stat()
                except FileNotFoundError:
                    continue  # it was finished meanwhile
                written_at = datetime.fromtimestamp(status.st_mtime, tz=UTC)
                yield Stored(path.relative_to(str(self._folder)).as_posix(), status.st_size, written_at)

    def discard(self, draft: Stored) -> None:
        """Delete a draft that nobody will finish.

        Raises:
            StorageError: it is no draft.
            StoreUnavailable: the store failed.
        """
        if self._folder is None or not _DRAFT.match(draft.path):
            raise StorageError(f"{draft.path!r} is no draft.")
        with _translated(draft.path):
            (self._folder / draft.path).unlink(missing_ok=True)

    def delete(self, path: str) -> None:
        """Delete a blob; no error when it is gone already.

        Raises:
            StoreUnavailable: the store failed.
        """
        try:
            with _translated(path):
                obstore.delete(self._store, _checked(path))
        except BlobMissing:
            return


def _created(create: Callable[[], object]) -> bool:
    try:
        create()
    except AlreadyExistsError:
        return False
    return True


def _whole(data: bytes, path: str, length: int) -> bytes:
    if len(data) != length:
        raise BlobCorrupt(f"Blob {path!r} ends early: {len(data)} of {length} bytes.")
    return data


def _pieces(file: Path) -> Iterator[bytes]:
    with file.open("rb") as source:
        while piece := source.read(PIECE_BYTES):
            yield piece


def _place(path: Path, pieces: Iterable[bytes]) -> bool:
    """Write beside the name, flush, link into place: whole or not at all, and never over another."""
    if path.exists():
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    # '#' and digits: obstore hides such names from listings, being how it writes drafts itself.
    draft = path.with_name(f"{path.name}#{secrets.randbelow(10**18)}")
    try:
        with draft.open("xb") as sink:
            for piece in pieces:
                sink.write(piece)
            sink.flush()
            os.fsync(sink.fileno())
        os.link(draft, path)
    except FileExistsError:
        return False
    finally:
        draft.unlink(missing_ok=True)
    _flush_folder(path.parent)
    return True


def _flush_folder(folder: Path) -> None:
    """Make the new name itself survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

"""A folder for one run's samples and packs, removed at its end; what killed runs left is removed by the next."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

_PREFIX = "alpheus-ingest-"
_LOCK = "lock"


@contextmanager
def workspace(parent: Path | None = None) -> Iterator[Path]:
    """Give a folder of its own, within `parent` or the system's temporary folder.

    Its lock is held while the run lives and falls with it, however it ends.
    """
    root = parent or Path(tempfile.gettempdir())
    root.mkdir(parents=True, exist_ok=True)
    sweep(root)
    folder, lock = _locked(root)
    try:
        with lock:
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def sweep(root: Path) -> None:
    """Remove the folders of runs that are no more."""
    for folder in root.glob(f"{_PREFIX}*"):
        try:
            with (folder / _LOCK).open("r+") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
        except OSError:
            continue  # it lives, is being made, or belongs to somebody else


def _locked(root: Path) -> tuple[Path, TextIO]:
    """Make a folder and hold its lock.

    Another run's sweep may take the lock between its making and our holding it, and the folder with it: then the file
    that we hold has no name any more, and another folder is made.
    """
    while True:
        folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=root))
        lock = (folder / _LOCK).open("w")
        fcntl.flock(lock, fcntl.LOCK_EX)
        if os.fstat(lock.fileno()).st_nlink:
            return folder, lock
        lock.close()

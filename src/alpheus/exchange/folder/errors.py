"""Errors of importing a folder.

ImportError is Python's own, so the tree has another root.

FolderError
├── FolderMissing   there is no such folder, or it may not be read
├── FolderEmpty     it holds no music although it did before: perhaps a disk that is not there
└── ImportStopped   the machine or the object store failed; nothing is lost, run it again
"""


class FolderError(Exception):
    """Anything that ends an import; the message says what to do."""


class FolderMissing(FolderError):
    """There is no such folder, or it may not be read."""


class FolderEmpty(FolderError):
    """The folder held music before and holds none now."""


class ImportStopped(FolderError):
    """The machine or the object store failed; what was imported stays, and a new run goes on from there."""

"""What can go wrong with blobs.

StorageError
├── BlobMissing        no blob has this name
├── BlobCorrupt        a blob or key is not what was sealed: wrong key, wrong place, changed bytes
└── StoreUnavailable   the object store does not answer, refuses us, or is misconfigured
"""


class StorageError(Exception):
    """Anything wrong with the object store or a blob in it."""


class BlobMissing(StorageError):
    """No blob has this name."""


class BlobCorrupt(StorageError):
    """A blob or a wrapped key does not open: wrong key, wrong place or changed bytes."""


class StoreUnavailable(StorageError):
    """The object store does not answer, refuses us, or its URL is unusable."""

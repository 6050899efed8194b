"""What can go wrong with blobs.

StorageError
├── BlobMissing        no blob has this name
├── BlobCorrupt        a blob or key is not what was sealed: wrong key, wrong place, changed bytes
└── StoreUnavailable   the object store does not answer, refuses us, or is misconfigured
"""


class StorageError(Exception):
    """Anything wrong with the object store or a blob in it."""


class BlobMissing(StorageError):  # noqa: N818 - named by what happened, as all our errors are
    """No blob has this name."""


class BlobCorrupt(StorageError):  # noqa: N818 - named by what happened, as all our errors are
    """A blob or a wrapped key does not open: wrong key, wrong place or changed bytes."""


class StoreUnavailable(StorageError):  # noqa: N818 - named by what happened, as all our errors are
    """The object store does not answer, refuses us, or its URL is unusable."""

"""Where recognition finds sounds and keeps its index. Django's settings carry it, so it loads nothing that listens."""

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from alpheus.storage.blobs import Blobs


@dataclass(frozen=True)
class Ear:
    """What recognition works with; `folder` may be deleted at any time and is made anew."""

    objects_url: str
    kek: bytes
    folder: Path

    def blobs(self) -> Blobs:
        """The object store that assets and fingerprints lie in."""
        return Blobs.open(self.objects_url)


def ear() -> Ear:
    """The installation's."""
    return settings.EAR

"""The terms of this room: where uploads lie, how large they may be, and the object store. Django's settings carry them."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings

from alpheus.storage.blobs import Blobs


@dataclass(frozen=True)
class Terms:
    """On which terms this installation takes files in."""

    uploads: Path
    """The folder that unfinished uploads lie in."""
    file_bytes_max: int
    account_bytes_max: int
    """What one account may keep here unfinished or waiting."""
    upload_lifetime: timedelta
    """How long an upload waits for its next byte."""
    objects_url: str
    isrc_prefix: str
    """Country and registrant, under which recordings are given ISRCs here; empty: none are."""
    gs1_prefix: str
    """The GS1 company prefix, under which releases are given UPCs here; empty: none are."""
    kek: bytes

    def blobs(self) -> Blobs:
        """The installation's object store."""
        return Blobs.open(self.objects_url)


def terms() -> Terms:
    """The installation's."""
    return settings.SUBMISSIONS

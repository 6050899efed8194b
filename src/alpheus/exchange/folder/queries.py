"""Reads for the operator's page: what is imported, what was refused and why."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Sum

from alpheus.exchange.folder.journal import State
from alpheus.exchange.folder.models import ImportedFile, ImportedFolder


@dataclass(frozen=True)
class FolderSummary:
    """An imported folder and its files by state."""

    path: str
    started_at: datetime
    finished_at: datetime | None
    imported: int
    duplicates: int
    refused: int
    removed: int
    size_bytes: int


def folders() -> list[FolderSummary]:
    """List all imported folders, the latest first."""
    rows = ImportedFile.objects.values("folder_id", "state").annotate(
        count=Count("pk"), size=Sum("size_bytes")
    )
    counted = {(row["folder_id"], row["state"]): (row["count"], row["size"] or 0) for row in rows.order_by()}
    return [
        FolderSummary(
            path=folder.path,
            started_at=folder.started_at,
            finished_at=folder.finished_at,
            imported=counted.get((folder.pk, State.IMPORTED), (0, 0))[0],
            duplicates=counted.get((folder.pk, State.DUPLICATE), (0, 0))[0],
            refused=counted.get((folder.pk, State.REFUSED), (0, 0))[0],
            removed=counted.get((folder.pk, State.REMOVED), (0, 0))[0],
            size_bytes=counted.get((folder.pk, State.IMPORTED), (0, 0))[1],
        )
        for folder in ImportedFolder.objects.order_by("-started_at")
    ]


def refused(*, limit: int = 200) -> list[ImportedFile]:
    """List files that were refused, the latest first, with their folders."""
    rows = ImportedFile.objects.filter(state=State.REFUSED).select_related("folder")
    return list(rows.order_by("-seen_at", "path")[:limit])

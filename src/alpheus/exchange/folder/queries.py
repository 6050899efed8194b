"""Reads for the operator's page: what is imported, what was refused and why."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum

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


def is_under_way(*, since: datetime) -> bool:
    """Tell whether an import is at work: it has begun, not come to its end, and done something since a time.

    One that was killed is thus forgotten after a while.
    """
    unfinished = ImportedFolder.objects.filter(Q(finished_at=None) | Q(finished_at__lt=F("started_at")))
    moved = Q(started_at__gte=since) | Exists(
        ImportedFile.objects.filter(folder=OuterRef("pk"), seen_at__gte=since)
    )
    return unfinished.filter(moved).exists()


def assets_of_present_files() -> QuerySet[ImportedFile, int | None]:
    """Give the keys of rows of assets that files which are there now hold."""
    present = ImportedFile.objects.filter(state__in=(State.IMPORTED, State.DUPLICATE), asset__isnull=False)
    return present.values_list("asset_id", flat=True)


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

"""How the installation fares, for its operator: what is here, what is imported, what failed, storage, edges, plays."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from django.db.models import Count, Max, Q, QuerySet, Sum
from django_tasks_db.models import DBTaskResult

from alpheus.catalogue.models import Asset, Recording, Release, Rendition
from alpheus.exchange.folder.models import ImportedFile, ImportedFolder
from alpheus.listening import duty, edge_state
from alpheus.listening import queries as listening
from alpheus.listening.models import KeyLogFault, Play
from alpheus.listening.terms import Terms
from alpheus.parties.models import Account, Artist

FAILURES_SHOWN: Final = 50
AT_WORK_SHOWN: Final = 8
FAULTS_SHOWN: Final = 10


@dataclass(frozen=True)
class Overview:
    """All of it at one moment."""

    counts: Mapping[str, int]
    """Releases, recordings, artists and accounts."""
    assets: Mapping[str, int]
    """Files by where their ingest stands (Asset.State)."""
    at_work: list[tuple[Asset, str]]
    """What is being prepared, the furthest first, and its path; empty where it was not imported."""
    folders: list[ImportedFolder]
    """The latest run first, each with how many files are `imported`, `duplicate`, `refused` and `removed`."""
    failures: list[ImportedFile]
    """The latest that were not taken."""
    failure_count: int
    tasks_failed: int
    stored_bytes: int
    disk_free_bytes: int | None
    """None where objects lie in a bucket."""
    edges: list[edge_state.EdgeState]
    serving: frozenset[str]
    """Edges that are given new streams."""
    damaged: list[tuple[edge_state.Damaged, Recording | None]]
    """What edges could not open, each object once, and the recording that it is of."""
    plays: Mapping[str, object]
    """`all`, `qualified`, and when the `last` began."""
    listening_now: int
    faults: list[KeyLogFault]

    @property
    def to_go(self) -> int:
        """Files that wait or are at work."""
        return self.assets[Asset.State.WAITING] + self.assets[Asset.State.WORKING]


def overview(*, terms: Terms, objects_url: str, data: Path, now: datetime) -> Overview:
    """Look at everything at once; edges are asked over the internal network."""
    assets = dict(Asset.objects.values_list("state").annotate(n=Count("pk")))
    edges = edge_state.ask_all(terms)
    return Overview(
        counts={
            "releases": Release.objects.count(),
            "recordings": Recording.objects.count(),
            "artists": Artist.objects.count(),
            "accounts": Account.objects.count(),
        },
        assets={state.value: assets.get(state.value, 0) for state in Asset.State},
        at_work=_at_work(),
        folders=_folders(),
        failures=list(_failures()[:FAILURES_SHOWN]),
        failure_count=_failures().count(),
        tasks_failed=DBTaskResult.objects.filter(status="FAILED").count(),
        stored_bytes=Rendition.objects.aggregate(sum=Sum("stored_bytes"))["sum"] or 0,
        disk_free_bytes=_disk_free(objects_url, data),
        edges=edges,
        serving=frozenset(duty.serving(terms)),
        damaged=_damaged(edges),
        plays=Play.objects.aggregate(
            all=Count("pk"), qualified=Count("pk", filter=Q(qualified=True)), last=Max("started_at")
        ),
        listening_now=listening.listening_now(now=now),
        faults=list(listening.key_log_faults(limit=FAULTS_SHOWN)),
    )


def _at_work() -> list[tuple[Asset, str]]:
    working = Asset.objects.filter(state=Asset.State.WORKING).defer("peaks").order_by("-fraction", "id")
    return [
        (it, ImportedFile.objects.filter(asset=it).values_list("path", flat=True).first() or "")
        for it in working[:AT_WORK_SHOWN]
    ]


def _damaged(edges: list[edge_state.EdgeState]) -> list[tuple[edge_state.Damaged, Recording | None]]:
    found = {it.path: it for edge in edges for it in edge.damaged}
    of = Recording.objects.filter(asset__key__in={it.asset for it in found.values()}, removed_at=None)
    recordings = {row.asset.key: row for row in of.select_related("asset") if row.asset}
    return [(it, recordings.get(it.asset)) for it in list(found.values())[:FAILURES_SHOWN]]


def _failures() -> QuerySet[ImportedFile]:
    refused = ImportedFile.objects.filter(
        Q(state=ImportedFile.State.REFUSED) | Q(asset__state=Asset.State.REFUSED)
    )
    return refused.select_related("asset", "folder").order_by("-seen_at", "-id")


def _folders() -> list[ImportedFolder]:
    states = ImportedFile.State
    counts = {state.value: Count("files", filter=Q(files__state=state)) for state in states}
    return list(ImportedFolder.objects.annotate(**counts).order_by("-started_at", "-id"))


def _disk_free(objects_url: str, data: Path) -> int | None:
    """Room on the disk that holds the objects."""
    if not objects_url.startswith("file:"):
        return None
    try:
        return shutil.disk_usage(data).free
    except OSError:
        return None

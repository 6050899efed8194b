"""The operator's first page: what is imported, what failed and what to do, storage, edges, plays."""

import shutil
from pathlib import Path

from django.conf import settings
from django.db.models import Count, Max, Q, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe
from django_tasks_db.models import DBTaskResult

from alpheus.catalogue.models import Asset, Recording, Release, Rendition
from alpheus.exchange.folder.models import ImportedFile, ImportedFolder
from alpheus.listening import duty
from alpheus.listening import queries as listening
from alpheus.listening.models import Play
from alpheus.parties.models import Account, Artist
from alpheus.submissions import queries as submissions
from alpheus.web import edge_state
from alpheus.web.guards import operators_only
from alpheus.web.preparing import phases

FAILURES_SHOWN = 50
AT_WORK_SHOWN = 8


@require_safe
@operators_only
def page(request: HttpRequest) -> HttpResponse:
    """Show how the installation fares; while files are being prepared, what changes asks for itself again."""
    assets = dict(Asset.objects.values_list("state").annotate(n=Count("pk")))
    plays = Play.objects.aggregate(
        all=Count("pk"), qualified=Count("pk", filter=Q(qualified=True)), last=Max("started_at")
    )
    edges = edge_state.ask_all(settings.LISTENING)
    working = Asset.objects.filter(state=Asset.State.WORKING).defer("peaks").order_by("-fraction", "id")
    return render(
        request,
        "web/office.html",
        {
            "counts": {
                "releases": Release.objects.count(),
                "recordings": Recording.objects.count(),
                "artists": Artist.objects.count(),
                "accounts": Account.objects.count(),
            },
            "assets": {state.value: assets.get(state.value, 0) for state in Asset.State},
            "to_go": assets.get(Asset.State.WAITING, 0) + assets.get(Asset.State.WORKING, 0),
            "at_work": [(it, phases(it), it.files.first()) for it in working[:AT_WORK_SHOWN]],
            "folders": _folders(),
            "failures": list(_failures()[:FAILURES_SHOWN]),
            "failure_count": _failures().count(),
            "nobody_s": submissions.nobody_s(),
            "tasks_failed": DBTaskResult.objects.filter(status="FAILED").count(),
            "stored_bytes": Rendition.objects.aggregate(sum=Sum("stored_bytes"))["sum"] or 0,
            "disk": _disk(),
            "edges": edges,
            "serving": duty.serving(settings.LISTENING),
            "damaged": _damaged(edges),
            "plays": plays,
            "listening_now": listening.listening_now(now=timezone.now()),
            "faults": list(listening.key_log_faults(limit=10)),
        },
    )


def _damaged(edges: "list[edge_state.EdgeState]") -> "list[tuple[edge_state.Damaged, Recording | None]]":
    """What edges could not open, each object once, and the recording that it is of."""
    found = {it.path: it for edge in edges for it in edge.damaged}
    of = Recording.objects.filter(asset__key__in={it.asset for it in found.values()}, removed_at=None)
    recordings = {row.asset.key: row for row in of.select_related("asset") if row.asset}
    return [(it, recordings.get(it.asset)) for it in list(found.values())[:FAILURES_SHOWN]]


def _failures() -> "QuerySet[ImportedFile]":
    refused = ImportedFile.objects.filter(
        Q(state=ImportedFile.State.REFUSED) | Q(asset__state=Asset.State.REFUSED)
    )
    return refused.select_related("asset", "folder").order_by("-seen_at", "-id")


def _folders() -> "list[ImportedFolder]":
    """Every imported folder, the latest run first, with what became of its files."""
    states = ImportedFile.State
    counts = {state.value: Count("files", filter=Q(files__state=state)) for state in states}
    return list(ImportedFolder.objects.annotate(**counts).order_by("-started_at", "-id"))


def _disk() -> "shutil._ntuple_diskusage | None":
    """Room on the disk that holds the objects; None where they lie in a bucket."""
    if not settings.OURS.objects_url.startswith("file:"):
        return None
    try:
        return shutil.disk_usage(Path(settings.OURS.data))
    except OSError:
        return None

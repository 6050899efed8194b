"""The operator's first page: what is imported, what failed and what to do, storage, edges, plays."""

from dataclasses import fields
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from alpheus.exchange.folder.overview import overview
from alpheus.submissions import queries as submissions
from alpheus.web.guards import operators_only
from alpheus.web.preparing import phases


@require_safe
@operators_only
def page(request: HttpRequest) -> HttpResponse:
    """Show how the installation fares; while files are being prepared, what changes asks for itself again."""
    found = overview(
        terms=settings.LISTENING,
        objects_url=settings.OURS.objects_url,
        data=Path(settings.OURS.data),
        now=timezone.now(),
    )
    shown = {it.name: getattr(found, it.name) for it in fields(found)}
    at_work = [(asset, phases(asset), path) for asset, path in found.at_work]
    more = {"to_go": found.to_go, "at_work": at_work, "nobody_s": submissions.nobody_s()}
    return render(request, "web/office.html", shown | more)

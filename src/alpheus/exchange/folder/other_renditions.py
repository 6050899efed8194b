"""The second pass over a folder: the other renditions of all that plays already."""

from collections.abc import Mapping

from alpheus.catalogue.keep_asset import keep_rendition
from alpheus.catalogue.models import Asset
from alpheus.exchange.folder import work
from alpheus.exchange.folder.crew import Done, Failed, Task, Told
from alpheus.exchange.folder.journal import State
from alpheus.exchange.folder.meter import REST
from alpheus.exchange.folder.models import ImportedFile
from alpheus.exchange.folder.passes import Tools, stop_unless_the_files_fault
from alpheus.exchange.folder.scan import Found
from alpheus.exchange.folder.work import IngestOrder, Ready
from alpheus.ingest.manifest import Progress


def other_renditions(founds: Mapping[str, Found], *, renditions: tuple[str, ...], tools: Tools) -> None:
    """Make what is missing of everything imported from this folder, also what a former run left undone.

    Raises:
        ImportStopped: the disk is full or the object store failed.
    """
    wanting = _wanting(founds, renditions, tools)
    tools.meter.expect(REST, len(wanting))
    tasks = [
        Task(key, work.ingest_file, IngestOrder(founds[row.key].path, renditions))
        for key, row in wanting.items()
    ]
    for event in tools.crew.run(tasks):
        if isinstance(event, Told):
            _told(event, wanting, tools)
        elif isinstance(event, Done | Failed):
            tools.meter.finish(REST, event.task.name)
        if isinstance(event, Failed):
            stop_unless_the_files_fault(event.error)
            note = f"Its other renditions could not be made: {event.error}"
            tools.report.notes.append((wanting[event.task.name].path, note))
        tools.meter.tell(REST)


def _wanting(
    founds: Mapping[str, Found], renditions: tuple[str, ...], tools: Tools
) -> dict[str, ImportedFile]:
    """List assets that lack renditions, each with one file that holds its sound."""
    rows = tools.folder.files.filter(state=State.IMPORTED, asset__isnull=False, key__in=founds)
    wanting: dict[str, ImportedFile] = {}
    for row in rows.select_related("asset").prefetch_related("asset__renditions").order_by("pk"):
        if row.asset is not None and not set(renditions) <= _made(row.asset):
            wanting.setdefault(row.asset.key, row)
    return wanting


def _made(asset: Asset) -> set[str]:
    return {rendition.name for rendition in asset.renditions.all()}


def _told(event: Told, wanting: Mapping[str, ImportedFile], tools: Tools) -> None:
    if isinstance(event.what, Progress):
        tools.meter.part(event.task.name, event.what.fraction)
    asset = wanting[event.task.name].asset
    if isinstance(event.what, Ready) and asset is not None and asset.key == event.what.index.asset:
        now = tools.clock()
        made = keep_rendition(asset=asset, index=event.what.index, now=now)
        tools.report.renditions += made.ready_at == now

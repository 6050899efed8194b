"""What both passes over a folder work with."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from alpheus.exchange.folder.crew import Crew
from alpheus.exchange.folder.errors import ImportStopped
from alpheus.exchange.folder.meter import Meter
from alpheus.exchange.folder.models import ImportedFolder
from alpheus.exchange.folder.report import Report
from alpheus.exchange.folder.work import Context
from alpheus.ingest.errors import NoSpace
from alpheus.storage.errors import StorageError


@dataclass(frozen=True)
class Tools:
    """One run's folder, processes, report and clock; `began` is of `time.monotonic`."""

    folder: ImportedFolder
    context: Context
    crew: Crew
    report: Report
    meter: Meter
    clock: Callable[[], datetime]
    began: float


def stop_unless_the_files_fault(error: Exception) -> None:
    """End the import when the machine failed, not a file.

    Raises:
        ImportStopped: the disk is full or the object store failed.
    """
    if isinstance(error, NoSpace | StorageError):
        raise ImportStopped(
            f"{error} What is imported stays; run the same command again to go on."
        ) from error

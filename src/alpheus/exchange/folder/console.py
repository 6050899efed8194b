"""Import on the command line: a bar that tells rate and time left, then what came of it."""

import signal
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    Task,
    TaskID,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

from alpheus.exchange.folder.errors import FolderError
from alpheus.exchange.folder.import_folder import import_folder
from alpheus.exchange.folder.report import RefusedFile, Report, Status
from alpheus.ingest.manifest import RENDITIONS_IN_ORDER
from alpheus.storage.blobs import Blobs
from alpheus.values.duration import total

_PHASES = {"reading": "Reading tags", "first": "Making playable", "rest": "Other qualities"}
_NAMES_SHOWN = 3
_NOTES_SHOWN = 12


def run(
    root: Path,
    *,
    blobs: Blobs,
    kek: bytes,
    jobs: int,
    first_only: bool = False,
    renditions: Sequence[str] = RENDITIONS_IN_ORDER,
    console: Console | None = None,
) -> int:
    """Import a folder and say how it went; returns the exit code: 0, 1 when it could not be done, 130 when stopped."""
    out = console or Console(stderr=True, highlight=False)
    try:
        with _term_is_ctrl_c(), _bars(out) as bars:
            report = import_folder(
                root,
                blobs=blobs,
                kek=kek,
                jobs=jobs,
                on_progress=bars.show,
                renditions=renditions,
                first_only=first_only,
            )
    except FolderError as error:
        out.print(f"[bold]Not imported.[/bold] {error}", soft_wrap=True)
        return 1
    except KeyboardInterrupt:
        out.print("Stopped. What was imported stays; run the same command again to go on.")
        return 130
    show(report, out)
    return 130 if report.stopped else 0


def show(report: Report, out: Console) -> None:
    """Print what an import came to, and what was refused and why."""
    counts = (
        ("imported", report.imported),
        ("changed", report.changed),
        ("unchanged", report.unchanged),
        ("duplicates skipped", report.duplicates),
        ("gone since last time", report.removed),
        ("refused", len(report.refused)),
    )
    told = ", ".join(f"{count:,} {name}" for name, count in counts if count) or "no music found"
    out.print(f"\n[bold]{told}[/bold] of {report.found:,} files", soft_wrap=True)
    if report.audio_ms and report.seconds:
        times = report.audio_ms / 1000 / report.seconds
        out.print(
            f"{total(report.audio_ms)} of music in {_clock(report.seconds)}: {times:.0f} times faster than it plays."
        )
    if report.refused:
        out.print(_refused_table(report.refused))
    for path, note in report.notes[:_NOTES_SHOWN]:
        out.print(f"[dim]{_plain(path)}: {_plain(note)}[/dim]", soft_wrap=True)
    if len(report.notes) > _NOTES_SHOWN:
        out.print(f"[dim]... and {len(report.notes) - _NOTES_SHOWN:,} more notes of this kind.[/dim]")
    if report.stopped:
        out.print("Stopped. What is imported stays; run the same command again to go on.")


def _refused_table(refused: Sequence[RefusedFile]) -> Table:
    """One row a reason, with some names: a thousand files of one kind are one line."""
    groups: dict[tuple[str, str], list[str]] = defaultdict(list)
    for each in refused:
        groups[each.reason, each.remedy].append(each.path)
    table = Table(title="Refused", title_justify="left", show_lines=True)
    table.add_column("Files", overflow="fold", ratio=3)
    table.add_column("Why", overflow="fold", ratio=3)
    table.add_column("What to do", overflow="fold", ratio=3)
    for (reason, remedy), paths in sorted(groups.items(), key=lambda item: -len(item[1])):
        names = "\n".join(paths[:_NAMES_SHOWN])
        more = f"\n... and {len(paths) - _NAMES_SHOWN:,} more" if len(paths) > _NAMES_SHOWN else ""
        table.add_row(Text(names + more), Text(reason), Text(remedy))
    return table


class _Rate(ProgressColumn):
    """Files a minute."""

    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text(f"{speed * 60:,.0f} files/min" if speed else "", style="progress.data.speed")


class _Bars:
    """One bar a phase."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._tasks: dict[str, TaskID] = {}

    def show(self, status: Status) -> None:
        """Move the bar of the phase at work."""
        if status.total == 0:
            return
        if status.phase not in self._tasks:
            self._tasks[status.phase] = self._progress.add_task(
                _PHASES[status.phase], total=status.total, told=""
            )
        told = f"{int(status.done):,} of {status.total:,}" + (
            f", {status.refused:,} refused" if status.refused else ""
        )
        self._progress.update(self._tasks[status.phase], completed=status.done, told=told)


@contextmanager
def _bars(out: Console) -> Iterator[_Bars]:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=30),
        TaskProgressColumn(),
        TextColumn("{task.fields[told]}"),
        _Rate(),
        TimeRemainingColumn(compact=True),
        TextColumn("left"),
    )
    with Progress(*columns, console=out, speed_estimate_period=120) as progress:
        yield _Bars(progress)


@contextmanager
def _term_is_ctrl_c() -> Iterator[None]:
    """End in order when asked to, as at Ctrl-C."""

    def stop(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02} s" if minutes else f"{rest} s"


def _plain(text: str) -> str:
    """Keep what stands in names from being read as markup."""
    return text.replace("[", "\\[")

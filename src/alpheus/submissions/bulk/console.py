"""`alpheus intake SHOP FOLDER` on a terminal: check the sheet, lay it out, take the files in; again it goes on."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from django.utils import timezone
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress

from alpheus.parties.models import Account
from alpheus.shops.models import Shop
from alpheus.submissions.access import of_shop
from alpheus.submissions.bulk import rules, words
from alpheus.submissions.bulk.bring_sheet import bring_sheet, checked
from alpheus.submissions.bulk.errors import FolderUnfit, NotWhileWorking, SheetUnreadable
from alpheus.submissions.bulk.files import figures, sort_files
from alpheus.submissions.bulk.lay_out import lay_out
from alpheus.submissions.bulk.models import Intake
from alpheus.submissions.bulk.sheet import BYTES_MAX, SheetProblem
from alpheus.submissions.bulk.sources import Damaged, Folder, Zip, opened_zip
from alpheus.submissions.bulk.take_files import take_files
from alpheus.submissions.bulk.unpack import wanted_by
from alpheus.submissions.terms import terms
from alpheus.submissions.upload_file import DiskFull

_SHOWN = 40


def run(console: Console, *, handle: str, folder: Path, sheet: Path | None, check: bool) -> int:
    """Take a shop's catalogue in. Returns the exit code: 0, or 1 where something is to be mended.

    Args:
        console: where it is told.
        handle: of the shop.
        folder: with the files; or a zip of it.
        sheet: the CSV; none: the only one in the folder.
        check: whether to check the sheet and no more.
    """
    try:
        shop, owner = _found(handle)
        with _opened(folder) as source:
            row = _brought(shop, owner, *_sheet(source, sheet))
        _, found = checked(row)
        if found:
            _tell(console, found)
            return 1
        console.print(f"{row.rows:,} rows, {row.releases:,} releases: nothing to mend.", highlight=False)
        return 0 if check else _take(console, row, folder)
    except (FolderUnfit, NotWhileWorking) as error:
        console.print(str(error), highlight=False)
        return 1
    except SheetUnreadable as error:
        console.print(str(words.UNREADABLE[error.problem]), highlight=False)
        return 1


@contextmanager
def _opened(place: Path, *, wanted: Sequence[str] = ()) -> Iterator[Folder | Zip]:
    """A folder, or a zip, whose names tell by those that are wanted in which encoding they are."""
    if place.is_file():
        with opened_zip(place, wanted=wanted) as source:
            yield source
    elif place.is_dir():
        yield Folder(place)
    else:
        raise FolderUnfit(f"There is neither a folder nor a zip at {place}.")


def _found(handle: str) -> tuple[Shop, Account]:
    shop = Shop.objects.select_related("owner").filter(handle=handle.removeprefix("@").lower()).first()
    if shop is None:
        raise FolderUnfit(f"There is no shop @{handle}. Give its address without the @.")
    if shop.owner is None:
        raise FolderUnfit(f"Nobody owns @{handle} yet: its owner has to accept first.")
    return shop, shop.owner


def _sheet(source: Folder | Zip, sheet: Path | None) -> tuple[str, bytes]:
    """The sheet's name and bytes: the one that is named, else the only one at the top."""
    if sheet is not None:
        if not sheet.is_file():
            raise FolderUnfit(f"There is no sheet at {sheet}.")
        return sheet.name, sheet.read_bytes()
    found = [it for it in source.paths() if rules.is_sheet(it) and "/" not in it.replace("\\", "/")]
    if len(found) != 1:
        raise FolderUnfit(f"There are {len(found)} sheets at the top of it. Name one with --sheet.")
    if source.size(found[0]) > BYTES_MAX:
        raise SheetUnreadable(SheetProblem.TOO_LARGE)
    try:
        return found[0], b"".join(source.pieces(found[0]))
    except Damaged as error:
        raise FolderUnfit(f"{found[0]} cannot be read.") from error


def _brought(shop: Shop, owner: Account, name: str, data: bytes) -> Intake:
    """The intake of this sheet's name, with the sheet as it is now."""
    before = Intake.objects.filter(of_shop(owner, shop), name=name).first()
    if before is not None and before.state == Intake.State.LAYING_OUT:
        return before  # stopped in the middle
    return bring_sheet(
        account=owner,
        shop=shop.gid,
        data=data,
        name=name,
        gid=before.gid if before else None,
        now=timezone.now(),
    )


def _tell(console: Console, found: tuple[rules.Fault, ...]) -> None:
    for it in found[:_SHOWN]:
        console.print(escape(f"{words.place(it)}: {words.sentence(it)}"), highlight=False, soft_wrap=True)
    if len(found) > _SHOWN:
        console.print(f"... and {len(found) - _SHOWN:,} more.", highlight=False)


def _take(console: Console, row: Intake, place: Path) -> int:
    while lay_out(intake=row.pk, terms=terms(), now=timezone.now):
        pass
    row.refresh_from_db()
    with _opened(place, wanted=wanted_by(row)) as source:
        return _take_from(console, row, source)


def _take_from(console: Console, row: Intake, source: Folder | Zip) -> int:
    begun = timezone.now()
    row.unfit = ""
    try:
        with Progress(console=console) as progress:
            bar = progress.add_task("Files", total=None)
            before = figures(row).here

            def tell(done: int, left: int, path: str) -> None:
                here = figures(row).here - before
                progress.update(bar, completed=here, total=here + left - done, description=escape(path[-60:]))

            while take_files(
                intake=row, source=source, since=begun, terms=terms(), now=timezone.now, tell=tell
            ):
                pass
    except DiskFull:
        console.print("There is no room on the disk. Make some, and run the same command again.")
        return 1
    except KeyboardInterrupt:
        console.print("Stopped. What is here stays; run the same command again to go on.")
        return 130
    return _sum(console, row, source)


def _sum(console: Console, row: Intake, source: Folder | Zip) -> int:
    told, found = figures(row), sort_files(row, source.paths())
    console.print(
        f"{told.here:,} of {told.files:,} files are here, {told.refused:,} could not be used.",
        highlight=False,
    )
    for title, names in (
        ("Missing", [f"row {it.number}: {it.file}" for it in found.missing]),
        (
            "Several files have this name",
            [f"{it}: {', '.join(paths)}" for it, paths in found.several.items()],
        ),
        ("Covers missing", found.covers_missing),
        ("No row names", found.superfluous),
        ("Could not be used", row.unfit.splitlines()),
    ):
        for name in names[:_SHOWN]:
            console.print(escape(f"{title}: {name}"), highlight=False, soft_wrap=True)
        if len(names) > _SHOWN:
            console.print(f"{title}: and {len(names) - _SHOWN:,} more", highlight=False)
    console.print("The drafts are in the studio of the shop's owner, who hands them in.", highlight=False)
    return 0 if told.here == told.files else 1

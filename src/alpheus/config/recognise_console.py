"""`alpheus recognise` on a terminal: a bar, then what came of it."""

from rich.console import Console
from rich.progress import Progress

from alpheus.catalogue.ear import ear
from alpheus.catalogue.recognise import recognise
from alpheus.ingest.errors import NoSpace
from alpheus.storage.errors import StoreUnavailable


def run(console: Console) -> int:
    """Make what is missing; returns the exit code: 1 when something could not be done."""
    try:
        with Progress(console=console) as bar:
            task = bar.add_task("Fingerprints", total=None)
            done = recognise(
                ear=ear(),
                on_progress=lambda number, of: bar.update(task, completed=number, total=of),
            )
    except KeyboardInterrupt:
        console.print("Stopped. What was made stays; run the same command again to go on.")
        return 130
    except (NoSpace, StoreUnavailable) as error:
        console.print(f"[bold]Not finished.[/bold] {error}", highlight=False, soft_wrap=True)
        return 1
    console.print(
        f"{done.made:,} fingerprints made, {done.indexed:,} sounds indexed, {done.forgotten:,} forgotten.",
        highlight=False,
    )
    for asset, why in done.failed:
        console.print(f"{asset}: {why}", highlight=False, markup=False, soft_wrap=True)
    return 1 if done.failed else 0

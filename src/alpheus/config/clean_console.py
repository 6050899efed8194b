"""`alpheus clean` on a terminal: a table of what would go, a question, a table of what went."""

from collections.abc import Iterable

import typer
from django.utils import timezone
from rich.console import Console
from rich.filesize import decimal
from rich.table import Table

from alpheus.config.cleaning import Outcome, clean
from alpheus.config.settings import Settings
from alpheus.values.cleared import Cleared


def run(settings: Settings, *, console: Console, dry_run: bool, ask: bool) -> int:
    """Show what would go; unless that is all that is wanted, ask and clean. Returns the exit code."""
    if dry_run or ask:
        going = list(clean(settings, now=timezone.now(), dry_run=True))
        console.print(_table(going, verb="would go"))
        if dry_run or not typer.confirm("Clear it?", err=True):
            return _code(going)
    gone = list(clean(settings, now=timezone.now(), dry_run=False))
    console.print(_table(gone, verb="went"))
    return _code(gone)


def _table(outcomes: Iterable[Outcome], *, verb: str) -> Table:
    table = Table(box=None, pad_edge=False, show_footer=True)
    outcomes = list(outcomes)
    total = sum((outcome.cleared for outcome in outcomes), Cleared())
    table.add_column("what", footer="together")
    table.add_column(verb, justify="right", footer=str(total.things))
    table.add_column("bytes", justify="right", footer=decimal(total.size_bytes))
    table.add_column("rule")
    for outcome in outcomes:
        rule, cleared = outcome.rule, outcome.cleared
        size = decimal(cleared.size_bytes) if cleared.size_bytes else ""
        told = f"left for the next time: {outcome.trouble}" if outcome.trouble else rule.when
        table.add_row(rule.what, str(cleared.things), size, told)
    return table


def _code(outcomes: Iterable[Outcome]) -> int:
    return 1 if any(outcome.trouble for outcome in outcomes) else 0

"""A benchmark's rows: printed as a table and written to `results/NAME.json`."""

import json
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True)
class Row:
    """One figure with the bar it is held to.

    Attributes:
        measure: what was measured.
        value: the figure.
        unit: its unit; "x" for a ratio.
        bar: the limit in words, such as ">= 0.55"; empty where there is none.
        peer: what it was measured beside, in the same run.
        holds: whether the bar is met; None without a bar.
    """

    measure: str
    value: float
    unit: str
    bar: str = ""
    peer: str = ""
    holds: bool | None = None


def at_least(measure: str, value: float, unit: str, bar: float, *, peer: str = "") -> Row:
    """A row whose figure must reach `bar`."""
    return Row(measure, round(value, 4), unit, f">= {bar:g}", peer, value >= bar)


def at_most(measure: str, value: float, unit: str, bar: float, *, peer: str = "") -> Row:
    """A row whose figure must not pass `bar`."""
    return Row(measure, round(value, 4), unit, f"<= {bar:g}", peer, value <= bar)


def publish(name: str, rows: Sequence[Row]) -> None:
    """Print the rows and write `results/NAME.json`."""
    table = Table(title=name)
    for heading in ("measure", "value", "unit", "bar", "peer", "holds"):
        table.add_column(heading, justify="right" if heading == "value" else "left")
    signs: dict[bool | None, str] = {True: "yes", False: "NO", None: ""}
    for row in rows:
        table.add_row(row.measure, f"{row.value:g}", row.unit, row.bar, row.peer, signs[row.holds])
    Console().print(table)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{name}.json").write_text(
        json.dumps([asdict(row) for row in rows], indent=1, ensure_ascii=False) + "\n"
    )
    _date(name)


def _date(name: str) -> None:
    """Note machine and date of a result in the README beside it."""
    readme = RESULTS / "README.md"
    lines = (
        readme.read_text().splitlines()
        if readme.exists()
        else ["# Results", "", "| benchmark | date | machine |", "|---|---|---|"]
    )
    lines = [line for line in lines if not line.startswith(f"| {name} |")]
    lines.append(f"| {name} | {datetime.now(UTC):%Y-%m-%d} | {machine()} |")
    readme.write_text("\n".join(lines) + "\n")


def machine() -> str:
    """This machine in one line: processor, cores, Python."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    names = [line.split(":")[1].strip() for line in lines if line.startswith("model name")]
    cpu = names[0] if names else platform.processor()
    return f"{cpu}, {len(names) or '?'} cores, Python {platform.python_version()}"

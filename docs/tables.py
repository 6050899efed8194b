"""Rewrite the tables in docs/ that are made from the code and from benchmarks' results (`make docs`)."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import typer
from pydantic_core import PydanticUndefined

from alpheus.cli import app
from alpheus.config.settings import Settings

DOCS = Path(__file__).parent
PAGES = ("operations.md", "measured.md")
RESULTS = DOCS.parent / "benchmarks" / "results"


def settings_table() -> str:
    """One row a setting: its variable, its default, what it is."""
    rows = ["| variable | default | meaning |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        default = field.default
        if default is PydanticUndefined:
            default = "the number of cores"
        elif isinstance(default, tuple):
            default = ",".join(default)
        rows.append(
            f"| `ALPHEUS_{name.upper()}` | {f'`{default}`' if default != '' else 'empty'} | {field.description} |"
        )
    return "\n".join(rows)


def commands_table() -> str:
    """One row a command: its name with its options, what it does."""
    rows = ["| command | what it does |", "|---|---|"]
    for name, command in _commands(typer.main.get_command(app)):
        usage = " ".join(
            (parameter.name or "").upper()
            if parameter.param_type_name == "argument"
            else f"[{parameter.opts[0]}]"
            for parameter in command.params
            if parameter.name != "help"
        )
        text = " ".join((command.help or "").split())
        rows.append(f"| `alpheus {f'{name} {usage}'.strip()}` | {text} |")
    return "\n".join(rows)


def _commands(
    group: typer.core.TyperGroup, before: str = ""
) -> Iterator[tuple[str, typer.core.TyperCommand]]:
    """All commands with their names, those of groups after the group itself."""
    for name, command in sorted(group.commands.items()):
        yield before + name, command
        if hasattr(command, "commands"):
            yield from _commands(command, f"{before}{name} ")


def measured_table() -> str:
    """One row a figure that is held to a bar, by benchmark."""
    rows = ["| benchmark | measure | figure | bar | peer | holds |", "|---|---|---|---|---|---|"]
    for path in sorted(RESULTS.glob("*.json")):
        for row in json.loads(path.read_text()):
            if row["bar"]:
                figure = f"{row['value']:g} {row['unit']}".strip()
                holds = "yes" if row["holds"] else "**no**"
                rows.append(
                    f"| {path.stem} | {row['measure']} | {figure} | {row['bar']} | {row['peer']} | {holds} |"
                )
    return "\n".join(rows)


def rewritten(text: str) -> str:
    """The page with its tables made anew."""
    tables = {"settings": settings_table, "commands": commands_table, "measured": measured_table}
    for name, table in tables.items():
        text = re.sub(
            rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)",
            lambda m, t=table: f"{m[1]}{t()}\n{m[2]}",
            text,
            flags=re.DOTALL,
        )
    return text


if __name__ == "__main__":
    for page in PAGES:
        (DOCS / page).write_text(rewritten((DOCS / page).read_text()))

"""The house's contracts that import-linter cannot see."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src" / "alpheus"
LAYERS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"][0][
    "layers"
]
HEIGHT = {
    room.strip(" ()"): len(LAYERS) - index for index, layer in enumerate(LAYERS) for room in layer.split("|")
}
MODULES = sorted(path for path in SOURCE.rglob("*.py") if "migrations" not in path.parts)


def room_of(dotted: str) -> str:
    return dotted.split(".")[1]


def test_layers_hold():
    done = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports"))],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:]


def test_foreign_keys_point_down():
    ours = [model for model in apps.get_models() if model.__module__.startswith("alpheus.")]
    assert ours
    for model in ours:
        for field in model._meta.get_fields():
            target = field.related_model if getattr(field, "concrete", False) and field.is_relation else None
            if target is None or not target.__module__.startswith("alpheus."):
                continue
            mine, theirs = room_of(model.__module__), room_of(target.__module__)
            assert mine == theirs or HEIGHT[mine] > HEIGHT[theirs], f"{model.__name__}.{field.name} points up"


@pytest.mark.parametrize("path", sorted(SOURCE.glob("*/__init__.py")), ids=lambda path: path.parent.name)
def test_a_room_opens_with_one_docstring(path):
    tree = ast.parse(path.read_text())
    assert ast.get_docstring(tree)
    assert len(tree.body) == 1, "a room's __init__ re-exports nothing"


def test_functions_stay_short():
    long = []
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > 70:
                    long.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.name} {lines}")
    assert not long, long


def test_no_room_for_odds_and_ends():
    for path in MODULES:
        assert not re.search(r"util|helper|manager|common|misc", path.stem), path


def test_rules_are_pure():
    for path in SOURCE.rglob("rules.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = (
                [alias.name for alias in node.names]
                if isinstance(node, ast.Import)
                else [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else []
            )
            assert not any(re.match(r"django|time$|random$|pathlib|socket", name) for name in names), path


def tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def test_nothing_names_a_package_registry():
    hosts = re.compile(
        r"registry\.npmjs|pypi\.org/simple|files\.pythonhosted|index-url|extra-index", re.IGNORECASE
    )
    for path in tracked():
        if path.suffix in {".png", ".webp", ".woff2", ".avif"} or path == Path(__file__):
            continue
        found = hosts.search(path.read_text(errors="ignore"))
        if found and path.name != "Makefile":
            pytest.fail(f"{path.relative_to(ROOT)} names {found.group()}")


def test_locks_hold_hashes():
    for name in (f"requirements{of}.lock" for of in ("", "-build", "-dev", "-node")):
        blocks = re.split(r"\n(?=\S)", (ROOT / name).read_text().strip())
        for block in blocks:
            assert "--hash=sha256:" in block, f"{name}: {block.splitlines()[0]}"


def test_every_dependency_says_why():
    for line in (ROOT / "pyproject.toml").read_text().splitlines():
        if re.match(r'  "[a-z0-9\[\]-]+[<>=~!]=?[^"]*",', line):
            assert re.search(r"#\s*\S+", line), line

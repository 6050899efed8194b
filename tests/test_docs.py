"""Documentation is complete: what an operator or a client can meet stands in docs/."""

import re
import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DOCS = {path.name: path.read_text() for path in (ROOT / "docs").glob("*.md")}
ALL = "\n".join(DOCS.values()) + (ROOT / "README.md").read_text()


def test_tables_made_from_the_code_are_fresh():
    tables = runpy.run_path(str(ROOT / "docs" / "tables.py"))
    for page in tables["PAGES"]:
        assert tables["rewritten"](DOCS[page]) == DOCS[page], "run: make docs"


def test_every_make_command_has_a_line():
    text = (ROOT / "Makefile").read_text()
    phony = re.search(r"^\.PHONY: (.*)$", text, re.MULTILINE)[1].split()
    for name in phony:
        assert re.search(rf"^{name}:.*## \S", text, re.MULTILINE), name


def source_metrics():
    for path in (ROOT / "src" / "alpheus").rglob("*.py"):
        yield from re.findall(r'"(alpheus_[a-z_]+)"', path.read_text())


def test_every_metric_is_documented():
    names = sorted(set(source_metrics()))
    assert names
    missing = [name for name in names if name not in ALL]
    assert not missing


def test_every_api_operation_is_documented():
    from alpheus.api.routes import api

    described = api.get_openapi_schema()
    assert described["paths"]
    for path, operations in described["paths"].items():
        for method in operations:
            short = path.removeprefix("/api/v1")
            assert (
                f"{method.upper()} {short}" in DOCS["api.md"] or f"{method.upper()} {path}" in DOCS["api.md"]
            ), (method, path)


@pytest.mark.parametrize("name", sorted(DOCS))
def test_links_between_documents_lead_somewhere(name):
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", DOCS[name]):
        assert (ROOT / "docs" / target).exists(), target


def test_links_of_the_readme_lead_somewhere():
    for target in re.findall(r"[(\"']((?:docs|src|benchmarks)/[^)\"'#]+)", (ROOT / "README.md").read_text()):
        assert (ROOT / target).exists(), target

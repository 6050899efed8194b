"""The document at /api/v1/openapi.json, and the page that shows every operation at work."""

import re
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs" / "api.md"
METHODS = {"get", "put", "post", "delete", "patch"}


@pytest.fixture
def document(client):
    response = client.get("/api/v1/openapi.json")
    assert response.headers["Content-Type"].startswith("application/json")
    return response.json()


def operations(document):
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def references(node):
    if isinstance(node, dict):
        if "$ref" in node:
            yield node["$ref"]
        for value in node.values():
            yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


def test_it_is_openapi_3_1(document):
    assert document["openapi"] == "3.1.0"
    assert document["info"]["title"] == "Alpheus"


def test_every_reference_leads_somewhere(document):
    found = set(references(document))
    assert found
    for reference in found:
        node = document
        for part in reference.removeprefix("#/").split("/"):
            node = node[part]


def test_every_operation_is_whole(document):
    names = []
    for path, method, operation in operations(document):
        assert method in METHODS
        names.append(operation["operationId"])
        assert operation["description"], names[-1]
        assert operation["security"], names[-1]
        assert "application/problem+json" in operation["responses"]["default"]["content"]
        assert any(status.startswith("2") for status in map(str, operation["responses"]))
        told = {given["name"] for given in operation["parameters"] if given["in"] == "path"}
        assert told == set(re.findall(r"{(\w+)}", path)), names[-1]
    assert len(names) == len(set(names))


def test_who_needs_an_account_is_told(document):
    security = {operation["operationId"]: operation["security"] for _, _, operation in operations(document)}
    assert {} in security["play"]
    assert {} not in security["list_tokens"]


def test_every_operation_is_documented_with_an_example(document):
    text = DOCS.read_text()
    for path, method, operation in operations(document):
        heading = f"### {method.upper()} {path.removeprefix('/api/v1')}\n"
        assert heading in text, operation["operationId"]
        section = text.split(heading)[1].split("\n### ")[0].split("\n## ")[0]
        assert f"`{operation['operationId']}`" in section
        assert "curl" in section


def test_nothing_is_documented_that_is_not_there(document):
    known = {f"{method.upper()} {path.removeprefix('/api/v1')}" for path, method, _ in operations(document)}
    assert (
        set(re.findall(r"^### ((?:GET|PUT|POST|PATCH|DELETE) \S+)$", DOCS.read_text(), re.MULTILINE)) == known
    )

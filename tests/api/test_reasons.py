"""Why a field cannot be used is told in the reader's language, for every kind of fault that our shapes can have."""

import re
from uuid import uuid4

import pytest
from django.utils import translation
from pydantic import ValidationError

from alpheus.api.reasons import HOLDS_NUL, REASONS, reason
from alpheus.api.routes import _operations, api

HALF = "string_unicode"
"""Whatever is read from a text can be one with half a character in it."""
LENGTHS = {"min_length": "{}too_short", "max_length": "{}too_long"}
BOUNDS = {
    "gt": "greater_than",
    "ge": "greater_than_equal",
    "lt": "less_than",
    "le": "less_than_equal",
}
NUMBERS = {HALF, "finite_number", "int_type", "int_parsing", "int_from_float", "int_parsing_size"}
CAN = {
    "str": {HALF, "string_type"},
    "int": NUMBERS,
    "bool": {HALF, "bool_type", "bool_parsing"},
    "uuid": {HALF, "uuid_type", "uuid_parsing"},
    "decimal": {HALF, "decimal_type", "decimal_parsing", "finite_number"},
    "date": {HALF, "date_type", "date_parsing", "date_from_datetime_parsing", "date_from_datetime_inexact"},
    "list": {"list_type"},
    "dict": {"dict_type"},
    "literal": {HALF, "literal_error"},
    "enum": {HALF, "enum"},
    "model": {"model_type", "model_attributes_type"},
    "model-fields": {"model_attributes_type", "extra_forbidden"},
    "model-field": {"missing"},
    "tagged-union": {HALF, "union_tag_invalid", "union_tag_not_found", "model_attributes_type"},
    # These only hold others, or a function that is looked up in `FUNCTIONS`.
    "default": set(),
    "nullable": set(),
    "chain": set(),
    "union": set(),
    "definitions": set(),
    "definition-ref": set(),
    "function-after": set(),
    "function-wrap": set(),
    "function-plain": set(),
}
FUNCTIONS = {
    "_without_nul": {HOLDS_NUL},
    "UploadedFile._validate": {"value_error"},
    "max_length_validator": {"too_long"},
    "min_length_validator": {"too_short"},
    "Schema._run_root_validator": set(),
    "_apply_constraint_with_incompatibility_info": set(),  # around a schema of a text, which is walked itself
}
"""By the name of a function that a shape calls, what it can raise."""
HOSTILE = [
    None, True, 1, -1, 0, 10**30, 1.5, float("nan"), "", "a", "x" * 200_000, "\0", "\ud800", [], ["a"], [[]],
    ["x"] * 20_001, {}, {"op": "dance"}, {"op": 1}, "2026-13-40", "2026-01-01T10:00:00", "1e5", str(uuid4()),
    [{"op": "dance"}], [{}], {str(number): "x" for number in range(60)}, 1767225600.5, object(),
]  # fmt: skip


def taken():
    """Every shape that the API takes, as the framework checks it."""
    return [shape for operation in _operations(api) for shape in operation.models]


def named(function):
    """What a function of a schema is called, whatever it is wrapped in."""
    function = getattr(function, "func", function)
    return function.__qualname__.removeprefix("apply_known_metadata.<locals>.")


def kinds(node):
    """The kinds of faults that a schema can have."""
    if isinstance(node, list | tuple):
        return {kind for one in node for kind in kinds(one)}
    if not isinstance(node, dict):
        return set()
    found = set()
    told = node.get("type")
    if isinstance(told, str) and told in {"no-info", "with-info"}:
        found |= FUNCTIONS[named(node["function"])]
    elif isinstance(told, str):
        found |= CAN[told]
        prefix = "string_" if told == "str" else ""
        found |= {kind.format(prefix) for key, kind in LENGTHS.items() if key in node}
        found |= {kind for key, kind in BOUNDS.items() if key in node}
        found |= {"string_pattern_mismatch"} if "pattern" in node else set()
    below = (value for key, value in node.items() if key not in {"metadata", "serialization", "cls"})
    return found | {kind for value in below for kind in kinds(value)}


def faults(shape):
    """What a shape says of hostile values: alone, and in the place of each of its fields."""
    for value in HOSTILE:
        given = [value]
        for name, field in shape.model_fields.items():
            given.append({name: value})
            inner = getattr(field.annotation, "model_fields", {})
            given += [{name: {below: value}} for below in inner]
            given.append({name: dict.fromkeys(inner, value) | {"unknown": 1}})
        for one in given:
            try:
                shape.model_validate(one)
            except ValidationError as error:
                yield from error.errors()


def test_every_kind_that_can_occur_has_a_sentence():
    can = {kind for shape in taken() for kind in kinds(shape.__pydantic_core_schema__)}
    assert can - REASONS.keys() == set()


def test_what_does_occur_was_foreseen_and_is_said_whole():
    occurred = set()
    for shape in taken():
        foreseen = kinds(shape.__pydantic_core_schema__)
        for fault in faults(shape):
            occurred.add(fault["type"])
            assert fault["type"] in foreseen, (shape, fault["type"])
            said = reason(fault["type"], fault.get("ctx", {}))
            assert "%(" not in said
            assert said != fault["msg"]
    assert {"missing", "int_type", "too_long", "string_pattern_mismatch", "union_tag_invalid"} <= occurred
    assert {"value_error", HOLDS_NUL, "enum", "literal_error", HALF} <= occurred


@pytest.mark.parametrize("language", ["zh-hans", "ja", "ko"])
def test_no_sentence_is_left_in_english(language):
    with translation.override("en"):
        english = {kind: str(text) for kind, text in REASONS.items()}
    with translation.override(language):
        assert [kind for kind, text in REASONS.items() if str(text) == english[kind]] == []
        assert " or " not in reason("literal_error", {"expected": "'a', 'b' or 'c'"})


def test_a_kind_that_nobody_foresaw_is_not_told_in_english(guest):
    with translation.override("ja"):
        assert re.search(r"[ぁ-ん]", reason("brand_new", {}))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "Too large: at most 100."), ("zh-CN", "过大：最多 100。"), ("ja", "大きすぎます。最大は 100 です。"), ("ko", "너무 큽니다. 최대 100입니다.")],
)  # fmt: skip
def test_a_field_speaks_the_readers_language(guest, language, said):
    response = guest.get("/releases?limit=900", Accept_Language=language)
    assert response.json()["errors"] == [{"at": "query.limit", "reason": said}]

"""All SQL of the index on PostgreSQL: documents' tokens as a tsvector that the database itself keeps, under GIN.

The column is made from `tokens`, so that a document and what it is found by change in one write. For rare
terms the planner asks GIN; for frequent ones it walks the documents from the most popular until it has enough. Which
is which it knows by the tokens that it counts: of a hundred thousand tracks it must count more than it does by itself,
or takes every beginning of a word for a frequent one and walks to the end.
"""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import connection
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from alpheus.search.answers import by_query
from alpheus.search.tokens import Group, Term

# Our tokens as they are: PostgreSQL's own text parser would split and stem them.
CREATE = """
ALTER TABLE search_document ADD COLUMN found_by tsvector NOT NULL
    GENERATED ALWAYS AS (array_to_tsvector(string_to_array(tokens, ' '))) STORED
"""
CREATE_INDEX = "CREATE INDEX document_found_by ON search_document USING gin (found_by)"
DROP = "ALTER TABLE search_document DROP COLUMN found_by"
COUNT = "ALTER TABLE search_document ALTER COLUMN found_by SET STATISTICS 500"
"""Five thousand tokens; twice as many took each question longer to plan than they saved (`benchmarks/browse.py`)."""
COUNT_AS_USUAL = "ALTER TABLE search_document ALTER COLUMN found_by SET STATISTICS -1"


def create(_apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    """Make the index; a migration calls this."""
    if editor.connection.vendor == "postgresql":
        editor.execute(CREATE)
        editor.execute(CREATE_INDEX)


def drop(_apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    """Undo `create`."""
    if editor.connection.vendor == "postgresql":
        editor.execute(DROP)


def count_tokens(_apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    """Have the planner know more tokens, and count them now; a migration calls this."""
    if editor.connection.vendor == "postgresql":
        editor.execute(COUNT)
        editor.execute("ANALYZE search_document")


def count_as_usual(_apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    """Undo `count_tokens`."""
    if editor.connection.vendor == "postgresql":
        editor.execute(COUNT_AS_USUAL)


def next_ids(count: int) -> list[int]:
    """Give ids for as many new documents; two that ask at once get others."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('search_document', 'id')) FROM generate_series(1, %s)",
            [count],
        )
        return [row_id for (row_id,) in cursor.fetchall()]


def insert(rows: Iterable[tuple[int, str]]) -> None:
    """Index rows of (rank, tokens): the database did when the documents were written."""


def remove(rows: Iterable[tuple[int, str]]) -> None:
    """Take rows of (rank, tokens) out: the database does with the documents."""


def matching(queries: Sequence[Sequence[Group]], *, limit: int) -> list[list[tuple[int, UUID]]]:
    """List for each query the documents that hold a way of every group, the most popular first: (rank, gid)."""
    if not queries:
        return []
    each = (
        "(SELECT %s::integer AS number, rank, gid FROM search_document WHERE found_by @@ %s::tsquery "
        "ORDER BY rank DESC LIMIT %s)"
    )
    given: list[int | str] = []
    for number, groups in enumerate(queries):
        given += [number, " & ".join(map(_group, groups)), limit]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join([each] * len(queries)), given)
        return by_query(cursor.fetchall(), len(queries))


def _group(group: Group) -> str:
    return "(" + " | ".join("(" + " & ".join(map(_term, way)) + ")" for way in group) + ")"


def _term(term: Term) -> str:
    return "'" + term.text.replace("\\", "\\\\").replace("'", "''") + "'" + (":*" if term.prefix else "")

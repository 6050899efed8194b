"""All SQL of the index on SQLite: an FTS5 table over documents' tokens.

Rows are numbered by popularity class and document, so that "the most popular first" is the index read backwards
and a query stops as soon as it has enough. Only membership is indexed (detail=none): order and nearness are told
apart by the documents themselves.
"""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import connection
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from alpheus.search.answers import by_query
from alpheus.search.tokens import Group, Term

CREATE = """
CREATE VIRTUAL TABLE IF NOT EXISTS search_tokens USING fts5(
    tokens, content='', detail=none, columnsize=0, prefix='1 2 3', tokenize="ascii tokenchars '_'"
)
"""
DROP = "DROP TABLE IF EXISTS search_tokens"


def create(_apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    """Make the index; a migration calls this."""
    if editor.connection.vendor == "sqlite":
        editor.execute(CREATE)


def drop(_apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    """Undo `create`."""
    if editor.connection.vendor == "sqlite":
        editor.execute(DROP)


def next_ids(count: int) -> list[int]:
    """Give ids for as many new documents; a transaction that writes has SQLite's lock, so no two get the same."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) + 1 FROM search_document")
        first = int(cursor.fetchone()[0])
    return list(range(first, first + count))


def insert(rows: Iterable[tuple[int, str]]) -> None:
    """Index rows of (rank, tokens)."""
    with connection.cursor() as cursor:
        cursor.executemany("INSERT INTO search_tokens(rowid, tokens) VALUES (%s, %s)", list(rows))


def remove(rows: Iterable[tuple[int, str]]) -> None:
    """Take rows of (rank, tokens) out; the tokens must be those that were indexed."""
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO search_tokens(search_tokens, rowid, tokens) VALUES ('delete', %s, %s)", list(rows)
        )


def matching(queries: Sequence[Sequence[Group]], *, limit: int) -> list[list[tuple[int, UUID]]]:
    """List for each query the documents that hold a way of every group, the most popular first: (rank, gid)."""
    if not queries:
        return []
    # CROSS JOIN keeps the order: the index is walked, and each document that it names is looked up.
    each = (
        "SELECT %s AS number, rank, gid FROM (SELECT rowid AS at FROM search_tokens WHERE search_tokens MATCH %s "
        "ORDER BY rowid DESC LIMIT %s) CROSS JOIN search_document ON rank = at"
    )
    given: list[int | str] = []
    for number, groups in enumerate(queries):
        given += [number, " AND ".join(map(_group, groups)), limit]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join([each] * len(queries)), given)
        rows = ((number, rank, UUID(gid)) for number, rank, gid in cursor.fetchall())
        return by_query(rows, len(queries))


def _group(group: Group) -> str:
    return "(" + " OR ".join("(" + " AND ".join(map(_term, way)) + ")" for way in group) + ")"


def _term(term: Term) -> str:
    return '"' + term.text.replace('"', '""') + '"' + ("*" if term.prefix else "")

"""All SQL of the index on PostgreSQL: documents' tokens as a tsvector that the database itself keeps, under GIN.

The column is made from `tokens`, so that a document and what it is found by change in one write. For rare
terms the planner asks GIN; for frequent ones it walks the documents from the most popular until it has enough; where it
would take rare ones for frequent GIN is asked whatever it thinks (`_are_few`). Which is which it knows by the tokens that it counts: of a hundred thousand tracks it must count more than it does by itself,
or takes every beginning of a word for a frequent one and walks to the end.
"""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import connection
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from alpheus.search.answers import by_query
from alpheus.search.tokens import Group, Term, Way

_TELLING = 3
_AS_PLANNED = (
    "(SELECT %s::integer AS number, rank, gid FROM search_document WHERE found_by @@ %s::tsquery "
    "ORDER BY rank DESC LIMIT %s)"
)
# What is found is materialised, so that the planner knows of no limit which would make it walk; of several kinds at once.
_FEW = "{} AS MATERIALIZED (SELECT rank, gid, found_by FROM search_document WHERE found_by @@ %s::tsquery)"
_OF_FEW = "(SELECT %s::integer AS number, rank, gid FROM {} WHERE found_by @@ %s::tsquery ORDER BY rank DESC LIMIT %s)"

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
    few: dict[str, list[Way]] = {}
    for kinds, *groups in queries:
        if _are_few(groups, limit=limit):
            few.setdefault(_query(groups), []).extend(kinds)
    names = {query: f"few_{number}" for number, query in enumerate(few)}
    each: list[str] = []
    given: list[int | str] = [f"{_query([kinds])} & {query}" for query, kinds in few.items()]
    for number, (kinds, *groups) in enumerate(queries):
        name = names.get(_query(groups))
        each.append(_OF_FEW.format(name) if name else _AS_PLANNED)
        given += [number, _query([kinds] if name else [kinds, *groups]), limit]
    first = "WITH " + ", ".join(map(_FEW.format, names.values())) + " " if few else ""
    with connection.cursor() as cursor:
        cursor.execute(first + " UNION ALL ".join(each), given)
        return by_query(cursor.fetchall(), len(queries))


def _are_few(groups: Sequence[Group], *, limit: int) -> bool:
    """Whether documents that hold these, whatever their kind, are surely so few that GIN is to be asked.

    The planner takes tokens to be independent of one another: two words that are seldom together it believes to be met
    soon on a walk from the most popular, and walks past all documents. With one only, as somebody who mends wants it,
    the walk seems shorter still.
    """
    telling = any(all(any(map(_tells, way)) for way in group) for group in groups)
    return telling and (len(groups) > 1 or limit == 1)


def _tells(term: Term) -> bool:
    """Whether few documents hold a term: a whole word, or one of which more than two Latin letters are there."""
    return not term.prefix or len(term.text) >= _TELLING or not term.text.isascii()


def _query(groups: Sequence[Group]) -> str:
    return " & ".join(map(_group, groups))


def _group(group: Group) -> str:
    return "(" + " | ".join("(" + " & ".join(map(_term, way)) + ")" for way in group) + ")"


def _term(term: Term) -> str:
    return "'" + term.text.replace("\\", "\\\\").replace("'", "''") + "'" + (":*" if term.prefix else "")

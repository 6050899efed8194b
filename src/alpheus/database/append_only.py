"""Tables that are only ever added to: the database itself refuses to change or delete their rows.

SQLite drops triggers with a table that a later migration remakes: such a migration names `append_only` again.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def append_only(table: str) -> migrations.RunPython:
    """A migration's operation that makes a table append-only, on SQLite and PostgreSQL."""

    def create(_apps: object, editor: BaseDatabaseSchemaEditor) -> None:
        for statement in _SQL[editor.connection.vendor]:
            editor.execute(statement.format(table=table))

    def drop(_apps: object, editor: BaseDatabaseSchemaEditor) -> None:
        for statement in _UNDO[editor.connection.vendor]:
            editor.execute(statement.format(table=table))

    return migrations.RunPython(create, drop, elidable=False)


_SQL = {
    "sqlite": (
        (
            "CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} "
            "BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        ),
        (
            "CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} "
            "BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        ),
    ),
    "postgresql": (
        (
            "CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            "$$BEGIN RAISE EXCEPTION '{table} is append-only' USING ERRCODE = 'integrity_constraint_violation'; END$$"
        ),
        (
            "CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION {table}_refuse()"
        ),
    ),
}
_UNDO = {
    "sqlite": ("DROP TRIGGER {table}_no_update", "DROP TRIGGER {table}_no_delete"),
    "postgresql": (
        "DROP TRIGGER {table}_no_change ON {table}",
        "DROP FUNCTION {table}_refuse()",
    ),
}

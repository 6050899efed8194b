"""Texts in the order of their bytes on either database, so that lists, cursors and beginnings agree.

SQLite compares texts byte by byte. PostgreSQL compares them by the language that the database was made
for, which would order names otherwise on every server, and find no end of the names that begin alike.
"""

from django.apps.registry import Apps
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import RunPython


def by_bytes(app: str, model: str, *columns: str) -> RunPython:
    """Make the operation of a migration that orders text columns by their bytes; SQLite does so already."""

    def order(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
        if editor.connection.vendor != "postgresql":
            return
        described = apps.get_model(app, model)._meta  # noqa: SLF001 - Django documents it
        for name in columns:
            field = described.get_field(name)
            table, column = editor.quote_name(described.db_table), editor.quote_name(field.column)
            kind = field.db_type(editor.connection)
            editor.execute(f'ALTER TABLE {table} ALTER COLUMN {column} TYPE {kind} COLLATE "C"')

    return RunPython(order, RunPython.noop, elidable=False)

"""Fill the sort keys of artists and labels that are there already."""

from typing import Any

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from alpheus.database.collated import fill as fill_keys
from alpheus.values.collation import SortKeys, sort_keys
from alpheus.values.sort_names import sort_name


def fill(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    for name in ("Artist", "Label"):
        fill_keys(apps.get_model("parties", name), _keys)


def _keys(row: Any) -> SortKeys:
    """Where the key so far says another reading than the name itself, somebody told it."""
    name, key = row.name, row.sort_name
    reading = key if key != sort_name(name) else ""
    return sort_keys(name, reading=reading, language=row.language)


class Migration(migrations.Migration):
    dependencies = [
        ("parties", "0005_collation"),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=False),
    ]

"""Fill the sort keys of titles and genres that are there already, and which genres are spoken."""

from typing import Any

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from alpheus.catalogue.genres import SPEECH
from alpheus.database.collated import fill as fill_keys
from alpheus.values.collation import SortKeys, sort_keys
from alpheus.values.sort_names import sort_name


def fill(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    for name in ("Genre", "Recording", "Release"):
        fill_keys(apps.get_model("catalogue", name), _keys)
    apps.get_model("catalogue", "Genre").objects.filter(name__in=sorted(SPEECH)).update(spoken=True)


def _keys(row: Any) -> SortKeys:
    """Where the key so far says another reading than the title itself, somebody told it."""
    if not hasattr(row, "sort_title"):
        return sort_keys(row.name)
    reading = row.sort_title if row.sort_title != sort_name(row.title) else ""
    return sort_keys(row.title, reading=reading, language=row.language)


class Migration(migrations.Migration):
    dependencies = [
        ("catalogue", "0008_collation"),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=False),
    ]

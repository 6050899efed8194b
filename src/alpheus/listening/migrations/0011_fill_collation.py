"""Fill the sort keys of playlists that are there already."""

from typing import Any

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from alpheus.database.collated import fill as fill_keys
from alpheus.values.collation import SortKeys, sort_keys


def fill(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    fill_keys(apps.get_model("listening", "Playlist"), _keys)


def _keys(row: Any) -> SortKeys:
    return sort_keys(row.title)


class Migration(migrations.Migration):
    dependencies = [
        ("listening", "0010_collation"),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=False),
    ]

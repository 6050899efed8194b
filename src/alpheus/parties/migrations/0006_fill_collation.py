"""Fill the sort keys of artists and labels that are there already."""

from typing import Any

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from alpheus.values.collation import SortKeys, sort_keys
from alpheus.values.sort_names import sort_name

_AT_ONCE = 2_000
_COLUMNS = ("sort_zh", "sort_ja", "sort_ko")


def fill(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    for name in ("Artist", "Label"):
        _fill(apps.get_model("parties", name))


def _fill(model: Any) -> None:
    last = 0
    while rows := list(model.objects.filter(pk__gt=last).order_by("pk")[:_AT_ONCE]):
        for row in rows:
            keys = _keys(row)
            row.sort_zh, row.sort_ja, row.sort_ko = keys.zh, keys.ja, keys.ko
        model.objects.bulk_update(rows, _COLUMNS, batch_size=500)
        last = rows[-1].pk


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

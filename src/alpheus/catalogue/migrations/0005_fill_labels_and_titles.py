"""Make labels of the names that releases print, sort titles of recordings, and credits of works that are there already."""

from typing import Any

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from alpheus.search.tokens import folded
from alpheus.values.language import language_of
from alpheus.values.sort_names import sort_name
from alpheus.values.text import line

_AT_ONCE = 2_000
_NAME_MAX = 500
_OF_THE_WORK = ("composer", "lyricist", "writer", "librettist")


def fill(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    _labels(apps.get_model("parties", "Label"), apps.get_model("catalogue", "Release"))
    _titles(apps.get_model("catalogue", "Recording"))
    _work_credits(apps.get_model("catalogue", "WorkCredit"), apps.get_model("catalogue", "RecordingCredit"))


def _labels(label: Any, release: Any) -> None:
    named = release.objects.exclude(label_name="")
    for name in named.order_by("label_name").values_list("label_name", flat=True).distinct():
        plain = line(name, limit=_NAME_MAX)
        key = folded(plain)[:_NAME_MAX]
        if key:
            about = {"name": plain, "sort_name": sort_name(plain)[:_NAME_MAX], "language": language_of(plain)}
            row, _ = label.objects.get_or_create(key=key, defaults=about)
            release.objects.filter(label_name=name).update(label=row)


def _titles(recording: Any) -> None:
    batch = []
    for row in recording.objects.only("pk", "title").iterator(chunk_size=_AT_ONCE):
        row.sort_title = sort_name(row.title)
        batch.append(row)
        if len(batch) == _AT_ONCE:
            recording.objects.bulk_update(batch, ["sort_title"], batch_size=500)
            batch = []
    recording.objects.bulk_update(batch, ["sort_title"], batch_size=500)


def _work_credits(work_credit: Any, recording_credit: Any) -> None:
    told = recording_credit.objects.filter(role__in=_OF_THE_WORK, recording__works__isnull=False)
    rows = told.order_by("pk").values_list("recording__works", "artist", "role", "position")
    made = [
        work_credit(work_id=work, artist_id=artist, role=role, position=position)
        for work, artist, role, position in rows.iterator(chunk_size=_AT_ONCE)
    ]
    work_credit.objects.bulk_create(made, batch_size=500, ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [
        ("catalogue", "0004_labels_and_lists"),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=False),
    ]

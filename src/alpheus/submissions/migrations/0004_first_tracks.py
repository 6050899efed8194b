"""Give every application its one track: sound, uploads and evidence were the application's own before."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

ABOUT_WHO_HANDS_IN = ("artist-known", "refused-before", "refused-mailbox", "refused-artist")


def make_tracks(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    submissions, tracks = apps.get_model("submissions", "Submission"), apps.get_model("submissions", "Track")
    uploads, evidence = apps.get_model("submissions", "Upload"), apps.get_model("submissions", "Evidence")
    for row in submissions.objects.filter(tracks=None).iterator():
        track = tracks.objects.create(
            submission=row,
            position=0,
            title=row.title,
            asset_id=row.asset_id,
            recording_id=row.recording_id,
            source_sha256=row.source_sha256,
        )
        uploads.objects.filter(submission=row).update(track=track)
        evidence.objects.filter(submission=row).exclude(kind__in=ABOUT_WHO_HANDS_IN).update(track=track)


class Migration(migrations.Migration):
    dependencies = [("submissions", "0003_releases")]

    operations = [migrations.RunPython(make_tracks, migrations.RunPython.noop)]

"""Every entry of the queues that were kept as JSON becomes a row."""

from uuid import UUID, uuid4

from django.db import migrations

GAP = 1 << 20


def to_rows(apps, schema_editor):
    Session = apps.get_model('listening', 'PlaybackSession')
    Entry = apps.get_model('listening', 'QueueEntry')
    for session in Session.objects.iterator(chunk_size=100):
        rows = [
            Entry(session=session, gid=uuid4(), recording=UUID(gid), rank=place * GAP, given=place * GAP)
            for place, gid in enumerate(session.queue, start=1)
        ]
        Entry.objects.bulk_create(rows, batch_size=500)
        if session.index < len(rows):
            session.entry = rows[session.index].gid
        session.positioned_at = session.updated_at
        session.save(update_fields=['entry', 'positioned_at'])


def to_json(apps, schema_editor):
    Session = apps.get_model('listening', 'PlaybackSession')
    Entry = apps.get_model('listening', 'QueueEntry')
    for session in Session.objects.iterator(chunk_size=100):
        rows = list(Entry.objects.filter(session=session).order_by('rank', 'id').values_list('gid', 'recording'))
        session.queue = [str(recording) for _, recording in rows]
        session.index = next((place for place, (gid, _) in enumerate(rows) if gid == session.entry), 0)
        session.save(update_fields=['queue', 'index'])


class Migration(migrations.Migration):

    dependencies = [
        ('listening', '0007_queue_in_the_cloud'),
    ]

    operations = [
        migrations.RunPython(to_rows, to_json),
    ]

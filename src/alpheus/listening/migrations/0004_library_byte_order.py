"""Places in a playlist and lists of what is kept go by the bytes of their keys, on PostgreSQL as on SQLite."""

from django.db import migrations

from alpheus.database.byte_order import by_bytes


class Migration(migrations.Migration):

    dependencies = [
        ("listening", "0003_library"),
    ]

    operations = [
        by_bytes("listening", "PlaylistItem", "position"),
        by_bytes("listening", "Playlist", "sort_title"),
        by_bytes("listening", "Keep", "name", "by"),
    ]

"""Lists of artists go by the bytes of their sort names, on PostgreSQL as on SQLite."""

from django.db import migrations

from alpheus.database.byte_order import by_bytes


class Migration(migrations.Migration):

    dependencies = [
        ("parties", "0001_initial"),
    ]

    operations = [by_bytes("parties", "Artist", "sort_name")]

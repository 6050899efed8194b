"""Lists of releases and genres go by the bytes of their names, on PostgreSQL as on SQLite."""

from django.db import migrations

from alpheus.database.byte_order import by_bytes


class Migration(migrations.Migration):

    dependencies = [
        ("catalogue", "0001_initial"),
    ]

    operations = [
        by_bytes("catalogue", "Release", "sort_title"),
        by_bytes("catalogue", "Genre", "name"),
    ]

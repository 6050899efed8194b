"""On PostgreSQL: the index, and names in the order of their bytes. SQLite has both from 0001."""

from django.db import migrations

from alpheus.database.byte_order import by_bytes
from alpheus.search import postgresql


class Migration(migrations.Migration):

    dependencies = [
        ("search", "0001_initial"),
    ]

    operations = [
        by_bytes("search", "Document", "name"),
        migrations.RunPython(postgresql.create, postgresql.drop, elidable=False),
    ]

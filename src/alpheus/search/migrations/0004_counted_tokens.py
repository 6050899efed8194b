"""On PostgreSQL the planner counts enough tokens to tell rare words from frequent ones."""

from django.db import migrations

from alpheus.search import postgresql


class Migration(migrations.Migration):

    dependencies = [
        ("search", "0003_words"),
    ]

    operations = [
        migrations.RunPython(postgresql.count_tokens, postgresql.count_as_usual, elidable=False),
    ]

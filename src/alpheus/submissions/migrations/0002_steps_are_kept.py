"""What happened to a submission is added to and never changed."""

from django.db import migrations

from alpheus.database.append_only import append_only


class Migration(migrations.Migration):

    dependencies = [
        ("submissions", "0001_initial"),
    ]

    operations = [
        append_only("submissions_step"),
    ]

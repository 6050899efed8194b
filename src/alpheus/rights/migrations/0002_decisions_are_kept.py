"""What was decided about a notice is added to and never changed."""

from django.db import migrations

from alpheus.database.append_only import append_only


class Migration(migrations.Migration):

    dependencies = [
        ("rights", "0001_initial"),
    ]

    operations = [
        append_only("rights_noticedecision"),
    ]

"""Agreements, and what was done about a shop's people, are added to and never changed: who decided what can be told for ever."""

from django.db import migrations

from alpheus.database.append_only import append_only


class Migration(migrations.Migration):

    dependencies = [
        ("shops", "0005_brand_shops"),
    ]

    operations = [
        append_only("shops_agreement"),
        append_only("shops_housenote"),
    ]

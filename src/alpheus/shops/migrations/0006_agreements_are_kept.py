"""Agreements, and what was done about a shop's people and its artists' moves, are added to and never changed."""

from django.db import migrations

from alpheus.database.append_only import append_only


class Migration(migrations.Migration):

    dependencies = [
        ("shops", "0005_brand_shops"),
    ]

    operations = [
        append_only("shops_agreement"),
        append_only("shops_housenote"),
        append_only("shops_movestep"),
    ]

"""Prices and rates are added to and never changed: what held on a day can be answered for ever."""

from django.db import migrations

from alpheus.database.append_only import append_only


class Migration(migrations.Migration):

    dependencies = [
        ("shops", "0002_offers"),
    ]

    operations = [
        append_only("shops_price"),
        append_only("shops_priceamount"),
        append_only("shops_rate"),
    ]

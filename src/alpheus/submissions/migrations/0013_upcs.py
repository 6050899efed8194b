"""UPCs that were given under the operator's prefix are added to and never changed."""

from django.db import migrations, models

from alpheus.database.append_only import append_only


class Migration(migrations.Migration):

    dependencies = [
        ("submissions", "0012_prelistening"),
    ]

    operations = [
        migrations.CreateModel(
            name="MintedUpc",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(help_text="as a GTIN-13", max_length=13, unique=True)),
                (
                    "submission",
                    models.UUIDField(
                        db_index=True, help_text="the gid of the submission that it was minted for"
                    ),
                ),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.AddIndex(
            model_name="submission",
            index=models.Index(
                condition=models.Q(("upc", ""), _negated=True), fields=["upc"], name="submission_upc"
            ),
        ),
        append_only("submissions_mintedupc"),
    ]

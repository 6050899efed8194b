"""Labels as rows, catalogue numbers, who made a work, dates as one number, recordings by title."""

import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.comparison
from django.db import migrations, models

from alpheus.database.byte_order import by_bytes


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0003_unnamed_since'),
        ('parties', '0003_label'),
    ]

    operations = [
        migrations.CreateModel(
            name='WorkCredit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(max_length=80)),
                ('position', models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                'ordering': ['position', 'id'],
            },
        ),
        migrations.AddField(
            model_name='recording',
            name='sort_title',
            field=models.CharField(blank=True, max_length=1000),
        ),
        migrations.AddField(
            model_name='release',
            name='catalogue_number',
            field=models.CharField(blank=True, help_text="the label's own number for it", max_length=80),
        ),
        migrations.AddField(
            model_name='release',
            name='label',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='releases', to='parties.label'),
        ),
        migrations.AddField(
            model_name='work',
            name='mbid',
            field=models.UUIDField(blank=True, help_text='MusicBrainz work', null=True, unique=True),
        ),
        migrations.AlterField(
            model_name='release',
            name='label_name',
            field=models.CharField(blank=True, help_text='as the release prints it', max_length=500),
        ),
        migrations.AddField(
            model_name='release',
            name='released',
            field=models.GeneratedField(db_persist=True, expression=django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.functions.comparison.Coalesce(models.F('year'), 0), '*', models.Value(10000)), '+', django.db.models.expressions.CombinedExpression(django.db.models.functions.comparison.Coalesce(models.F('month'), 0), '*', models.Value(100))), '+', django.db.models.functions.comparison.Coalesce(models.F('day'), 0)), help_text='the date as one number, 20261121; parts that are not known are 0: what lists by date go by', output_field=models.IntegerField()),
        ),
        by_bytes("catalogue", "Recording", "sort_title"),
        migrations.AddIndex(
            model_name='recording',
            index=models.Index(fields=['sort_title', 'id'], name='recording_by_title'),
        ),
        migrations.AddIndex(
            model_name='release',
            index=models.Index(models.OrderBy(models.F('released'), descending=True), models.OrderBy(models.F('id'), descending=True), name='release_by_date'),
        ),
        migrations.AddIndex(
            model_name='release',
            index=models.Index(models.F('label'), models.OrderBy(models.F('released'), descending=True), models.OrderBy(models.F('id'), descending=True), name='release_by_label'),
        ),
        migrations.AddField(
            model_name='workcredit',
            name='artist',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='work_roles', to='parties.artist'),
        ),
        migrations.AddField(
            model_name='workcredit',
            name='work',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='roles', to='catalogue.work'),
        ),
        migrations.AddConstraint(
            model_name='workcredit',
            constraint=models.UniqueConstraint(fields=('work', 'artist', 'role'), name='work_role_once'),
        ),
    ]

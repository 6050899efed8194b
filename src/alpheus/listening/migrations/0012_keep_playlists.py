"""Playlists of others can be kept."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0009_fill_collation'),
        ('listening', '0011_fill_collation'),
        ('parties', '0006_fill_collation'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='keep',
            name='keep_one_thing',
        ),
        migrations.AddField(
            model_name='keep',
            name='playlist',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='keeps', to='listening.playlist'),
        ),
        migrations.AddConstraint(
            model_name='keep',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('artist__isnull', True), ('playlist__isnull', True), ('recording__isnull', False), ('release__isnull', True)), models.Q(('artist__isnull', True), ('playlist__isnull', True), ('recording__isnull', True), ('release__isnull', False)), models.Q(('artist__isnull', False), ('playlist__isnull', True), ('recording__isnull', True), ('release__isnull', True)), models.Q(('artist__isnull', True), ('playlist__isnull', False), ('recording__isnull', True), ('release__isnull', True)), _connector='OR'), name='keep_one_thing'),
        ),
        migrations.AddConstraint(
            model_name='keep',
            constraint=models.UniqueConstraint(fields=('listener', 'playlist'), name='keep_playlist_once'),
        ),
    ]

"""Playlists as readers of Chinese, Japanese and Korean order them."""

from django.db import migrations, models

from alpheus.database.byte_order import by_bytes


class Migration(migrations.Migration):

    dependencies = [
        ('listening', '0009_one_row_an_entry'),
    ]

    operations = [
        migrations.AddField(
            model_name='playlist',
            name='sort_ja',
            field=models.CharField(blank=True, help_text='by kana', max_length=400),
        ),
        migrations.AddField(
            model_name='playlist',
            name='sort_ko',
            field=models.CharField(blank=True, help_text='by hangul', max_length=400),
        ),
        migrations.AddField(
            model_name='playlist',
            name='sort_zh',
            field=models.CharField(blank=True, help_text='by pinyin', max_length=400),
        ),
        by_bytes("listening", "Playlist", "sort_zh", "sort_ja", "sort_ko"),
    ]

"""Titles and genres as readers of Chinese, Japanese and Korean order them."""

from django.db import migrations, models

from alpheus.database.byte_order import by_bytes


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0007_fingerprints'),
        ('parties', '0005_collation'),
    ]

    operations = [
        migrations.AddField(
            model_name='genre',
            name='spoken',
            field=models.BooleanField(default=False, help_text='whether what has it is spoken: audiobook, podcast'),
        ),
        migrations.AddField(
            model_name='genre',
            name='sort_ja',
            field=models.CharField(blank=True, help_text='by kana', max_length=400),
        ),
        migrations.AddField(
            model_name='genre',
            name='sort_ko',
            field=models.CharField(blank=True, help_text='by hangul', max_length=400),
        ),
        migrations.AddField(
            model_name='genre',
            name='sort_zh',
            field=models.CharField(blank=True, help_text='by pinyin', max_length=400),
        ),
        migrations.AddField(
            model_name='recording',
            name='sort_ja',
            field=models.CharField(blank=True, help_text='by kana', max_length=400),
        ),
        migrations.AddField(
            model_name='recording',
            name='sort_ko',
            field=models.CharField(blank=True, help_text='by hangul', max_length=400),
        ),
        migrations.AddField(
            model_name='recording',
            name='sort_zh',
            field=models.CharField(blank=True, help_text='by pinyin', max_length=400),
        ),
        migrations.AddField(
            model_name='release',
            name='sort_ja',
            field=models.CharField(blank=True, help_text='by kana', max_length=400),
        ),
        migrations.AddField(
            model_name='release',
            name='sort_ko',
            field=models.CharField(blank=True, help_text='by hangul', max_length=400),
        ),
        migrations.AddField(
            model_name='release',
            name='sort_zh',
            field=models.CharField(blank=True, help_text='by pinyin', max_length=400),
        ),
        by_bytes("catalogue", "Genre", "sort_zh", "sort_ja", "sort_ko"),
        by_bytes("catalogue", "Recording", "sort_zh", "sort_ja", "sort_ko"),
        by_bytes("catalogue", "Release", "sort_zh", "sort_ja", "sort_ko"),
        migrations.AddIndex(
            model_name='recording',
            index=models.Index(fields=['sort_zh', 'id'], name='recording_by_pinyin'),
        ),
        migrations.AddIndex(
            model_name='recording',
            index=models.Index(fields=['sort_ja', 'id'], name='recording_by_kana'),
        ),
        migrations.AddIndex(
            model_name='recording',
            index=models.Index(fields=['sort_ko', 'id'], name='recording_by_hangul'),
        ),
        migrations.AddIndex(
            model_name='release',
            index=models.Index(fields=['sort_zh', 'id'], name='release_by_pinyin'),
        ),
        migrations.AddIndex(
            model_name='release',
            index=models.Index(fields=['sort_ja', 'id'], name='release_by_kana'),
        ),
        migrations.AddIndex(
            model_name='release',
            index=models.Index(fields=['sort_ko', 'id'], name='release_by_hangul'),
        ),
    ]

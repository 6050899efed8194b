"""Names of artists and labels as readers of Chinese, Japanese and Korean order them."""

from django.db import migrations, models

from alpheus.database.byte_order import by_bytes


class Migration(migrations.Migration):

    dependencies = [
        ('parties', '0004_accounts'),
    ]

    operations = [
        migrations.AddField(
            model_name='artist',
            name='sort_ja',
            field=models.CharField(blank=True, help_text='by kana', max_length=400),
        ),
        migrations.AddField(
            model_name='artist',
            name='sort_ko',
            field=models.CharField(blank=True, help_text='by hangul', max_length=400),
        ),
        migrations.AddField(
            model_name='artist',
            name='sort_zh',
            field=models.CharField(blank=True, help_text='by pinyin', max_length=400),
        ),
        migrations.AddField(
            model_name='label',
            name='sort_ja',
            field=models.CharField(blank=True, help_text='by kana', max_length=400),
        ),
        migrations.AddField(
            model_name='label',
            name='sort_ko',
            field=models.CharField(blank=True, help_text='by hangul', max_length=400),
        ),
        migrations.AddField(
            model_name='label',
            name='sort_zh',
            field=models.CharField(blank=True, help_text='by pinyin', max_length=400),
        ),
        by_bytes("parties", "Artist", "sort_zh", "sort_ja", "sort_ko"),
        by_bytes("parties", "Label", "sort_zh", "sort_ja", "sort_ko"),
        migrations.AddIndex(
            model_name='artist',
            index=models.Index(fields=['sort_zh', 'id'], name='artist_by_pinyin'),
        ),
        migrations.AddIndex(
            model_name='artist',
            index=models.Index(fields=['sort_ja', 'id'], name='artist_by_kana'),
        ),
        migrations.AddIndex(
            model_name='artist',
            index=models.Index(fields=['sort_ko', 'id'], name='artist_by_hangul'),
        ),
    ]

"""Labels, whom releases come out under."""

import django.utils.timezone
import uuid
from django.db import migrations, models

from alpheus.database.byte_order import by_bytes


class Migration(migrations.Migration):

    dependencies = [
        ('parties', '0002_byte_order'),
    ]

    operations = [
        migrations.CreateModel(
            name='Label',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('gid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('name', models.CharField(max_length=500)),
                ('key', models.CharField(help_text='the name folded: what people call the same', max_length=500, unique=True)),
                ('sort_name', models.CharField(max_length=500)),
                ('language', models.CharField(blank=True, help_text="BCP 47 tag of the name's script", max_length=16)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'indexes': [models.Index(fields=['sort_name', 'id'], name='label_by_sort_name')],
            },
        ),
        by_bytes("parties", "Label", "sort_name"),
    ]

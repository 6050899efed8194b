"""What is offered is counted by small indexes of its own."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0005_fill_labels_and_titles'),
        ('parties', '0003_label'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='recording',
            index=models.Index(condition=models.Q(('removed_at', None)), fields=['id'], name='recording_offered'),
        ),
        migrations.AddIndex(
            model_name='release',
            index=models.Index(condition=models.Q(('removed_at', None)), fields=['id'], name='release_offered'),
        ),
    ]

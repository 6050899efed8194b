from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('listening', '0008_move_queues'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='playbacksession',
            name='index',
        ),
        migrations.RemoveField(
            model_name='playbacksession',
            name='queue',
        ),
    ]

"""What the task tables need themselves: finished tasks are forgotten after a while."""

from datetime import timedelta

from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from alpheus.tasks.schedule import every

KEEP_DAYS = 14


@every(seconds=6 * 3600)
def forget_finished() -> None:
    """Delete results of tasks that ended more than two weeks ago."""
    DBTaskResult.objects.finished().filter(
        finished_at__lt=timezone.now() - timedelta(days=KEEP_DAYS)
    ).delete()

"""What the task tables need themselves: finished tasks are forgotten after a while."""

from datetime import datetime

from django_tasks_db.models import DBTaskResult

from alpheus.values.cleared import Cleared


def clear_tasks(*, before: datetime, dry_run: bool) -> Cleared:
    """Delete results of tasks that ended before a time."""
    ended = DBTaskResult.objects.finished().filter(finished_at__lt=before)
    return Cleared(ended.count() if dry_run else ended.delete()[0])

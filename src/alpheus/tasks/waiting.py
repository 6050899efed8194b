"""Whether a task is still going to be done."""

from typing import Any

from django_tasks_db.models import DBTaskResult


def is_waiting(task: Any, *args: object) -> bool:
    """Whether a task with these arguments is at work, waits for its turn or for its next try."""
    rows = DBTaskResult.objects.filter(task_path=task.module_path, status__in=["READY", "RUNNING"])
    return rows.filter(args_kwargs={"args": list(args), "kwargs": {}}).exists()

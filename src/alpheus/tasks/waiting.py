"""Whether a task is still going to be done, and whether it was given up."""

from typing import Any

from django.db.models import QuerySet
from django_tasks_db.models import DBTaskResult

from alpheus.tasks.retry import policy_of

Rows = QuerySet["DBTaskResult[..., object]"]


def is_waiting(task: Any, *args: object) -> bool:
    """Whether a task with these arguments is at work, waits for its turn or for its next try."""
    return _rows(task, args).filter(status__in=["READY", "RUNNING"]).exists()


def will_be_done(task: Any, *args: object) -> bool:
    """The same, also in the moment between a failure and its next try."""
    return is_waiting(task, *args) or _failed(task, args) is False


def was_given_up(task: Any, *args: object) -> bool:
    """Whether a task with these arguments failed for good the last time, and none waits."""
    return not is_waiting(task, *args) and _failed(task, args) is True


def why_given_up(task: Any, *args: object) -> str:
    """What kind of failure it was when it failed for good, by its name; empty where it did not."""
    if not was_given_up(task, *args):
        return ""
    last = _rows(task, args).filter(status="FAILED").order_by("-enqueued_at").first()
    return last.exception_class_path.rpartition(".")[2] if last else ""


def _rows(task: Any, args: tuple[object, ...]) -> Rows:
    rows = DBTaskResult.objects.filter(task_path=task.module_path)
    return rows.filter(args_kwargs={"args": list(args), "kwargs": {}})


def _failed(task: Any, args: tuple[object, ...]) -> bool | None:
    """Of one that failed last: whether its last try was its last. None where it did not fail last."""
    last = _rows(task, args).filter(status="FAILED").order_by("-enqueued_at").first()
    if (
        last is None
        or _rows(task, args).filter(status="SUCCESSFUL", enqueued_at__gt=last.enqueued_at).exists()
    ):
        return None
    return policy_of(task.module_path).delay_seconds(max(1, len(last.worker_ids))) is None

"""The worker: tasks from the database with retry, schedules, and tasks of workers that died.

django-tasks-db claims and runs a task; what it leaves out is added here: back-off after a failure, schedules,
and taking over what a killed worker had begun (so a task must be safe to run twice).
"""

import logging
import signal
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from types import FrameType
from uuid import uuid4

from django.db import DatabaseError, InterfaceError, close_old_connections, connection
from django.utils import timezone
from django_tasks_db.management.commands.db_worker import Worker as TaskRunner
from django_tasks_db.models import DBTaskResult
from django_tasks_db.utils import exclusive_transaction

from alpheus.tasks import retry, schedule
from alpheus.tasks.models import WorkerBeat

log = logging.getLogger("alpheus.tasks")

BEAT_SECONDS = 10.0
DEAD_SECONDS = 60.0


class Worker:
    """Runs tasks and schedules until told to stop; what has begun is finished first."""

    def __init__(self, *, interval_seconds: float = 0.5, now: Callable[[], datetime] = timezone.now) -> None:
        """Prepare a worker that looks for work every `interval_seconds` when it has none."""
        self.id = f"worker-{uuid4().hex[:16]}"
        self._interval_seconds = interval_seconds
        self._now = now
        self._stopping = threading.Event()
        self._take_over_due = now()
        self._runner = TaskRunner(
            queue_names=["*"],
            interval=interval_seconds,
            batch=False,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=self.id,
            excluded_queue_names=[],
        )

    def stop_on_signals(self) -> None:
        """Stop after the task at hand when SIGTERM or SIGINT arrives."""

        def stop(_number: int, _frame: FrameType | None) -> None:
            self._stopping.set()

        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)

    def run(self) -> None:
        """Work until stopped."""
        log.info("worker_started", extra={"worker": self.id})
        # A thread of its own, because a task may run for longer than a worker may be silent.
        threading.Thread(target=self._beat_until_stopped, daemon=True).start()
        while not self._stopping.is_set():
            if not self.step():
                self._stopping.wait(self._interval_seconds)
        WorkerBeat.objects.filter(worker_id=self.id).delete()
        log.info("worker_stopped", extra={"worker": self.id})

    def step(self) -> bool:
        """Take over what dead workers left, run what is due, run one task. Returns whether a task ran."""
        close_old_connections()
        self._take_over_if_due()
        self._run_schedules()
        return self._run_one_task()

    def beat(self) -> None:
        """Write this worker's sign of life."""
        WorkerBeat.objects.update_or_create(worker_id=self.id, defaults={"beat_at": self._now()})

    def _beat_until_stopped(self) -> None:
        while True:
            try:
                self.beat()
            except (DatabaseError, InterfaceError):
                log.exception("beat_failed")  # the next one may succeed; one missed beat is not death
            finally:
                connection.close()
            if self._stopping.wait(BEAT_SECONDS):
                return

    def _take_over_if_due(self) -> None:
        now = self._now()
        if now >= self._take_over_due:
            self._take_over_due = now + timedelta(seconds=BEAT_SECONDS)
            self.beat()
            self._take_over(now)

    def _take_over(self, now: datetime) -> None:
        """Put back what workers without a sign of life had begun."""
        WorkerBeat.objects.filter(beat_at__lt=now - timedelta(seconds=DEAD_SECONDS)).delete()
        alive = set(WorkerBeat.objects.values_list("worker_id", flat=True))
        for task in DBTaskResult.objects.running():
            if task.worker_ids and task.worker_ids[-1] not in alive:
                DBTaskResult.objects.filter(pk=task.pk, status=task.status).update(
                    status="READY", run_after=now
                )
                log.warning("task_taken_over", extra={"task": task.task_path, "id": str(task.pk)})

    def _run_schedules(self) -> None:
        for item in schedule.registered():
            if self._stopping.is_set() or not schedule.claim(item, now=self._now()):
                continue
            try:
                item.run()
            except Exception:
                log.exception("schedule_failed", extra={"schedule": item.name})

    def _run_one_task(self) -> bool:
        # A plain look first: claiming takes SQLite's exclusive lock, which an idle worker must not do.
        if not DBTaskResult.objects.ready().exists():
            return False
        with exclusive_transaction():
            task = DBTaskResult.objects.ready().get_locked()
            if task is None:
                return False
            task.claim(self.id)
        self._runner.run_task(task)
        self._retry_if_failed(task)
        return True

    def _retry_if_failed(self, task: "DBTaskResult[..., object]") -> None:
        task.refresh_from_db()
        if task.status != "FAILED":
            return
        attempt = len(task.worker_ids)
        delay = retry.policy_of(task.task_path).delay_seconds(attempt)
        extra = {"task": task.task_path, "id": str(task.pk), "attempt": attempt}
        if delay is None:
            log.error("task_failed", extra=extra | {"error": task.traceback[-500:]})
            _give_up(task)
            return
        DBTaskResult.objects.filter(pk=task.pk).update(
            status="READY", finished_at=None, run_after=self._now() + timedelta(seconds=delay)
        )
        log.warning("task_will_be_retried", extra=extra | {"delay_seconds": round(delay, 1)})


def _give_up(task: "DBTaskResult[..., object]") -> None:
    """Tell what has to know that nobody tries this task again."""
    told = retry.giving_up(task.task_path)
    if told is None:
        return
    try:
        told(*task.args_kwargs["args"], **task.args_kwargs["kwargs"])
    except Exception:
        log.exception("giving_up_failed", extra={"task": task.task_path, "id": str(task.pk)})

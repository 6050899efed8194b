from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from alpheus.tasks import retry, schedule
from alpheus.tasks.models import DueTime, WorkerBeat
from alpheus.tasks.worker import Worker

pytestmark = pytest.mark.django_db(transaction=True)

calls: list[str] = []


@task()
def fails_twice() -> None:
    calls.append("try")
    if len(calls) < 3:
        raise RuntimeError("not yet")


@task()
def always_fails() -> None:
    calls.append("try")
    raise RuntimeError("never")


retry.retried(fails_twice, retry.Retry(attempts=3, first_seconds=10, factor=2))


class Clock:
    def __init__(self):
        self.at = timezone.now()

    def __call__(self):
        return self.at


@pytest.fixture(autouse=True)
def nothing_called_yet(monkeypatch):
    calls.clear()
    monkeypatch.setattr(schedule, "_schedules", {})


def run_due(worker):
    """Let back-off pass without waiting for it."""
    DBTaskResult.objects.filter(status="READY").update(run_after=timezone.now())
    return worker.step()


def test_a_failed_task_is_tried_again_until_it_succeeds():
    fails_twice.enqueue()
    worker = Worker()
    assert [run_due(worker) for _ in range(4)] == [True, True, True, False]
    assert DBTaskResult.objects.get().status == "SUCCESSFUL"
    assert len(calls) == 3


def test_a_task_waits_longer_after_each_failure():
    fails_twice.enqueue()
    worker = Worker()
    before = timezone.now()
    worker.step()
    first = DBTaskResult.objects.get()
    assert first.status == "READY"
    assert timedelta(seconds=5) <= first.run_after - before <= timedelta(seconds=11)
    assert not worker.step(), "it is not due yet"


def test_a_task_without_a_policy_is_tried_once():
    always_fails.enqueue()
    worker = Worker()
    assert [run_due(worker), run_due(worker)] == [True, False]
    assert DBTaskResult.objects.get().status == "FAILED"


@pytest.mark.parametrize(
    ("attempt", "least", "most"), [(1, 1, 2), (2, 3, 6), (3, 9, 18), (4, 27, 54), (5, None, None)]
)
def test_back_off(attempt, least, most):
    policy = retry.Retry()
    low, high = (policy.delay_seconds(attempt, chance=lambda c=c: c) for c in (0.0, 1.0))
    assert (low, high) == (least, most)


def test_what_a_dead_worker_had_begun_is_taken_over():
    always_fails.enqueue()
    dead = DBTaskResult.objects.get()
    dead.claim("worker-that-was-killed")
    WorkerBeat.objects.create(
        worker_id="worker-that-was-killed", beat_at=timezone.now() - timedelta(minutes=5)
    )
    assert Worker().step()
    assert calls == ["try"]


def test_what_a_living_worker_has_begun_is_left_alone():
    always_fails.enqueue()
    DBTaskResult.objects.get().claim("worker-at-work")
    WorkerBeat.objects.create(worker_id="worker-at-work")
    assert not Worker().step()
    assert calls == []


def test_a_schedule_runs_when_due_and_only_once_among_workers():
    schedule.every(seconds=60)(lambda: calls.append("due"))
    clock = Clock()
    first, second = Worker(now=clock), Worker(now=clock)
    first.step()
    second.step()
    assert calls == ["due"]
    clock.at += timedelta(seconds=61)
    second.step()
    first.step()
    assert calls == ["due", "due"]


def test_a_missed_schedule_runs_once_not_once_for_every_time_it_was_missed():
    schedule.every(seconds=60)(lambda: calls.append("due"))
    clock = Clock()
    worker = Worker(now=clock)
    worker.step()
    clock.at += timedelta(days=1)
    worker.step()
    worker.step()
    assert calls == ["due", "due"]


def test_a_failing_schedule_stops_nobody():
    def broken() -> None:
        raise RuntimeError("broken")

    schedule.every(seconds=60)(broken)
    fails_twice.enqueue()
    assert Worker().step(), "the task still ran"


def test_claim_has_one_winner():
    item = schedule.Schedule(name="x", seconds=60, run=lambda: None)
    now = datetime(2026, 11, 21, tzinfo=UTC)
    DueTime.objects.create(name="x", due_at=now)
    assert [schedule.claim(item, now=now) for _ in range(3)] == [True, False, False]


def test_who_waits_for_a_task_is_told_once_its_last_try_failed(monkeypatch):
    told: list[str] = []
    monkeypatch.setitem(retry._policies, always_fails.module_path, retry.Retry(attempts=2))
    monkeypatch.setitem(retry._given_up, always_fails.module_path, lambda: told.append("given up"))
    always_fails.enqueue()
    worker = Worker()
    assert run_due(worker)
    assert told == []
    assert run_due(worker)
    assert told == ["given up"]
    assert DBTaskResult.objects.get().status == "FAILED"


def test_who_cannot_be_told_stops_no_worker(monkeypatch):
    def breaks():
        raise RuntimeError

    monkeypatch.setitem(retry._given_up, always_fails.module_path, breaks)
    always_fails.enqueue()
    assert run_due(Worker())

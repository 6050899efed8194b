"""A task waits for its turn, for its next try or is at work; else nobody does it."""

import pytest
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from alpheus.tasks.retry import Retry, retried
from alpheus.tasks.waiting import is_waiting, was_given_up, why_given_up, will_be_done

pytestmark = pytest.mark.django_db


@task()
def noted(number: int) -> None:
    """Nothing."""


@task()
def tried(number: int) -> None:
    """Nothing, twice."""


retried(tried, Retry(attempts=2))


@pytest.mark.parametrize(
    ("status", "waits"), [("READY", True), ("RUNNING", True), ("FAILED", False), ("SUCCESSFUL", False)]
)
def test_by_state_and_arguments(status, waits):
    noted.enqueue(7)
    DBTaskResult.objects.update(status=status)
    assert is_waiting(noted, 7) is waits
    assert not is_waiting(noted, 8)
    assert was_given_up(noted, 7) is (status == "FAILED"), "a task without a policy is tried once"
    assert not was_given_up(noted, 8)


def test_what_is_to_be_tried_again_waits_and_what_was_done_since_was_not_given_up():
    noted.enqueue(7)
    DBTaskResult.objects.update(status="FAILED", worker_ids=["w"], exception_class_path="builtins.OSError")
    assert why_given_up(noted, 7) == "OSError"
    noted.enqueue(7)
    DBTaskResult.objects.filter(status="READY").update(status="SUCCESSFUL")
    assert not was_given_up(noted, 7)
    assert why_given_up(noted, 7) == ""


def test_between_two_tries_it_waits():
    tried.enqueue(7)
    DBTaskResult.objects.update(status="FAILED", worker_ids=["w"])
    assert will_be_done(tried, 7)
    assert not was_given_up(tried, 7)
    DBTaskResult.objects.update(worker_ids=["w", "w"])
    assert was_given_up(tried, 7)
    assert not will_be_done(tried, 7)

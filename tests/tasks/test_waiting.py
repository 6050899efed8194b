"""A task waits for its turn, for its next try or is at work; else nobody does it."""

import pytest
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from alpheus.tasks.waiting import is_waiting

pytestmark = pytest.mark.django_db


@task()
def noted(number: int) -> None:
    """Nothing."""


@pytest.mark.parametrize(
    ("status", "waits"), [("READY", True), ("RUNNING", True), ("FAILED", False), ("SUCCESSFUL", False)]
)
def test_by_state_and_arguments(status, waits):
    noted.enqueue(7)
    DBTaskResult.objects.update(status=status)
    assert is_waiting(noted, 7) is waits
    assert not is_waiting(noted, 8)

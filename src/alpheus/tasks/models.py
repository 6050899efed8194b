"""Tables of due times and of workers that are alive."""

from django.db import models
from django.utils import timezone


class DueTime(models.Model):
    """When a schedule is next due."""

    name = models.CharField(max_length=200, unique=True)
    due_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} at {self.due_at:%H:%M:%S}"


class WorkerBeat(models.Model):
    """A worker's sign of life: without one for a minute its unfinished task goes to another."""

    worker_id = models.CharField(max_length=64, unique=True)
    beat_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.worker_id

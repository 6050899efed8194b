"""What a worker does for this room: sends letters, and gives up on old ones."""

from datetime import timedelta

from django.utils import timezone
from django_tasks import task

from alpheus.mail.forget import forget_old
from alpheus.mail.send import send
from alpheus.tasks.retry import Retry, retried
from alpheus.tasks.schedule import every

KEPT = timedelta(days=3)
"""Longer than all tries of a letter together."""


@task()
def deliver(letter: int) -> bool:
    """Send a letter by its number."""
    return send(letter=letter)


# 5 s, 20 s, 80 s ... then hourly for most of a day: a server that is down, or that greets strangers slowly (greylisting).
retried(deliver, Retry(attempts=24, first_seconds=5, factor=4, most_seconds=3600))


@every(seconds=6 * 3600)
def give_up() -> None:
    """Forget letters that could not be sent."""
    forget_old(before=timezone.now() - KEPT)

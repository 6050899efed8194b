"""What a worker does for exports: makes them, and forgets them when their time is over."""

from django.conf import settings
from django.utils import timezone
from django_tasks import task

from alpheus.exchange.takeout import ask
from alpheus.tasks.retry import retried
from alpheus.tasks.schedule import every


@task()
def make_export(export: int) -> bool:
    """Gather the data of an export by its number."""
    return ask.make(export=export, title=settings.OURS.title, now=timezone.now())


retried(make_export)


@every(seconds=3600)
def forget_exports() -> None:
    """Forget exports whose time is over."""
    ask.forget_old(now=timezone.now())

"""What a worker does for this room: tells followers what is new, counts who loves which shop."""

from django.utils import timezone

from alpheus.community import count_love, tell_followers
from alpheus.tasks.schedule import every


@every(seconds=600)
def tell() -> None:
    """Write to followers what is new in shops."""
    tell_followers.tell_followers(now=timezone.now())


@every(seconds=3600)
def count() -> None:
    """Count who loves which shop."""
    count_love.count_love(now=timezone.now())

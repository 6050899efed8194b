"""What a worker does for this room: tells followers what is new."""

from django.utils import timezone

from alpheus.community import tell_followers
from alpheus.tasks.schedule import every


@every(seconds=600)
def tell() -> None:
    """Write to followers what is new in shops."""
    tell_followers.tell_followers(now=timezone.now())

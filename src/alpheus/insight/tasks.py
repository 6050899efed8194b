"""What a worker does for this room: counts ahead what is heard together."""

from django.utils import timezone

from alpheus.insight.count_together import count_together
from alpheus.tasks.schedule import every


@every(seconds=600)
def count_what_is_heard_together() -> None:
    """Count which recordings are heard together, for those that were heard lately."""
    count_together(now=timezone.now())

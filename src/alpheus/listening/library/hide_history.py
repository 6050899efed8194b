"""Clear a listener's history from view. Plays are what artists are paid by, so they stay; only the list forgets."""

from datetime import datetime

from django.db.models import Max

from alpheus.listening.models import Listener, Play


def hide_history(*, listener: Listener, now: datetime) -> int:
    """Hide all that a listener has heard until now; returns how many plays that is."""
    return Play.objects.filter(listener=listener, hidden_at=None).update(hidden_at=now)


def show_again(*, listener: Listener) -> int:
    """Show again what was hidden last; returns how many plays that is."""
    hidden = Play.objects.filter(listener=listener, hidden_at__isnull=False)
    last = hidden.aggregate(last=Max("hidden_at"))["last"]
    return hidden.filter(hidden_at=last).update(hidden_at=None) if last else 0

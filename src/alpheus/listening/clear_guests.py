"""Clear guests who never came back."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from alpheus.listening.library.models import Keep, Playlist
from alpheus.listening.models import Device, Grant, Listener, Play, PlaybackSession
from alpheus.values.cleared import Cleared

_PORTION = 500


def clear_guests(*, before: datetime, dry_run: bool) -> Cleared:
    """Delete guests made before a time who heard nothing and have done nothing since; their devices and queue go along.

    What they kept goes too, for their cookie has long expired; who has a playlist that others may see stays. Whoever has a play or a grant stays, and so does a guest who became an account: their codeword names them.
    """
    idle = _idle(before)
    if dry_run:
        return Cleared(idle.count())
    cleared = Cleared()
    while portion := list(idle.order_by("pk").values_list("pk", flat=True)[:_PORTION]):
        _, gone = idle.filter(pk__in=portion).delete()
        guests = gone.get("listening.Listener", 0)
        cleared += Cleared(guests)
        if not guests:
            break  # they came back meanwhile
    return cleared


def _idle(before: datetime) -> QuerySet[Listener]:
    mine = {"listener": OuterRef("pk")}
    signs = (
        Play.objects.filter(**mine),
        Grant.objects.filter(**mine),
        PlaybackSession.objects.filter(**mine, updated_at__gte=before),
        Device.objects.filter(**mine, seen_at__gte=before),
        Listener.objects.filter(merged_into=OuterRef("pk")),
        Keep.objects.filter(**mine, kept_at__gte=before),
        Playlist.objects.filter(Q(changed_at__gte=before) | ~Q(visibility="private"), owner=OuterRef("pk")),
    )
    guests = Listener.objects.filter(account=None, merged_into=None, created_at__lt=before)
    for sign in signs:
        guests = guests.filter(~Exists(sign))
    return guests

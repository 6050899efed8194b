"""Forget letters: those to one address, and those that could not be sent."""

from collections.abc import Iterable
from datetime import datetime

from alpheus.mail.models import Letter


def forget(*, addresses: Iterable[str]) -> int:
    """Delete what waits for these addresses. Returns how many letters that were."""
    return sum(Letter.objects.filter(to__iexact=address).delete()[0] for address in addresses)


def forget_old(*, before: datetime) -> int:
    """Delete letters that no server took in all their tries: their links are dead by now."""
    return Letter.objects.filter(written_at__lt=before).delete()[0]

"""Letters in tests: what waits is sent, as the worker does."""

from django.core import mail

from alpheus.mail.models import Letter
from alpheus.mail.send import send


def delivered():
    """Send all letters that wait; everything that was ever sent."""
    for pk in Letter.objects.order_by("pk").values_list("pk", flat=True):
        send(letter=pk)
    return mail.outbox

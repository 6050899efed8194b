"""Write a letter and have it sent."""

from collections.abc import Mapping
from datetime import datetime

from django.conf import settings
from django.db import transaction

from alpheus.mail.compose import Value, compose
from alpheus.mail.letters import Kind
from alpheus.mail.models import Letter


@transaction.atomic
def post(*, kind: Kind, to: str, language: str, values: Mapping[str, Value], now: datetime) -> Letter:
    """Write a letter to an address in a language, and queue it: it is sent if what wrote it is committed.

    What is queued names the letter only, because results of tasks outlive it and an address is nobody else's.
    """
    from alpheus.mail.tasks import deliver  # noqa: PLC0415 - the task's module imports what sends

    made = compose(kind=kind, language=language, site=settings.OURS.title, values=values)
    letter = Letter.objects.create(
        to=to, kind=kind, subject=made.subject[:300], text=made.text, html=made.html, written_at=now
    )
    deliver.enqueue(letter.pk)
    return letter

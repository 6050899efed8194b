"""Send a letter that waits."""

from smtplib import SMTPException

from django.core.mail import EmailMultiAlternatives

from alpheus.mail.errors import NotSent
from alpheus.mail.models import Letter


def send(*, letter: int) -> bool:
    """Send a letter and forget it. Returns False where it is gone: sent before, or its reader was erased.

    A worker that dies between the two sends it twice, which is better than never.

    Raises:
        NotSent: the mail server did not take it.
    """
    row = Letter.objects.filter(pk=letter).first()
    if row is None:
        return False
    message = EmailMultiAlternatives(
        row.subject, row.text, to=[row.to], headers={"Auto-Submitted": "auto-generated"}
    )
    message.attach_alternative(row.html, "text/html")
    try:
        message.send()
    except (SMTPException, OSError) as error:
        # Not chained: what a server says is kept with the task, and it repeats the address.
        raise NotSent(f"letter {row.pk} ({row.kind}): {type(error).__name__}") from None
    row.delete()
    return True

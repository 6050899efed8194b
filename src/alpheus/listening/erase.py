"""Erase an account: nothing that names its owner stays. What was heard stays counted, by nobody.

Plays and the grants they were heard under are what musicians are paid by, so they stay with a listener who has no
account any more: a random number. Everything else that hangs on the account or its listener goes, tables that are
yet to be written included, because what stays is listed and what goes is not.
"""

import logging
from datetime import datetime

from allauth.account.models import EmailAddress
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import SET_NULL, ForeignObjectRel, ManyToManyRel, Model

from alpheus.listening import sign_ins
from alpheus.listening.models import Grant, Listener, Play
from alpheus.listening.terms import Terms
from alpheus.mail.forget import forget
from alpheus.mail.letters import Kind
from alpheus.mail.post import post
from alpheus.parties.models import Account
from alpheus.shops.brand.members import forget as forget_member
from alpheus.shops.keep_shop import forget as forget_shop
from alpheus.shops.splits.answer import forget as forget_splits
from alpheus.submissions.forget import forget as forget_submissions

log = logging.getLogger("alpheus.listening")

KEPT: tuple[type[Model], ...] = (Play, Grant, Listener)
"""What stays of a listener: what counts for money, and guests that became them, whose codewords name nobody."""


def erase_due(*, terms: Terms, now: datetime) -> int:
    """Erase every account whose day has come. Returns how many; one that cannot be erased stops no other."""
    erased = 0
    for pk in Account.objects.filter(erase_at__lte=now).order_by("erase_at").values_list("pk", flat=True):
        try:
            erased += _erase_if_due(pk, terms=terms, now=now)
        except Exception:
            log.exception("account_not_erased", extra={"account": pk})
    return erased


def _erase_if_due(pk: int, *, terms: Terms, now: datetime) -> bool:
    account = Account.objects.filter(pk=pk, erase_at__lte=now).first()
    if account is None:
        return False  # they signed in a moment ago
    sign_ins.end_all(account=account, but=None, terms=terms, now=now)
    with transaction.atomic():
        locked = Account.objects.select_for_update().filter(pk=pk, erase_at__lte=now).first()
        if locked is None:
            return False
        erase(account=locked, now=now)
    log.info("account_erased", extra={"account": pk})
    return True


@transaction.atomic
def erase(*, account: Account, now: datetime) -> None:
    """Erase an account and all that names its owner; a last letter tells them, and is forgotten when it is sent."""
    email, language = account.email, account.locale
    addresses = {email, *EmailAddress.objects.filter(user=account).values_list("email", flat=True)}
    _end_web_sessions(account)
    listener = Listener.objects.filter(account=account).first()
    if listener is not None:
        _part(listener)
    forget(addresses=addresses)
    forget_splits(account=account, addresses=addresses, now=now)
    forget_shop(account=account, now=now)
    forget_member(account=account, addresses=addresses)
    forget_submissions(account=account, now=now)
    account.delete()
    post(kind=Kind.ERASED, to=email, language=language, values={}, now=now)


def _part(listener: Listener) -> None:
    """Leave of a listener what is listed, and nothing that tells whose it was."""
    for field in Listener._meta.get_fields(include_hidden=True):
        if isinstance(field, ForeignObjectRel) and field.related_model not in KEPT:
            _part_from(field, listener)
    Listener.objects.filter(pk=listener.pk).update(account=None)


def _part_from(relation: ForeignObjectRel, listener: Listener) -> None:
    """Delete what is the listener's; of what is another's and only names them, take the name out."""
    if isinstance(relation, ManyToManyRel):
        return  # its rows are a table of their own, which is a relation too
    rows = relation.related_model._base_manager.filter(**{relation.field.name: listener})
    if relation.on_delete is SET_NULL:
        rows.update(**{relation.field.name: None})
    else:
        rows.delete()


def _end_web_sessions(account: Account) -> None:
    """End every web session of an account, those too that nobody noted: a session may hold an address on its way in."""
    for session in Session.objects.iterator():
        if session.get_decoded().get(SESSION_KEY) == str(account.pk):
            session.delete()

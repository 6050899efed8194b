"""A call with an Idempotency-Key is done once: sent again within a day, it gets the answer that it got.

(draft-ietf-httpapi-idempotency-key-header.) The key belongs to its caller and operation. What was refused is not
kept: the same key may be tried again.
"""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Schema

from alpheus.api.callers import Caller, caller_of
from alpheus.api.models import Answered
from alpheus.api.problems import Problem

KEPT = timedelta(hours=24)
KEY_MAX = 255
HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"


def once(request: HttpRequest, do: Callable[[], Schema], *, status: int = 201) -> HttpResponse:
    """Do what a call asks, unless its key says that it was done already: then give the answer of that time.

    Args:
        request: the call; without the header it is just done.
        do: does it and gives the answer.
        status: of the answer.

    Raises:
        Problem: the key was used for something else.
    """
    key = request.headers.get(HEADER, "").strip()
    if not key:
        return _answer(do().model_dump_json(), status)
    if len(key) > KEY_MAX:
        raise Problem("key_reused")
    with transaction.atomic():
        kept = _kept(request, key, now=timezone.now())
        if kept.status:
            return _answer(kept.body, kept.status, replayed=True)
        kept.body, kept.status = do().model_dump_json(), status
        kept.save(update_fields=["body", "status"])
    return _answer(kept.body, kept.status)


def _kept(request: HttpRequest, key: str, *, now: datetime) -> Answered:
    """The row of a key, behind its lock: of two calls at once the second waits and finds the first's answer."""
    Answered.objects.filter(at__lt=now - KEPT).delete()
    sent = hashlib.sha256(request.body).hexdigest()
    named = json.dumps([_caller(caller_of(request)), request.method, request.path, key])
    digest = hashlib.sha256(named.encode()).hexdigest()
    Answered.objects.get_or_create(key=digest, defaults={"request": sent, "at": now})
    row = Answered.objects.select_for_update().get(key=digest)
    if row.request != sent:
        raise Problem("key_reused")
    return row


def _caller(caller: Caller) -> str:
    return f"account {caller.account.pk}" if caller.account else f"listener {caller.listener().pk}"


def _answer(body: str, status: int, *, replayed: bool = False) -> HttpResponse:
    headers = {"Cache-Control": "no-store"} | ({REPLAYED: "true"} if replayed else {})
    return HttpResponse(body, status=status, content_type="application/json; charset=utf-8", headers=headers)

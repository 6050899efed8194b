"""A call with an Idempotency-Key is done once: sent again within a day, it gets the answer that it got.

(draft-ietf-httpapi-idempotency-key-header.) The key belongs to its caller and operation. What was refused is not
kept: the same key may be tried again. Kept answers are sealed under the key itself, of which only a digest is
kept: a token or a link that was shown once is not to be read from the database.
"""

import base64
import functools
import hashlib
import json
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Schema, Status

from alpheus.api.callers import Caller, caller_of
from alpheus.api.models import Answered
from alpheus.api.problems import Problem

KEPT = timedelta(hours=24)
KEY_MAX = 255
HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
_NONCE_BYTES = 12

Told = TypeVar("Told", bound=Schema)


def once(operation: Callable[..., Told | Status[Told]]) -> Callable[..., Told | Status[Told] | HttpResponse]:
    """Let an operation take an Idempotency-Key; stands below the route. Without the header it is just done."""

    @functools.wraps(operation)
    def asked(request: HttpRequest, *args: object, **kwargs: object) -> Told | Status[Told] | HttpResponse:
        key = request.headers.get(HEADER, "").strip()
        if not key:
            return operation(request, *args, **kwargs)
        if len(key) > KEY_MAX:
            raise Problem("key_reused")
        return _once(request, key, lambda: operation(request, *args, **kwargs))

    return asked


def _once(request: HttpRequest, key: str, do: Callable[[], Told | Status[Told]]) -> HttpResponse:
    """Do what a call asks, unless its key says that it was done already: then give the answer of that time.

    Raises:
        Problem: the key was used for something else, or the call is refused.
    """
    with transaction.atomic():
        kept = _kept(request, key, now=timezone.now())
        if kept.status:
            return _answer(_unsealed(kept.body, key), kept.status, replayed=True)
        try:
            body, status = _told(do())
        except Problem as error:
            refused = error  # what was noted on the way stays, such as that somebody tried a wrong password
            kept.delete()
        else:
            kept.body, kept.status = _sealed(body, key), status
            kept.save(update_fields=["body", "status"])
            return _answer(body, status)
    raise refused


def _told(result: Told | Status[Told]) -> tuple[str, int]:
    """An answer's body and status."""
    if isinstance(result, Status):
        return result.value.model_dump_json(), result.status_code
    return result.model_dump_json(), 200


def _kept(request: HttpRequest, key: str, *, now: datetime) -> Answered:
    """The row of a key, behind its lock: of two calls at once the second waits and finds the first's answer."""
    Answered.objects.filter(at__lt=now - KEPT).delete()
    sent = hashlib.sha256(request.body).hexdigest()
    named = json.dumps([_caller(request, caller_of(request)), request.method, request.path, key])
    digest = hashlib.sha256(named.encode()).hexdigest()
    Answered.objects.get_or_create(key=digest, defaults={"request": sent, "at": now})
    row = Answered.objects.select_for_update().get(key=digest)
    if row.request != sent:
        raise Problem("key_reused")
    return row


def _caller(request: HttpRequest, caller: Caller) -> str:
    """Who calls. Who signs in is nobody yet: then what is sent, a password among it, says enough."""
    if caller.account:
        return f"account {caller.account.pk}"
    if "password" in (json.loads(request.body) if request.body else {}):
        return f"network {caller.network} {hashlib.sha256(request.body).hexdigest()}"
    return f"listener {caller.listener().pk}"


def _sealing(key: str) -> AESGCM:
    derive = HKDF(SHA256(), 32, salt=settings.SECRET_KEY.encode(), info=b"alpheus idempotent answer")
    return AESGCM(derive.derive(key.encode()))


def _sealed(body: str, key: str) -> str:
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return base64.b64encode(nonce + _sealing(key).encrypt(nonce, body.encode(), None)).decode()


def _unsealed(body: str, key: str) -> str:
    if body.startswith("{"):  # kept by a version that did not seal them
        return body
    plain = base64.b64decode(body)
    return _sealing(key).decrypt(plain[:_NONCE_BYTES], plain[_NONCE_BYTES:], None).decode()


def _answer(body: str, status: int, *, replayed: bool = False) -> HttpResponse:
    headers = {"Cache-Control": "no-store"} | ({REPLAYED: "true"} if replayed else {})
    return HttpResponse(body, status=status, content_type="application/json; charset=utf-8", headers=headers)

"""Uploads by tus 1.0.0, beside Django: a file's bytes are on disk as they arrive, and what is told of them is flushed.

Django's own handler reads a body whole before anybody sees it, and drops it when the network does. Everything else
about an upload is the room's (`submissions.upload`); who calls is found out as for any call of the API.
"""

import asyncio
import io
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, ParamSpec, TypeVar
from uuid import UUID

from asgiref.sync import ThreadSensitiveContext, sync_to_async
from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.sessions.backends.db import SessionStore
from django.core.exceptions import DisallowedHost
from django.core.handlers.asgi import ASGIRequest
from django.db import close_old_connections
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from alpheus.api import problems, tus_wire
from alpheus.api.callers import Admitted
from alpheus.api.limits import UPLOAD
from alpheus.api.problems import Problem
from alpheus.api.token import Scope
from alpheus.parties.models import Account
from alpheus.submissions import upload as uploads
from alpheus.submissions.bulk.begin_zip import begin_zip
from alpheus.submissions.errors import SubmissionError
from alpheus.submissions.models import Upload
from alpheus.submissions.terms import terms
from alpheus.submissions.upload_file import Busy, DiskFull, UploadFile, Writing

log = logging.getLogger("alpheus.uploads")

PREFIX = "/api/v1/uploads"
WRITE_BYTES = 2**20
"""Bytes are written in pieces of about this size; a slow network writes smaller ones."""
WRITE_SECONDS = 1.0
"""Bytes wait no longer than this to be written."""
SILENT_SECONDS = 60.0
"""A client that sends nothing for so long is gone, and its upload free for its next connection."""
GIVE_WAY_SECONDS = 5.0
"""How long a request waits for the one before it on the same upload to end."""

Scope_ = dict[str, Any]
Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]
P = ParamSpec("P")
T = TypeVar("T")
App = Callable[[Any, Any, Any], Awaitable[None]]


class _Uploads(Admitted):
    """Admits as every call of the API is admitted, but for its body, which is no JSON."""

    json_only = False


MEMBERS = _Uploads(scope=Scope.STUDIO, policy=UPLOAD, member=True)


@dataclass(frozen=True)
class _Answer:
    status: int
    headers: dict[str, str]
    body: bytes = b""


@dataclass(frozen=True)
class _Found:
    """An upload, and where its bytes are."""

    upload: Upload
    file: UploadFile


class _Ended(Exception):
    """A request was told to give way to the next one on its upload."""


class Uploads:
    """Answers below `/api/v1/uploads` and leaves everything else to Django."""

    def __init__(self, django: App, *, language: Callable[[HttpRequest], str]) -> None:
        """Stand before `django`; `language` tells which to answer in."""
        self._django, self._language = django, language
        self._writing: dict[UUID, tuple[asyncio.Event, asyncio.Event]] = {}

    async def __call__(self, scope: Scope_, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http" or not (scope["path"] + "/").startswith(PREFIX + "/"):
            await self._django(scope, receive, send)
            return
        async with ThreadSensitiveContext():
            answer = await self._answer(scope, receive)
        with suppress(Exception):  # who is gone is told nothing
            await _send(answer, send)

    async def _answer(self, scope: Scope_, receive: Receive) -> _Answer:
        request = _request(scope)
        with translation.override(self._language(request)):
            try:
                answer = await self._routed(request, receive)
            except Problem as error:
                answer = _told(problems.answer(error.code, headers=error.headers))
            except SubmissionError as error:
                answer = _told(problems.answer(error.code))
            except tus_wire.Malformed:
                answer = _told(problems.answer("upload_malformed"))
            except tus_wire.ChecksumUnknown:
                answer = _told(problems.answer("checksum_unknown"))
            except DiskFull:
                answer = _told(problems.answer("disk_full"))
            except FileNotFoundError:
                answer = _told(problems.answer("upload_unknown"))
            except Exception:
                log.exception("upload_failed")
                answer = _told(problems.answer("failed"))
        steady = {
            "Tus-Resumable": tus_wire.VERSION,
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
        }
        return _Answer(
            answer.status, steady | answer.headers, b"" if request.method == "HEAD" else answer.body
        )

    async def _routed(self, request: ASGIRequest, receive: Receive) -> _Answer:
        method = request.method or ""
        if method == "POST":  # only what was checked as an unsafe method may stand for another
            method = request.headers.get("X-HTTP-Method-Override", method).upper()
        if method == "OPTIONS":
            return _Answer(HTTPStatus.NO_CONTENT, _abilities())
        if request.headers.get("Tus-Resumable") != tus_wire.VERSION:
            raise Problem("tus_version", headers={"Tus-Version": tus_wire.VERSION})
        account = await _asked(_account, request)
        gid = _gid(request.path)
        if gid is None:
            if method != "POST":
                raise Problem("method_not_allowed", headers={"Allow": "OPTIONS, POST"})
            return await _asked(_begin, request, account)
        if method not in {"HEAD", "PATCH", "DELETE"}:
            raise Problem("method_not_allowed", headers={"Allow": "OPTIONS, HEAD, PATCH, DELETE"})
        found = await _asked(_find, account, gid)
        # Who asks anew has lost the connection before, whether or not anybody noticed: that one ends first.
        await self._have_way(gid)
        if method == "HEAD":
            return await _head(found)
        if method == "DELETE":
            await _asked(uploads.drop_upload, upload=found.upload, terms=terms())
            return _Answer(HTTPStatus.NO_CONTENT, {})
        return await self._patch(request, found, receive)

    async def _have_way(self, gid: UUID) -> None:
        """End what still writes to an upload in this process.

        Raises:
            Problem: it does not end.
        """
        if gid not in self._writing:
            return
        end, ended = self._writing[gid]
        end.set()
        try:
            await asyncio.wait_for(ended.wait(), GIVE_WAY_SECONDS)
        except TimeoutError:
            raise Problem("upload_busy") from None

    async def _patch(self, request: ASGIRequest, found: _Found, receive: Receive) -> _Answer:
        if request.content_type != tus_wire.BODY_TYPE:
            raise Problem("upload_type")
        offset = tus_wire.number(request.headers, "Upload-Offset")
        checksum = tus_wire.checksum(request.headers.get("Upload-Checksum", ""))
        if found.upload.state != Upload.State.ARRIVING:
            if offset == found.upload.length:  # the answer to the last bytes was lost on its way
                return _Answer(HTTPStatus.NO_CONTENT, {"Upload-Offset": str(offset)})
            raise Problem("offset_wrong")
        end, ended = asyncio.Event(), asyncio.Event()
        self._writing[found.upload.gid] = end, ended
        try:
            with found.file.writing() as writing:
                body = _Body(receive, end, declared=request.headers.get("Content-Length", ""))
                reached = await _write(writing, body, found.upload, offset=offset, checksum=checksum)
        except Busy:
            raise Problem("upload_busy") from None
        finally:
            ended.set()
            if self._writing.get(found.upload.gid) == (end, ended):
                del self._writing[found.upload.gid]
        until = await _asked(_arrived, found, reached)
        return _Answer(HTTPStatus.NO_CONTENT, {"Upload-Offset": str(reached)} | until)


class _Body:
    """A request's body as it arrives."""

    def __init__(self, receive: Receive, end: asyncio.Event, *, declared: str) -> None:
        self._receive, self._end = receive, end
        self.declared = int(declared) if declared.isdecimal() else None
        self._pending: asyncio.Task[Mapping[str, Any]] | None = None
        self._last = False

    async def piece(self, seconds: float) -> bytes | None:
        """What came next; None at the end, and nothing where a time passed first.

        Raises:
            _Ended: the client is gone, or is to give way.
        """
        if self._last:
            return None
        self._pending = self._pending or asyncio.ensure_future(self._receive())
        ending = asyncio.ensure_future(self._end.wait())
        try:
            done, _ = await asyncio.wait(
                {self._pending, ending}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED
            )
        finally:
            ending.cancel()
        if self._end.is_set():
            self._pending.cancel()
            raise _Ended
        if self._pending not in done:
            return b""
        message, self._pending = self._pending.result(), None
        if message["type"] != "http.request":
            raise _Ended
        self._last = not message.get("more_body", False)
        return bytes(message.get("body", b""))


async def _write(
    writing: Writing, body: _Body, upload: Upload, *, offset: int, checksum: tus_wire.Checksum | None
) -> int:
    """Append a body to an upload. Returns how much is there, flushed, also where the client went in the middle."""
    if offset != writing.offset:
        raise Problem("offset_wrong", headers={"Upload-Offset": str(writing.offset)})
    if body.declared is not None and offset + body.declared > upload.length:
        raise Problem("upload_too_long")
    if checksum is not None:
        await asyncio.to_thread(writing.distrust)
    hashed = checksum.hash() if checksum else None
    whole = False
    try:
        whole = await _pour(writing, body, upload.length, hashed)
    except (_Ended, ConnectionError):
        log.info("upload_cut", extra={"upload": upload.gid.hex, "offset": writing.offset})
    except Problem:
        await asyncio.to_thread(writing.cut, offset)
        raise
    if checksum is None or hashed is None:
        await asyncio.to_thread(writing.flush)
    elif whole and hashed.digest() == checksum.digest:
        await asyncio.to_thread(writing.trust)
    else:
        await asyncio.to_thread(writing.cut, offset)
        if whole:
            raise Problem("checksum_wrong")
    return writing.offset


async def _pour(writing: Writing, body: _Body, length: int, hashed: "tus_wire._Hash | None") -> bool:
    """Write what arrives, in large pieces when it comes fast and every second when it does not."""
    waiting, silent, since = bytearray(), 0.0, 0.0
    piece: bytes | None = b""
    try:
        while piece is not None:
            piece = await body.piece(WRITE_SECONDS)
            now = time.monotonic()
            silent = 0.0 if piece else silent + WRITE_SECONDS
            if silent > SILENT_SECONDS:
                return False
            if piece:
                if writing.offset + len(waiting) + len(piece) > length:
                    raise Problem("upload_too_long")
                since = since if waiting else now
                waiting += piece
            if waiting and (not piece or len(waiting) >= WRITE_BYTES or now - since >= WRITE_SECONDS):
                await _put(writing, waiting, hashed)
    except _Ended:
        if waiting:
            await _put(writing, waiting, hashed)
        raise
    return True


async def _put(writing: Writing, waiting: bytearray, hashed: "tus_wire._Hash | None") -> None:
    data = bytes(waiting)
    waiting.clear()
    if hashed is not None:
        hashed.update(data)
    await asyncio.to_thread(writing.append, data)


async def _head(found: _Found) -> _Answer:
    upload = found.upload
    headers = {"Upload-Length": str(upload.length)}
    if upload.metadata:
        headers["Upload-Metadata"] = upload.metadata
    if upload.state == Upload.State.ARRIVING:
        offset = await asyncio.to_thread(found.file.offset)
        headers |= {"Upload-Offset": str(offset), "Upload-Expires": tus_wire.expires(upload.expires_at)}
        if offset == upload.length:
            await _asked(uploads.finish_upload, upload=upload)
    else:
        headers["Upload-Offset"] = str(upload.length)
    return _Answer(HTTPStatus.OK, headers)


async def _asked(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Ask the database, and keep no connection of its pool while bytes arrive."""

    def asked() -> T:
        try:
            return function(*args, **kwargs)
        finally:
            close_old_connections()

    return await sync_to_async(asked)()


def _begin(request: HttpRequest, account: Account) -> _Answer:
    if "Upload-Defer-Length" in request.headers:
        raise tus_wire.Malformed("upload-defer-length")
    sent = request.headers.get("Upload-Metadata", "")
    told = tus_wire.metadata(sent)
    if told.get("intake"):
        return _begun(_begin_zip(request, account, told, sent))
    try:
        submission = UUID(told.get("submission", ""))
        track = UUID(told["track"]) if told.get("track") else None
    except ValueError:
        raise Problem("submission_unknown") from None
    upload = uploads.begin_upload(
        account=account,
        submission=submission,
        track=track,
        length=tus_wire.number(request.headers, "Upload-Length"),
        filename=told.get("filename", ""),
        metadata=sent,
        terms=terms(),
        now=timezone.now(),
    )
    return _begun(upload)


def _begin_zip(request: HttpRequest, account: Account, told: Mapping[str, str], sent: str) -> Upload:
    try:
        intake = UUID(told["intake"])
    except ValueError:
        raise Problem("intake_unknown") from None
    return begin_zip(
        account=account,
        gid=intake,
        length=tus_wire.number(request.headers, "Upload-Length"),
        filename=told.get("filename", ""),
        metadata=sent,
        terms=terms(),
        now=timezone.now(),
    )


def _begun(upload: Upload) -> _Answer:
    headers = {"Location": f"{PREFIX}/{upload.gid}", "Upload-Expires": tus_wire.expires(upload.expires_at)}
    return _Answer(HTTPStatus.CREATED, headers)


def _find(account: Account, gid: UUID) -> _Found:
    upload = uploads.find_upload(account=account, gid=gid, now=timezone.now())
    return _Found(upload, uploads.file_of(upload, terms()))


def _arrived(found: _Found, reached: int) -> dict[str, str]:
    """Note that bytes came; the last of them have it taken in."""
    if reached == found.upload.length:
        uploads.finish_upload(upload=found.upload)
        return {}
    until = uploads.prolong(upload=found.upload, terms=terms(), now=timezone.now())
    return {"Upload-Expires": tus_wire.expires(until)}


def _request(scope: Scope_) -> ASGIRequest:
    """The request as Django sees it, without its body."""
    return ASGIRequest(dict(scope), io.BytesIO())


def _account(request: ASGIRequest) -> Account:
    try:
        request.get_host()
    except DisallowedHost:
        raise Problem("not_found") from None
    request.session = SessionStore(request.COOKIES.get(settings.SESSION_COOKIE_NAME))
    user = get_user(request)
    request.user = user
    return MEMBERS(request).account_or_refuse


def _gid(path: str) -> UUID | None:
    rest = path.removeprefix(PREFIX).strip("/")
    if not rest:
        return None
    try:
        return UUID(rest)
    except ValueError:
        raise Problem("upload_unknown") from None


def _abilities() -> dict[str, str]:
    return {
        "Allow": tus_wire.METHODS,
        "Tus-Version": tus_wire.VERSION,
        "Tus-Extension": tus_wire.EXTENSIONS,
        "Tus-Max-Size": str(terms().file_bytes_max),
        "Tus-Checksum-Algorithm": ",".join(tus_wire.CHECKSUMS),
    }


def _told(response: HttpResponse) -> _Answer:
    return _Answer(response.status_code, dict(response.items()), response.content)


async def _send(answer: _Answer, send: Send) -> None:
    headers = {**answer.headers}
    if answer.status != HTTPStatus.NO_CONTENT and "Content-Length" not in headers:
        headers["Content-Length"] = str(len(answer.body))
    await send(
        {
            "type": "http.response.start",
            "status": int(answer.status),
            "headers": [
                (name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()
            ],
        }
    )
    await send({"type": "http.response.body", "body": answer.body})

"""An account about itself: its settings, where it is signed in, its data to take along, and leaving."""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from ninja import Router, Status

from alpheus.api.callers import Admitted, Caller, caller_of
from alpheus.api.limits import LISTEN, count_sign_in
from alpheus.api.once import once
from alpheus.api.problems import Problem
from alpheus.api.shapes import (
    DeletionIn,
    DeletionOut,
    ExportOut,
    SettingsIn,
    SettingsOut,
    SignInOut,
    SignInsOut,
)
from alpheus.api.token import Scope
from alpheus.exchange.takeout import ask as takeout
from alpheus.exchange.takeout.errors import ExportUnknown
from alpheus.exchange.takeout.models import Export
from alpheus.listening import sign_ins
from alpheus.mail.addresses import absolute
from alpheus.parties import deletion
from alpheus.parties.models import Account

router = Router(tags=["account"])

MEMBER = Admitted(scope=Scope.ACCOUNT, policy=LISTEN, member=True)


@router.get("/me/settings", response=SettingsOut, auth=MEMBER, operation_id="get_settings")
def get_settings(request: HttpRequest) -> SettingsOut:
    """What the account chose."""
    return _settings(caller_of(request).account_or_refuse)


@router.patch("/me/settings", response=SettingsOut, auth=MEMBER, operation_id="change_settings")
@once
def change_settings(request: HttpRequest, given: SettingsIn) -> SettingsOut:
    """Change what is sent; the rest stays. Takes an Idempotency-Key."""
    account = caller_of(request).account_or_refuse
    changed = given.model_dump(exclude_none=True)
    if "language" in changed:
        code = changed.pop("language").lower()
        if code not in dict(settings.LANGUAGES):
            raise Problem("language_unknown")
        changed["locale"] = code
    for name, value in changed.items():
        setattr(account, name, value)
    account.save(update_fields=list(changed))
    return _settings(account)


@router.get("/me/sign-ins", response=SignInsOut, auth=MEMBER, operation_id="list_sign_ins")
def list_sign_ins(request: HttpRequest) -> SignInsOut:
    """Every browser that is signed in to the account."""
    caller = caller_of(request)
    rows = sign_ins.of(account=caller.account_or_refuse, session_key=_session_key(caller))
    return SignInsOut(items=[_sign_in(row) for row in rows])


@router.delete("/me/sign-ins/{int:number}", response={204: None}, auth=MEMBER, operation_id="end_sign_in")
def end_sign_in(request: HttpRequest, number: int) -> Status[None]:
    """Sign one browser out; what it plays ends."""
    account = caller_of(request).account_or_refuse
    sign_ins.end(account=account, sign_in=number, terms=settings.LISTENING, now=timezone.now())
    return Status(204, None)


@router.delete("/me/sign-ins", response={204: None}, auth=MEMBER, operation_id="end_sign_ins")
def end_sign_ins(request: HttpRequest) -> Status[None]:
    """Sign every browser out but the one that calls."""
    caller = caller_of(request)
    sign_ins.end_all(
        account=caller.account_or_refuse,
        but=_session_key(caller),
        terms=settings.LISTENING,
        now=timezone.now(),
    )
    return Status(204, None)


@router.post("/me/export", response={202: ExportOut}, auth=MEMBER, operation_id="ask_export")
@once
def ask_export(request: HttpRequest) -> Status[ExportOut]:
    """Have the account's data gathered into one file; a letter tells when it is ready. Takes an Idempotency-Key."""
    export = takeout.ask(
        account=caller_of(request).account_or_refuse,
        page=absolute(request, reverse("web:export")),
        lasts=timedelta(days=settings.OURS.export_days),
        now=timezone.now(),
    )
    return Status(202, _export(export))


@router.get("/me/export", response=ExportOut, auth=MEMBER, operation_id="get_export")
def get_export(request: HttpRequest) -> ExportOut:
    """The export that was asked for last, and whether it is ready."""
    export = takeout.live(account=caller_of(request).account_or_refuse, now=timezone.now()).first()
    if export is None:
        raise Problem("not_found")
    return _export(export)


@router.get("/me/export/{gid:export}", auth=MEMBER, operation_id="load_export")
def load_export(request: HttpRequest, export: UUID) -> HttpResponse:
    """The file itself, a zip."""
    try:
        archive = takeout.load(account=caller_of(request).account_or_refuse, gid=export, now=timezone.now())
    except ExportUnknown as error:
        raise Problem("not_found") from error
    headers = {"Cache-Control": "no-store", "Content-Disposition": 'attachment; filename="alpheus.zip"'}
    return HttpResponse(archive, content_type="application/zip", headers=headers)


@router.post("/me/deletion", response={202: DeletionOut}, auth=MEMBER, operation_id="delete_account")
def delete_account(request: HttpRequest, given: DeletionIn) -> Status[DeletionOut]:
    """Have the account erased after a grace. It is signed out everywhere, this call's token included."""
    caller, now = caller_of(request), timezone.now()
    account = caller.account_or_refuse
    count_sign_in(email=account.email, network=caller.network, now_seconds=now.timestamp())
    if not account.check_password(given.password):
        raise Problem("password_wrong")
    when = deletion.ask(
        account=account,
        grace=timedelta(days=settings.OURS.erase_after_days),
        sign_in_url=absolute(request, reverse("account_login")),
        now=now,
    )
    sign_ins.end_all(account=account, but=None, terms=settings.LISTENING, now=now)
    return Status(202, DeletionOut(erase_at=when))


def _session_key(caller: Caller) -> str | None:
    return caller.session.session_key if caller.session else None


def _settings(account: Account) -> SettingsOut:
    return SettingsOut(name=account.name, language=account.locale, hides_explicit=account.hides_explicit)


def _sign_in(row: sign_ins.SignIn) -> SignInOut:
    return SignInOut(
        id=row.id,
        began_at=row.began_at,
        address=row.address,
        user_agent=row.user_agent,
        device=row.device.gid if row.device else None,
        current=row.current,
    )


def _export(export: Export) -> ExportOut:
    return ExportOut(
        gid=export.gid,
        ready=export.is_ready,
        size_bytes=export.size_bytes,
        asked_at=export.asked_at,
        until=export.until,
    )

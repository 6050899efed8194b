"""Who calls, and their tokens."""

from allauth.account.utils import has_verified_email
from django.conf import settings
from django.contrib.auth import authenticate
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from ninja import Router, Status

from alpheus.api import second_factor, token
from alpheus.api.accounts import must_confirm
from alpheus.api.callers import Admitted, Caller, caller_of, is_operator, prove_anew
from alpheus.api.limits import BROWSE, LISTEN, count_sign_in
from alpheus.api.models import Token
from alpheus.api.once import once
from alpheus.api.problems import Problem
from alpheus.api.shapes import MeOut, NewTokenOut, TokenIn, TokenOut, TokensOut
from alpheus.api.token import Scope
from alpheus.parties import deletion
from alpheus.parties.models import Account
from alpheus.rights.rules import extent

router = Router(tags=["account"])

ANYONE = Admitted(scope=Scope.READ, policy=BROWSE)
SIGNS_IN = Admitted(scope=Scope.ACCOUNT, policy=LISTEN)
MEMBER = Admitted(scope=Scope.ACCOUNT, policy=LISTEN, member=True)


@router.get("/me", response=MeOut, auth=ANYONE, operation_id="get_me")
def get_me(request: HttpRequest) -> MeOut:
    """Who calls, and how much they hear."""
    account = caller_of(request).account
    access = settings.LISTENING.access
    return MeOut(
        account=account.gid if account else None,
        name=account.name if account else "",
        email=account.email if account else "",
        operator=is_operator(account),
        access=access.value,
        hears=extent(access, member=account is not None, entitled=False).value,
    )


@router.post("/tokens", response={201: NewTokenOut}, auth=SIGNS_IN, operation_id="make_token")
@once
def make_token(request: HttpRequest, given: TokenIn) -> Status[NewTokenOut]:
    """Sign in and get a token, which is shown this once. Takes an Idempotency-Key."""
    account = _proven(request, caller_of(request), given)
    # Signing in keeps an account that was to be erased, here as on the page.
    page = request.build_absolute_uri(reverse("web:account"))
    deletion.cancel(account=account, account_url=page, now=timezone.now())
    issued = token.issue(
        account=account, name=given.name, scopes=given.scopes, days=given.days, now=timezone.now()
    )
    return Status(201, NewTokenOut(token=issued.secret, **_token(issued.token).model_dump()))


@router.get("/tokens", response=TokensOut, auth=MEMBER, operation_id="list_tokens")
def list_tokens(request: HttpRequest) -> TokensOut:
    """The account's tokens that hold."""
    rows = token.live(caller_of(request).account_or_refuse, now=timezone.now())
    return TokensOut(items=[_token(row) for row in rows])


@router.delete("/tokens/current", response={204: None}, auth=ANYONE, operation_id="sign_out")
def sign_out(request: HttpRequest) -> Status[None]:
    """Revoke the very token that this is called with."""
    caller = caller_of(request)
    if caller.token is None:
        raise Problem("sign_in_needed")
    token.revoke(account=caller.account_or_refuse, pk=caller.token.pk, now=timezone.now())
    return Status(204, None)


@router.delete("/tokens/{int:number}", response={204: None}, auth=MEMBER, operation_id="revoke_token")
def revoke_token(request: HttpRequest, number: int) -> Status[None]:
    """Revoke a token."""
    if not token.revoke(account=caller_of(request).account_or_refuse, pk=number, now=timezone.now()):
        raise Problem("not_found")
    return Status(204, None)


def _proven(request: HttpRequest, caller: Caller, given: TokenIn) -> Account:
    """Whose token it will be: by password, or who proved on the page of late who they are. A token makes no other."""
    if caller.token is not None:
        raise Problem("scope_missing")
    if not given.email and caller.account is not None:
        prove_anew(request)
        return caller.account
    count_sign_in(email=given.email, network=caller.network, now_seconds=timezone.now().timestamp())
    account = authenticate(request, username=given.email, password=given.password)
    if not isinstance(account, Account):
        raise Problem("password_wrong")
    if must_confirm() and not has_verified_email(account, account.email):
        raise Problem("address_unconfirmed")
    second_factor.prove(account=account, code=given.code)
    return account


def _token(row: Token) -> TokenOut:
    return TokenOut(
        id=row.pk,
        name=row.name,
        scopes=[Scope(name) for name in row.scopes.split()],
        created_at=row.created_at,
        expires_at=row.expires_at,
        used_at=row.used_at,
    )

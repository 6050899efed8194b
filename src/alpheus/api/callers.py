"""Who calls: by token, by web session, or a guest; and whether they may call this.

A token that does not hold is refused, never taken for a guest. A web session is believed only with the proof that
the request comes from our own page (CSRF); a token needs none, because no browser sends it by itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, cast
from urllib.parse import urlsplit

from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.utils import timezone
from ninja.security.base import AuthBase

from alpheus.api import token
from alpheus.api.limits import METER, Allowance, Policy
from alpheus.api.models import Token
from alpheus.api.problems import Problem
from alpheus.api.token import Scope
from alpheus.listening import listeners
from alpheus.listening.models import Listener
from alpheus.listening.network import client_address, network_of
from alpheus.parties.models import Account, StaffRole
from alpheus.parties.queries import has_role

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True)
class Caller:
    """Who calls."""

    account: Account | None
    session: SessionBase | None
    """The web session; None for who came with a token."""
    token: Token | None
    network: str
    """An opaque name of where the call comes from."""
    allowance: Allowance

    @property
    def account_or_refuse(self) -> Account:
        """The account of an operation that only members may call."""
        if self.account is None:
            raise Problem("sign_in_needed")
        return self.account

    def listener(self) -> Listener:
        """The listener; a guest is given a cookie to be known by."""
        return listeners.find_or_make(account=self.account, session=self.session)

    def known_listener(self) -> Listener | None:
        """The listener, if they ever listened."""
        return listeners.find(account=self.account, session=self.session)


REFUSED: Final[Mapping[StaffRole.Role, str]] = {
    StaffRole.Role.AUDITOR: "auditors_only",
    StaffRole.Role.ACCOUNTANT: "accountants_only",
    StaffRole.Role.OPERATOR: "not_allowed",
}
"""The problem of who is not of the staff that may do something."""


def prove_anew(request: HttpRequest) -> None:
    """Have who calls by a page's session have proved of late who they are: a page that was left open is no proof.

    A token is proof by itself, of the scope that it was made for.

    Raises:
        Problem: they did not (`proof_needed`).
    """
    if caller_of(request).token is None and not did_recently_reauthenticate(request):
        raise Problem("proof_needed")


class Admitted(AuthBase):
    """Admits callers to an operation: who they are, whether they may, whether not too often."""

    openapi_type = "http"
    openapi_scheme = "bearer"
    json_only = True
    """Whether a body is JSON; what is uploaded is not."""

    def __init__(
        self, *, scope: Scope, policy: Policy, member: bool = False, role: StaffRole.Role | None = None
    ) -> None:
        super().__init__()
        self.scope = scope
        self.policy = policy
        self.member = member or role is not None
        self.role = role
        """What of the staff they are; None for anyone."""

    def __call__(self, request: HttpRequest) -> Caller:
        """Recognise the caller.

        Raises:
            Problem: they may not call this, or not now.
        """
        if self.json_only:
            _json_only(request)
        held = _token(request)
        account = held.account if held else _signed_in(request)
        address = client_address(request, settings.TRUSTED_PROXIES)
        network = network_of(address, secret=settings.LISTENING.internal_key)
        allowance = METER.take(self.policy, str(account.pk) if account else network)
        self._permit(held, account)
        session = None if held else request.session
        return Caller(account, session, held, network, allowance)

    def _permit(self, held: Token | None, account: Account | None) -> None:
        if self.member and account is None:
            raise Problem("sign_in_needed", headers={"WWW-Authenticate": "Bearer"})
        if held and self.scope not in held.scopes.split():
            raise Problem("scope_missing")
        if self.role is not None and not _holds(account, self.role):
            raise Problem(REFUSED[self.role])


def caller_of(request: HttpRequest) -> Caller:
    """Who calls an operation that `Admitted` guards."""
    return cast("Caller", request.auth)  # type: ignore[attr-defined]


def is_operator(account: Account | None) -> bool:
    """Whether an account runs the installation; Django's superuser does too."""
    return account is not None and (account.is_superuser or has_role(account, StaffRole.Role.OPERATOR))


def _holds(account: Account | None, role: StaffRole.Role) -> bool:
    return is_operator(account) if role is StaffRole.Role.OPERATOR else has_role(account, role)


def _token(request: HttpRequest) -> Token | None:
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    if not scheme:
        return None
    held = token.recognise(secret.strip(), now=timezone.now()) if scheme.lower() == "bearer" else None
    if held is None:
        raise Problem("token_invalid", headers={"WWW-Authenticate": 'Bearer error="invalid_token"'})
    return held


def _signed_in(request: HttpRequest) -> Account | None:
    if request.method not in SAFE_METHODS:
        _from_our_page(request)
    return request.user if isinstance(request.user, Account) else None


class _CsrfGuard(CsrfViewMiddleware):
    """Django's check, which answers with our problem instead of a page."""

    def _reject(self, request: HttpRequest, reason: str) -> HttpResponse:  # noqa: ARG002 - Django calls it so
        raise Problem("csrf")


def _nothing(_request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def _from_our_page(request: HttpRequest) -> None:
    """Believe a web session only from our own page; without one there is nothing to abuse but the browser."""
    if settings.SESSION_COOKIE_NAME in request.COOKIES:
        guard = _CsrfGuard(_nothing)
        guard.process_request(request)
        guard.process_view(request, _nothing, (), {})
        return
    site = request.headers.get("Sec-Fetch-Site", "none")
    origin = urlsplit(request.headers.get("Origin", "")).netloc
    if site not in {"none", "same-origin"} or (origin and origin != request.get_host()):
        raise Problem("csrf")


def _json_only(request: HttpRequest) -> None:
    """A browser asks before it sends JSON elsewhere (CORS preflight), and nobody here answers yes."""
    has_body = request.META.get("CONTENT_LENGTH") not in {None, "", "0"}
    if request.method not in SAFE_METHODS and has_body and request.content_type != "application/json":
        raise Problem("not_json")

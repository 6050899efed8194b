"""Opening an account, and asking for its letters: the same rules, limits and letters as on the pages.

allauth's own forms decide. Nobody learns here who has an account: where addresses are confirmed first, an address that
has one is answered like any other, and its owner is told by letter.
"""

from allauth.account.adapter import get_adapter
from allauth.account.forms import ResetPasswordForm, SignupForm
from allauth.account.internal.flows.email_verification import get_email_verification_url
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.signals import user_signed_up
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal import ratelimit
from django.conf import settings
from django.forms import Form
from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Status

from alpheus.api.callers import Admitted, caller_of
from alpheus.api.limits import LISTEN
from alpheus.api.once import once
from alpheus.api.problems import Problem, TooMany
from alpheus.api.shapes import AccountIn, AccountOpenedOut, AddressIn
from alpheus.api.token import Scope
from alpheus.parties.errors import SignUpsUsedUp
from alpheus.parties.models import Account
from alpheus.parties.open_account import count_sign_up

router = Router(tags=["account"])

ANYONE = Admitted(scope=Scope.ACCOUNT, policy=LISTEN)


@router.post("/accounts", response={202: AccountOpenedOut}, auth=ANYONE, operation_id="open_account")
@once
def open_account(request: HttpRequest, given: AccountIn) -> Status[AccountOpenedOut]:
    """Open an account; a letter asks to confirm its address. Takes an Idempotency-Key."""
    caller = caller_of(request)
    if caller.account is not None:
        raise Problem("signed_in")
    _count(request, "signup")
    form = SignupForm({"email": given.email, "password1": given.password})
    _check(form)
    if form.account_already_exists:
        _answer_like_any_other(request, given, caller.network)
    else:
        _write(request, _opened(request, form), signup=True)
    return Status(202, AccountOpenedOut(confirm_first=must_confirm()))


@router.post(
    "/accounts/confirmation-letters", response={202: None}, auth=ANYONE, operation_id="ask_confirmation"
)
def ask_confirmation(request: HttpRequest, given: AddressIn) -> Status[None]:
    """Have the letter that confirms an address written again; nothing comes where there is nothing to confirm."""
    _count(request, "signup")
    _count(request, "confirm_email", key=given.email)
    address = EmailAddress.objects.filter(email=given.email, verified=False, user__is_active=True).first()
    if address is not None:
        _write(request, address, signup=False)
    return Status(202, None)


@router.post("/accounts/password-letters", response={202: None}, auth=ANYONE, operation_id="ask_new_password")
def ask_new_password(request: HttpRequest, given: AddressIn) -> Status[None]:
    """Have a letter written with a link that sets a new password; an address without an account is told so by letter."""
    _count(request, "reset_password", key=given.email)
    form = ResetPasswordForm({"email": given.email})
    _check(form)
    form.save(request)
    return Status(202, None)


def must_confirm() -> bool:
    """Whether an account signs in only once its address is confirmed."""
    return bool(settings.ACCOUNT_EMAIL_VERIFICATION == "mandatory")


def _count(request: HttpRequest, action: str, key: str | None = None) -> None:
    """Count an attempt as the pages do, in one sum with theirs.

    Raises:
        TooMany: there were too many of them.
    """
    if not ratelimit.consume(request, app="allauth.account", action=action, key=key):
        rates = ratelimit.get_rates(app="allauth.account", action=action)
        raise TooMany(max(rate.duration for rate in rates))


def _check(form: Form) -> None:
    """Refuse what the form refuses, by its own words."""
    if form.is_valid():
        return
    told = {"password1": "password"}
    raise Problem(
        "invalid",
        errors=[
            {"at": f"/{told.get(name, name)}", "reason": str(said)}
            for name, all_said in form.errors.items()
            for said in all_said
        ],
    )


def _opened(request: HttpRequest, form: SignupForm) -> EmailAddress:
    """Save the new account; signing in is another call."""
    try:
        account, _ = form.try_save(request)
    except ImmediateHttpResponse as refused:  # the adapter counts a network's new accounts
        raise TooMany(float(refused.response.headers["Retry-After"])) from refused
    request.session.pop(
        "account_verified_email", None
    )  # allauth looks for one, and leaves a mark that it did
    if request.session.is_empty():
        request.session.modified = False
    user_signed_up.send(sender=Account, request=request, user=account)
    return EmailAddress.objects.get(user=account)


def _answer_like_any_other(request: HttpRequest, given: AccountIn, network: str) -> None:
    """Do for an address that has an account what takes as long and counts as much, and tell its owner."""
    try:
        count_sign_up(network=network, most=settings.OURS.sign_ups_daily, now=timezone.now())
    except SignUpsUsedUp as error:
        raise TooMany(error.wait_seconds) from error
    Account().set_password(given.password)
    if ratelimit.consume(request, app="allauth.account", action="confirm_email", key=given.email):
        get_adapter().send_account_already_exists_mail(given.email)


def _write(request: HttpRequest, address: EmailAddress, *, signup: bool) -> None:
    """Write the letter that confirms an address, with a link: a code would belong to one browser."""
    confirmation = EmailConfirmationHMAC.create(address)
    kind = "account/email/email_confirmation_signup" if signup else "account/email/email_confirmation"
    link = get_email_verification_url(request, confirmation)
    context = {"user": address.user, "key": confirmation.key, "activate_url": link}
    get_adapter().send_mail(kind, address.email, context)

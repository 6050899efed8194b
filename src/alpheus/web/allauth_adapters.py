"""Where allauth meets this house: our letters, our limits, our names, secrets encrypted where they lie."""

import base64
import hashlib
import math
from collections.abc import Mapping
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from cryptography.fernet import Fernet
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from alpheus.listening.network import client_address, network_of
from alpheus.mail.addresses import absolute
from alpheus.mail.compose import Value
from alpheus.mail.letters import Kind
from alpheus.mail.post import post
from alpheus.parties.errors import SignUpsUsedUp
from alpheus.parties.models import Account
from alpheus.parties.open_account import count_sign_up

LETTERS: Mapping[str, Kind] = {
    "account/email/email_confirmation": Kind.CONFIRM_ADDRESS,
    "account/email/email_confirmation_signup": Kind.CONFIRM_ADDRESS,
    "account/email/password_reset_key": Kind.NEW_PASSWORD,
    "account/email/account_already_exists": Kind.ACCOUNT_EXISTS,
    "account/email/unknown_account": Kind.NO_ACCOUNT,
    "account/email/password_changed": Kind.PASSWORD_CHANGED,
    "account/email/password_reset": Kind.PASSWORD_CHANGED,
    "account/email/password_set": Kind.PASSWORD_CHANGED,
    "account/email/email_changed": Kind.ADDRESS_CHANGED,
    "account/email/email_deleted": Kind.ADDRESS_REMOVED,
    "mfa/email/totp_activated": Kind.TWO_STEP_ON,
    "mfa/email/totp_deactivated": Kind.TWO_STEP_OFF,
    "mfa/email/recovery_codes_generated": Kind.RECOVERY_CODES,
    "mfa/email/webauthn_added": Kind.PASSKEY_ADDED,
    "mfa/email/webauthn_removed": Kind.PASSKEY_REMOVED,
    "socialaccount/email/account_connected": Kind.CONNECTED,
    "socialaccount/email/account_disconnected": Kind.DISCONNECTED,
}
"""Our letter for each of allauth's. What is not here is never sent: an unknown one fails loudly in tests and logs."""

LINKS = {
    Kind.CONFIRM_ADDRESS: "activate_url",
    Kind.NEW_PASSWORD: "password_reset_url",
    Kind.ACCOUNT_EXISTS: "password_reset_url",
    Kind.NO_ACCOUNT: "signup_url",
}
"""What allauth calls the link of a letter; notices lead to the account's page."""
PLACE_CHARACTERS = 120
LETTER_SENT = "account/messages/email_confirmation_sent.txt"
LETTERS_STAY = "django.core.mail.backends.console.EmailBackend"


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc] # allauth ships no types
    """Accounts: letters go through `mail`, new accounts are counted by network, a new one remembers its language."""

    def new_user(self, request: HttpRequest) -> Account:  # noqa: ARG002 - allauth's signature
        """An account that is not saved yet."""
        return Account(locale=get_language() or "")

    def save_user(
        self,
        request: HttpRequest,
        user: Account,
        form: Any,
        commit: bool = True,  # noqa: FBT001, FBT002 - allauth's
    ) -> Account:
        """Save a new account, unless its network opened too many today."""
        count_or_refuse(request)
        saved: Account = super().save_user(request, user, form, commit)
        return saved

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Write the letter that stands for allauth's, in its reader's language."""
        kind = Kind.CONFIRM_CODE if "code" in context else LETTERS[template_prefix]
        account = Account.objects.filter(email=email.lower()).first() or context.get("user")
        language = (account.locale if isinstance(account, Account) else "") or get_language() or ""
        post(
            kind=kind,
            to=email,
            language=language,
            values=_values(kind, email, context, self.request),
            now=timezone.now(),
        )

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        *others: Any,
        **named: Any,
    ) -> None:
        """Say what happened; no letter is called sent where letters end in the operator's log."""
        if message_template != LETTER_SENT or settings.EMAIL_BACKEND != LETTERS_STAY:
            super().add_message(request, level, message_template, *others, **named)
        elif request.path == reverse("account_email"):  # who asked for it; at sign-up nobody did
            messages.info(request, _("No letters leave from here. The operator finds this one in the log."))


class SocialAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc] # allauth ships no types
    """Accounts that other places vouch for: counted like all new ones."""

    def save_user(self, request: HttpRequest, sociallogin: Any, form: Any = None) -> Account:
        """Save a new account that a provider vouches for; with a form the account's own adapter counts it."""
        if form is None:
            count_or_refuse(request)
        saved: Account = super().save_user(request, sociallogin, form)
        return saved

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: dict[str, Any]) -> Account:
        """Take the name as it is given: ours is one field, because names are not two."""
        user: Account = super().populate_user(request, sociallogin, data)
        parts = (data.get("first_name"), data.get("last_name"))
        user.name = str(data.get("name") or " ".join(str(it) for it in parts if it))[:120]
        return user


class MfaAdapter(DefaultMFAAdapter):  # type: ignore[misc] # allauth ships no types
    """Second steps: keyed secrets are encrypted, passkeys are named in plain words."""

    def encrypt(self, text: str) -> str:
        """What lies in the table opens nothing without the installation's key."""
        return _fernet().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """What `encrypt` made."""
        return _fernet().decrypt(encrypted_text.encode()).decode()

    def generate_authenticator_name(self, user: Account, type: Any) -> str:  # noqa: A002, ARG002 - allauth's names
        """A passkey's first name: the day it was made tells it from others."""
        return _("Passkey of %(day)s") % {"day": timezone.localdate().isoformat()}

    def _get_site_name(self) -> str:
        return str(settings.OURS.title)


def count_or_refuse(request: HttpRequest) -> None:
    """Count a new account of the caller's network.

    Raises:
        ImmediateHttpResponse: the day's are used up; it holds the page that says so, and when to come back.
    """
    address = client_address(request, settings.TRUSTED_PROXIES)
    network = network_of(address, secret=settings.LISTENING.internal_key)
    try:
        count_sign_up(network=network, most=settings.OURS.sign_ups_daily, now=timezone.now())
    except SignUpsUsedUp as error:
        raise ImmediateHttpResponse(_refused(request, error.wait_seconds)) from error


def _refused(request: HttpRequest, wait_seconds: float) -> HttpResponse:
    response = render(request, "429.html", {"sign_ups": True}, status=429)
    response["Retry-After"] = str(math.ceil(wait_seconds))
    return response


def _values(kind: Kind, email: str, context: Mapping[str, Any], request: HttpRequest) -> dict[str, Value]:
    values: dict[str, Value] = {
        "email": email,
        "link": str(context[LINKS[kind]]) if kind in LINKS else absolute(request, reverse("web:account")),
    }
    names = {"code": "code", "to_email": "to", "from_email": "before", "deleted_email": "gone"}
    values |= {ours: str(context[theirs]) for theirs, ours in names.items() if theirs in context}
    if "provider" in context:
        values["provider"] = str(getattr(context["provider"], "name", context["provider"]))
    if "timestamp" in context:
        browser = str(context.get("user_agent", ""))[:PLACE_CHARACTERS]
        values |= {"when": context["timestamp"], "place": f"{context['ip']} ({browser})"}
    return values


def _fernet() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(f"mfa/{settings.SECRET_KEY}".encode()).digest()))

"""The second factor of an account that signs in by the API: a code of its authenticator app, or a recovery code.

Each code opens once. allauth remembers a code of an app for 30 s and takes it for longer, so it is remembered here too.
"""

import hashlib

from allauth.mfa.base.forms import BaseAuthenticateForm
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.core.cache import cache

from alpheus.api.problems import Problem, TooMany
from alpheus.parties.models import Account

STEP_SECONDS = 30  # RFC 6238
WAIT_SECONDS = 5 * 60
"""allauth counts five wrong codes in so long, those on the pages among them."""


def prove(*, account: Account, code: str) -> None:
    """Check the code of an account that has a second factor.

    Raises:
        Problem: a code is needed, or this one is wrong or used.
        TooMany: there were too many wrong ones.
    """
    if not is_mfa_enabled(account):
        return
    if not code:
        raise Problem("second_factor")
    form = BaseAuthenticateForm({"code": code}, user=account)
    if not form.is_valid():
        if form.has_error("code", "too_many_login_attempts"):
            raise TooMany(WAIT_SECONDS)
        raise Problem("code_wrong")
    if not _first_use(account, form.cleaned_data["code"]):
        raise Problem("code_wrong")
    form.authenticator.record_usage()


def _first_use(account: Account, code: str) -> bool:
    """Whether a code was not used here before, in all the time that an app's code is taken."""
    held = STEP_SECONDS * (2 * settings.MFA_TOTP_TOLERANCE + 1)
    digits = "".join(code.split())
    name = hashlib.sha256(f"{account.pk}/{digits}".encode()).hexdigest()
    return cache.add(f"api/second-factor/{name}", 1, timeout=held)

"""What follows when someone has signed in, by whatever way: it is noted, and an account that was to go stays."""

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from alpheus.mail.addresses import absolute
from alpheus.parties import deletion
from alpheus.parties.models import Account


def signed_in(request: HttpRequest, user: object) -> None:
    """Note where an account is signed in, and keep it if it was to be erased."""
    if not isinstance(user, Account) or "REMOTE_ADDR" not in request.META:
        return
    UserSession.objects.create_from_request(request)
    if user.erase_at is None:
        return
    link = absolute(request, reverse("web:account"))
    if deletion.cancel(account=user, account_url=link, now=timezone.now()):
        messages.success(request, _("Welcome back. Your account stays; nothing of it is deleted."))

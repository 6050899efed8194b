"""Who may see a page: members, and staff by role. Others are asked to sign in, or refused."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, cast

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from alpheus.parties.models import Account, StaffRole
from alpheus.parties.queries import has_role
from alpheus.shops.errors import NotYours, RoleRefused

View = Callable[Concatenate[HttpRequest, ...], HttpResponse]


def account_of(request: HttpRequest) -> Account:
    """The account of a page that only members see."""
    return cast("Account", request.user)


def members_only(view: View) -> View:
    """Show a page to who is signed in, and ask others to; who belongs to no shop or may not do it there is refused."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not isinstance(request.user, Account):
            back = request.path if request.method in {"GET", "HEAD"} else reverse("web:studio")
            return redirect(f"{reverse('account_login')}?{urlencode({'next': back})}")
        try:
            return view(request, *args, **kwargs)
        except NotYours as error:
            raise Http404 from error
        except RoleRefused as error:
            raise PermissionDenied from error

    return guarded


def auditors_only(view: View) -> View:
    """Show a page to auditors; running the installation does not make one."""
    return _staff_only(view, StaffRole.Role.AUDITOR)


def accountants_only(view: View) -> View:
    """Show a page to accountants; running the installation does not make one."""
    return _staff_only(view, StaffRole.Role.ACCOUNTANT)


def operators_only(view: View) -> View:
    """Show a page to operators."""
    return _staff_only(view, StaffRole.Role.OPERATOR)


def _staff_only(view: View, role: StaffRole.Role) -> View:
    @members_only
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not has_role(account_of(request), role):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded

"""Who may come to which page of studio and office: every route by every role, generated from the routes themselves."""

from uuid import uuid4

import pytest
from applying import account
from django.test import Client
from django.urls import reverse

from alpheus.parties.models import StaffRole
from alpheus.web.urls import urlpatterns

pytestmark = pytest.mark.django_db

ROLES = ("guest", "member", "operator", "accountant", "auditor")
SIGN_IN, IN, NO = "asked to sign in", "let in", "refused"
MEMBERS = (SIGN_IN, IN, IN, IN, IN)
AUDITORS = (SIGN_IN, NO, NO, NO, IN)
ACCOUNTANTS = (SIGN_IN, NO, NO, IN, NO)
OPERATORS = (SIGN_IN, NO, IN, NO, NO)
TABLE = {
    "studio": MEMBERS,
    "studio-choose-shop": MEMBERS,
    "studio-members": MEMBERS,
    "studio-leave-shop": MEMBERS,
    "studio-member-role": MEMBERS,
    "studio-remove-member": MEMBERS,
    "studio-hand-on": MEMBERS,
    "studio-withdraw-invitation": MEMBERS,
    "studio-roster": MEMBERS,
    "studio-invite-artist": MEMBERS,
    "studio-moves": MEMBERS,
    "studio-ask-move": MEMBERS,
    "studio-move": MEMBERS,
    "studio-answer-move": MEMBERS,
    "studio-apply": MEMBERS,
    "studio-application": MEMBERS,
    "studio-save": MEMBERS,
    "studio-hand-in": MEMBERS,
    "studio-discard": MEMBERS,
    "studio-withdraw": MEMBERS,
    "studio-answer": MEMBERS,
    "studio-appeal": MEMBERS,
    "studio-begin-release": MEMBERS,
    "studio-cover": MEMBERS,
    "studio-mint-upc": MEMBERS,
    "studio-change": MEMBERS,
    "studio-new-version": MEMBERS,
    "studio-preview": MEMBERS,
    "studio-track": MEMBERS,
    "studio-remove-track": MEMBERS,
    "studio-mint": MEMBERS,
    "studio-intakes": MEMBERS,
    "studio-intake-template": MEMBERS,
    "studio-intake-columns": MEMBERS,
    "studio-intake": MEMBERS,
    "studio-intake-faults": MEMBERS,
    "studio-intake-hand-in": MEMBERS,
    "studio-intake-drop": MEMBERS,
    "studio-details": MEMBERS,
    "studio-shop": MEMBERS,
    "studio-open-shop": MEMBERS,
    "studio-close-shop": MEMBERS,
    "studio-order-shop": MEMBERS,
    "studio-feature": MEMBERS,
    "studio-header": MEMBERS,
    "studio-audience": MEMBERS,
    "studio-splits": MEMBERS,
    "studio-withdraw-split": MEMBERS,
    "studio-answer-split": MEMBERS,
    "studio-prices": MEMBERS,
    "studio-currency": MEMBERS,
    "audit-notices": AUDITORS,
    "audit-notice": AUDITORS,
    "audit-decide-notice": AUDITORS,
    "payees": ACCOUNTANTS,
    "payee": ACCOUNTANTS,
    "office": OPERATORS,
    "office-labels": OPERATORS,
    "office-rates": OPERATORS,
    "office-namesakes": OPERATORS,
    "office-tell-apart": OPERATORS,
    "office-label": OPERATORS,
    "office-agreement": OPERATORS,
    "office-label-owner": OPERATORS,
    "audit": AUDITORS,
    "audit-next": AUDITORS,
    "audit-item": AUDITORS,
    "audit-news": AUDITORS,
    "audit-desk": AUDITORS,
    "audit-leave": AUDITORS,
    "audit-decide": AUDITORS,
}
ROUTES = {it.name: it for it in urlpatterns if str(it.pattern).startswith(("studio", "office"))}


def test_every_route_of_studio_and_office_stands_in_the_table():
    assert TABLE.keys() == ROUTES.keys()


def client_of(role):
    client = Client()
    if role == "guest":
        return client
    staff = {"member": None}.get(role, role)
    client.force_login(account(role, StaffRole.Role(staff) if staff else None))
    return client


@pytest.mark.parametrize("role", ROLES)
def test_who_is_let_in(role):
    client = client_of(role)
    found, expected = {}, {}
    for name in TABLE:
        arguments = [uuid4() for _ in range(str(ROUTES[name].pattern).count("uuid:"))]
        for method in (client.get, client.post):
            answered = method(reverse(f"web:{name}", args=arguments))
            if answered.status_code == 405:
                continue
            asked = answered.status_code == 302 and answered["Location"].startswith("/account/login/")
            found[name, method.__name__] = SIGN_IN if asked else NO if answered.status_code == 403 else IN
            expected[name, method.__name__] = TABLE[name][ROLES.index(role)]
    assert found == expected

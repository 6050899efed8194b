"""What a page of studio, office or account does, a program does by the API: every route has an operation, or says why none."""

import re
from uuid import uuid4

import pytest
from api.test_permissions import OPERATIONS
from applying import account
from django.urls import reverse

from alpheus.parties.models import StaffRole
from alpheus.web.urls import urlpatterns

UNDER = ("studio", "office", "account")
DRAFT = {"get_submission", "describe_submission"}
TABLE = {
    "studio": {"list_submissions", "get_own_shop"},
    "studio-choose-shop": {"list_own_shops"},  # a call says `Alpheus-Shop` itself
    "studio-members": {"list_members", "invite_member"},
    "studio-leave-shop": {"leave_shop"},
    "studio-member-role": {"change_member"},
    "studio-remove-member": {"remove_member"},
    "studio-hand-on": {"hand_on_shop"},
    "studio-withdraw-invitation": {"withdraw_invitation"},
    "studio-roster": {"list_roster", "add_artist"},
    "studio-invite-artist": {"ask_move"},
    "studio-moves": {"list_moves"},
    "studio-ask-move": {"ask_move"},
    "studio-move": {"get_move"},
    "studio-answer-move": {"answer_move"},
    "studio-apply": {"begin_submission"},
    "studio-application": DRAFT,
    "studio-save": {"describe_submission"},
    "studio-hand-in": {"hand_in"},
    "studio-discard": {"discard_submission"},
    "studio-withdraw": {"withdraw"},
    "studio-answer": {"answer"},
    "studio-appeal": {"appeal"},
    "studio-begin-release": {"begin_release"},
    "studio-cover": {"give_cover", "remove_cover"},
    "studio-mint-upc": {"mint_upc"},
    "studio-change": {"change_release"},
    "studio-new-version": {"begin_version"},
    "studio-preview": {"preview_release"},
    "studio-track": {"describe_track", "move_track", "get_submission"},
    "studio-remove-track": {"remove_track"},
    "studio-mint": {"mint_isrc"},
    "studio-intakes": {"list_intakes", "begin_intake"},
    "studio-intake-template": {"get_intake_template"},
    "studio-intake-columns": {"get_intake_template"},
    "studio-intake": {"get_intake", "correct_intake", "match_intake"},
    "studio-intake-faults": {"get_intake_faults"},
    "studio-intake-hand-in": {"hand_in_intake"},
    "studio-intake-drop": {"drop_intake"},
    "studio-shop": {"get_own_shop", "change_own_shop"},
    "studio-open-shop": {"open_own_shop"},
    "studio-close-shop": {"close_own_shop"},
    "studio-order-shop": {"order_own_shop"},
    "studio-header": {"give_header", "remove_header"},
    "studio-feature": {"feature_in_own_shop"},
    "studio-splits": {"list_splits", "propose_split"},
    "studio-withdraw-split": {"withdraw_split"},
    "studio-answer-split": {"answer_split"},
    "studio-audience": {"get_own_audience"},
    "studio-prices": {"list_own_prices", "set_prices", "get_price_history"},
    "studio-currency": {"change_own_shop"},
    "office": {"get_office", "get_office_listening"},
    "office-labels": {"list_labels_shops", "found_labels_shop"},
    "office-label": {"get_labels_shop"},
    "office-agreement": {"make_agreement"},
    "office-label-owner": {"invite_labels_owner"},
    "office-namesakes": {"list_namesakes"},
    "office-tell-apart": {"tell_apart"},
    "office-rates": {"list_rates_set", "set_rate"},
    "audit-notices": {"list_notices"},
    "audit-notice": {"get_notice"},
    "audit-decide-notice": {"decide_notice"},
    "payees": {"list_payees"},
    "payee": {"see_payee"},
    "audit": {"get_audit"},
    "audit-next": {"take_next"},
    "audit-item": {"get_audited"},
    "audit-news": {"get_audited"},
    "audit-desk": {"take"},
    "audit-leave": {"leave"},
    "audit-decide": {"decide"},
    "account": {"get_me", "get_settings", "list_sign_ins"},
    "account_name": {"change_settings"},
    "explicit": {"change_settings"},
    "tokens": {"list_tokens", "make_token"},
    "revoke-token": {"revoke_token", "sign_out"},
    "export": {"ask_export", "get_export"},
    "export_file": {"load_export"},
    "delete_account": {"delete_account"},
}
WITHOUT = {
    "studio-details": "who is paid is told by people who proved anew who they are, on a page; no token carries it",
    "deleted": "says good-bye to a browser",
    "sign-in-link": "signs a browser in",
}
BY_THE_API_ALONE = {
    "end_sign_in": "pages end a sign-in by its device",
    "end_sign_ins": "the same",
    "answer_shop_invitation": "a letter's link leads to /join, which stands outside of the studio",
}
ROUTES = {it.name for it in urlpatterns if str(it.pattern).startswith(UNDER)}


def test_every_route_has_an_operation_or_a_reason():
    assert TABLE.keys() | WITHOUT.keys() == ROUTES
    assert not TABLE.keys() & WITHOUT.keys()
    assert all(TABLE.values())
    assert all(WITHOUT.values())


def test_every_operation_that_is_named_is_there():
    assert {it for named in TABLE.values() for it in named} <= OPERATIONS.keys()


def test_every_operation_of_these_rooms_belongs_to_a_page():
    own = {
        name
        for name, (_, path) in OPERATIONS.items()
        if path.startswith(("/studio", "/office", "/me/", "/tokens")) and not path.startswith("/me/radios")
    }
    assert own == {it for named in TABLE.values() for it in named} - {"get_me"} | BY_THE_API_ALONE.keys()


@pytest.mark.django_db
def test_what_a_page_changes_is_changed_by_an_operation(client):
    """A route that takes nothing but a form has an operation that is more than reading."""
    staff = account("everything")
    StaffRole.objects.bulk_create(StaffRole(account=staff, role=role) for role in StaffRole.Role)
    client.force_login(staff)
    forms = set()
    for route in urlpatterns:
        if route.name in TABLE:
            named = re.findall(r"<(\w+):(\w+)>", str(route.pattern))
            values = {name: 1 if kind == "int" else uuid4() for kind, name in named}
            address = reverse(f"web:{route.name}", kwargs=values)
            answer = client.get(address)
            about = [str(it) for it in values.values()]
            back = answer.get("Location", "")  # forms about a submission lead to its page
            if answer.status_code == 405 or (about and about[0] in back and address.startswith(f"{back}/")):
                forms.add(route.name)
    assert {"studio-hand-in", "payee", "audit-decide"} <= forms
    assert {name for name in forms if all(OPERATIONS[it][0] == "get" for it in TABLE[name])} == {
        "studio-choose-shop"  # a call says for itself about which shop it is
    }

"""Who may call what: every operation by guest, member and operator, by page and by token."""

import re
from uuid import uuid4

import pytest
from api_client import Api
from django.db import transaction

from alpheus.api.routes import api
from alpheus.api.token import Scope
from alpheus.parties.models import StaffRole

pytestmark = pytest.mark.django_db

OPEN, MEMBERS, OFFICE, AUDIT, PAYS = "open", "members", "office", "audit", "pays"

TABLE = {
    "get_me": (OPEN, Scope.READ),
    "list_recordings": (OPEN, Scope.READ),
    "get_recordings": (OPEN, Scope.READ),
    "get_recording": (OPEN, Scope.READ),
    "get_lyrics": (OPEN, Scope.READ),
    "list_releases": (OPEN, Scope.READ),
    "get_release": (OPEN, Scope.READ),
    "list_artists": (OPEN, Scope.READ),
    "get_artist": (OPEN, Scope.READ),
    "list_labels": (OPEN, Scope.READ),
    "get_label": (OPEN, Scope.READ),
    "list_genres": (OPEN, Scope.READ),
    "list_years": (OPEN, Scope.READ),
    "get_radio": (OPEN, Scope.READ),
    "get_similar": (OPEN, Scope.READ),
    "list_heard_most": (OPEN, Scope.READ),
    "list_versions": (OPEN, Scope.READ),
    "get_my_radios": (OPEN, Scope.READ),
    "search": (OPEN, Scope.READ),
    "play": (OPEN, Scope.LISTEN),
    "preview": (OPEN, Scope.LISTEN),
    "add_grants": (OPEN, Scope.LISTEN),
    "cancel_grants": (OPEN, Scope.LISTEN),
    "get_session": (OPEN, Scope.LISTEN),
    "get_entries": (OPEN, Scope.LISTEN),
    "edit_session": (OPEN, Scope.LISTEN),
    "hear_session": (OPEN, Scope.LISTEN),
    "list_devices": (OPEN, Scope.LISTEN),
    "change_device": (OPEN, Scope.LISTEN),
    "report_held": (OPEN, Scope.LISTEN),
    "clean_device": (OPEN, Scope.LISTEN),
    "sign_out_others": (OPEN, Scope.LISTEN),
    "forget_device": (OPEN, Scope.LISTEN),
    "list_played": (OPEN, Scope.LISTEN),
    "list_kept_recordings": (OPEN, Scope.LISTEN),
    "list_kept_releases": (OPEN, Scope.LISTEN),
    "list_kept_artists": (OPEN, Scope.LISTEN),
    "list_kept_playlists": (OPEN, Scope.LISTEN),
    "list_kept_among": (OPEN, Scope.LISTEN),
    "keep": (OPEN, Scope.LISTEN),
    "let_go": (OPEN, Scope.LISTEN),
    "list_history": (OPEN, Scope.LISTEN),
    "clear_history": (OPEN, Scope.LISTEN),
    "show_history_again": (OPEN, Scope.LISTEN),
    "list_most_played": (OPEN, Scope.LISTEN),
    "list_playlists": (OPEN, Scope.LISTEN),
    "create_playlist": (OPEN, Scope.LISTEN),
    "import_playlist": (OPEN, Scope.LISTEN),
    "get_playlist": (OPEN, Scope.LISTEN),
    "describe_playlist": (OPEN, Scope.LISTEN),
    "delete_playlist": (OPEN, Scope.LISTEN),
    "list_playlist_items": (OPEN, Scope.LISTEN),
    "add_to_playlist": (OPEN, Scope.LISTEN),
    "remove_from_playlist": (OPEN, Scope.LISTEN),
    "move_in_playlist": (OPEN, Scope.LISTEN),
    "undo_playlist_change": (OPEN, Scope.LISTEN),
    "get_playlist_queue": (OPEN, Scope.LISTEN),
    "export_playlist": (OPEN, Scope.LISTEN),
    "invite_editors": (MEMBERS, Scope.LISTEN),
    "end_invitation": (MEMBERS, Scope.LISTEN),
    "accept_invitation": (MEMBERS, Scope.LISTEN),
    "remove_editor": (MEMBERS, Scope.LISTEN),
    "make_token": (OPEN, Scope.ACCOUNT),
    "open_account": (OPEN, Scope.ACCOUNT),
    "ask_confirmation": (OPEN, Scope.ACCOUNT),
    "ask_new_password": (OPEN, Scope.ACCOUNT),
    "sign_out": (OPEN, Scope.READ),
    "get_settings": (MEMBERS, Scope.ACCOUNT),
    "change_settings": (MEMBERS, Scope.ACCOUNT),
    "list_sign_ins": (MEMBERS, Scope.ACCOUNT),
    "end_sign_in": (MEMBERS, Scope.ACCOUNT),
    "end_sign_ins": (MEMBERS, Scope.ACCOUNT),
    "ask_export": (MEMBERS, Scope.ACCOUNT),
    "get_export": (MEMBERS, Scope.ACCOUNT),
    "load_export": (MEMBERS, Scope.ACCOUNT),
    "delete_account": (MEMBERS, Scope.ACCOUNT),
    "list_tokens": (MEMBERS, Scope.ACCOUNT),
    "revoke_token": (MEMBERS, Scope.ACCOUNT),
    "get_office": (OFFICE, Scope.OFFICE),
    "list_payees": (PAYS, Scope.PAYEES),
    "see_payee": (PAYS, Scope.PAYEES),
    "get_office_listening": (OFFICE, Scope.OFFICE),
    "list_namesakes": (OFFICE, Scope.OFFICE),
    "tell_apart": (OFFICE, Scope.OFFICE),
    "list_rates_set": (OFFICE, Scope.OFFICE),
    "set_rate": (OFFICE, Scope.OFFICE),
    "list_submissions": (MEMBERS, Scope.STUDIO),
    "begin_submission": (MEMBERS, Scope.STUDIO),
    "get_submission": (MEMBERS, Scope.STUDIO),
    "describe_submission": (MEMBERS, Scope.STUDIO),
    "discard_submission": (MEMBERS, Scope.STUDIO),
    "hand_in": (MEMBERS, Scope.STUDIO),
    "withdraw": (MEMBERS, Scope.STUDIO),
    "answer": (MEMBERS, Scope.STUDIO),
    "appeal": (MEMBERS, Scope.STUDIO),
    "begin_release": (MEMBERS, Scope.STUDIO),
    "change_release": (MEMBERS, Scope.STUDIO),
    "begin_version": (MEMBERS, Scope.STUDIO),
    "describe_track": (MEMBERS, Scope.STUDIO),
    "remove_track": (MEMBERS, Scope.STUDIO),
    "move_track": (MEMBERS, Scope.STUDIO),
    "mint_isrc": (MEMBERS, Scope.STUDIO),
    "mint_upc": (MEMBERS, Scope.STUDIO),
    "give_cover": (MEMBERS, Scope.STUDIO),
    "remove_cover": (MEMBERS, Scope.STUDIO),
    "preview_release": (MEMBERS, Scope.STUDIO),
    "give_header": (MEMBERS, Scope.STUDIO),
    "remove_header": (MEMBERS, Scope.STUDIO),
    **dict.fromkeys(
        (
            "list_intakes",
            "get_intake_template",
            "begin_intake",
            "get_intake",
            "correct_intake",
            "get_intake_faults",
            "match_intake",
            "hand_in_intake",
            "drop_intake",
        ),
        (MEMBERS, Scope.STUDIO),
    ),
    "list_shops": (OPEN, Scope.READ),
    "get_shop": (OPEN, Scope.READ),
    "get_own_shop": (MEMBERS, Scope.STUDIO),
    "get_own_audience": (MEMBERS, Scope.STUDIO),
    "list_splits": (MEMBERS, Scope.STUDIO),
    "propose_split": (MEMBERS, Scope.STUDIO),
    "withdraw_split": (MEMBERS, Scope.STUDIO),
    "answer_split": (MEMBERS, Scope.STUDIO),
    "change_own_shop": (MEMBERS, Scope.STUDIO),
    "open_own_shop": (MEMBERS, Scope.STUDIO),
    "close_own_shop": (MEMBERS, Scope.STUDIO),
    "order_own_shop": (MEMBERS, Scope.STUDIO),
    "feature_in_own_shop": (MEMBERS, Scope.STUDIO),
    "list_own_shops": (MEMBERS, Scope.STUDIO),
    "list_members": (MEMBERS, Scope.STUDIO),
    "invite_member": (MEMBERS, Scope.STUDIO),
    "change_member": (MEMBERS, Scope.STUDIO),
    "remove_member": (MEMBERS, Scope.STUDIO),
    "hand_on_shop": (MEMBERS, Scope.STUDIO),
    "leave_shop": (MEMBERS, Scope.STUDIO),
    "withdraw_invitation": (MEMBERS, Scope.STUDIO),
    "answer_shop_invitation": (MEMBERS, Scope.STUDIO),
    "list_moves": (MEMBERS, Scope.STUDIO),
    "ask_move": (MEMBERS, Scope.STUDIO),
    "get_move": (MEMBERS, Scope.STUDIO),
    "answer_move": (MEMBERS, Scope.STUDIO),
    "list_roster": (MEMBERS, Scope.STUDIO),
    "add_artist": (MEMBERS, Scope.STUDIO),
    "list_labels_shops": (OFFICE, Scope.OFFICE),
    "found_labels_shop": (OFFICE, Scope.OFFICE),
    "get_labels_shop": (OFFICE, Scope.OFFICE),
    "make_agreement": (OFFICE, Scope.OFFICE),
    "invite_labels_owner": (OFFICE, Scope.OFFICE),
    "list_offers": (OPEN, Scope.READ),
    "get_offer": (OPEN, Scope.READ),
    "wish": (MEMBERS, Scope.LISTEN),
    "give_up_wish": (MEMBERS, Scope.LISTEN),
    "list_wishes": (MEMBERS, Scope.LISTEN),
    "keep_offer": (MEMBERS, Scope.LISTEN),
    "list_locker": (MEMBERS, Scope.LISTEN),
    "list_rates": (OPEN, Scope.READ),
    "list_own_prices": (MEMBERS, Scope.STUDIO),
    "set_prices": (MEMBERS, Scope.STUDIO),
    "get_price_history": (MEMBERS, Scope.STUDIO),
    "give_notice": (OPEN, Scope.READ),
    "list_notices": (AUDIT, Scope.OFFICE),
    "get_notice": (AUDIT, Scope.OFFICE),
    "decide_notice": (AUDIT, Scope.OFFICE),
    "get_audit": (AUDIT, Scope.OFFICE),
    "take_next": (AUDIT, Scope.OFFICE),
    "get_audited": (AUDIT, Scope.OFFICE),
    "take": (AUDIT, Scope.OFFICE),
    "leave": (AUDIT, Scope.OFFICE),
    "decide": (AUDIT, Scope.OFFICE),
}

REFUSALS = {"sign_in_needed", "scope_missing", "not_allowed", "auditors_only", "accountants_only", "csrf"}
CLEAR = {"ops": [{"op": "clear"}]}

OPERATIONS = {
    operation["operationId"]: (method, path.removeprefix("/api/v1"))
    for path, methods in api.get_openapi_schema()["paths"].items()
    for method, operation in methods.items()
}


def test_every_operation_stands_in_the_table():
    assert TABLE.keys() == OPERATIONS.keys()


def refusal(client, name):
    """The code with which a call is refused for who calls; None when it is let in, whatever else is wrong."""
    method, path = OPERATIONS[name]
    path = path.replace("{number}", "1").replace("{kind}", "recording").replace("{secret}", "none")
    path = re.sub(r"\{\w+\}", str(uuid4()), path)
    response = client.call(method, path, {} if method in {"post", "put", "patch"} else None)
    is_json = not response.streaming and "json" in response.get("Content-Type", "")
    code = response.json().get("code") if is_json and response.content else None
    return code if code in REFUSALS else None


def refusals(client_of, names=TABLE):
    """How each call is refused; what one changed is undone before the next."""
    found = {}
    for name in names:
        with transaction.atomic():
            found[name] = refusal(client_of(name), name)
            transaction.set_rollback(True)
    return found


def test_guests(guest):
    expected = {name: None if who == OPEN else "sign_in_needed" for name, (who, _) in TABLE.items()}
    expected["sign_out"] = "sign_in_needed"  # there is no token to revoke
    assert refusals(lambda _: guest) == expected


def test_members(member, program, page):
    kinds = {OFFICE: "not_allowed", AUDIT: "auditors_only", PAYS: "accountants_only"}
    expected = {name: kinds.get(who) for name, (who, _) in TABLE.items()}
    assert refusals(lambda _: program(member), expected.keys() - {"make_token"}) == {
        name: code for name, code in expected.items() if name != "make_token"  # a token makes no other
    }  # fmt: skip
    assert refusals(lambda _: page, expected.keys() - {"sign_out"}) == {
        name: code for name, code in expected.items() if name != "sign_out"
    }


def test_operators(operator, program):
    """Who runs the installation audits nothing and reads nobody's details by that."""
    kinds = {AUDIT: "auditors_only", PAYS: "accountants_only"}
    expected = {name: kinds.get(who) for name, (who, _) in TABLE.items()}
    expected["make_token"] = "scope_missing"
    assert refusals(lambda _: program(operator)) == expected


def test_auditors(member, program):
    StaffRole.objects.create(account=member, role=StaffRole.Role.AUDITOR)
    staff = {name: who for name, (who, _) in TABLE.items() if who in {AUDIT, OFFICE}}
    expected = {name: "not_allowed" if who == OFFICE else None for name, who in staff.items()}
    assert refusals(lambda _: program(member), staff) == expected


def test_accountants(member, program):
    StaffRole.objects.create(account=member, role=StaffRole.Role.ACCOUNTANT)
    kinds = {OFFICE: "not_allowed", AUDIT: "auditors_only"}
    expected = {name: kinds.get(who) for name, (who, _) in TABLE.items() if who in {AUDIT, OFFICE, PAYS}}
    assert refusals(lambda _: program(member), expected) == expected


def test_a_token_does_what_its_scopes_say(operator, program):
    def others(name):
        return program(operator, *(scope for scope in Scope if scope is not TABLE[name][1]))

    assert set(refusals(others).values()) == {"scope_missing"}


def test_a_web_session_is_believed_from_our_own_page_only(member):
    elsewhere = Api(account=member, enforce_csrf_checks=True)
    changing = [name for name, (method, _) in OPERATIONS.items() if method != "get"]
    assert set(refusals(lambda _: elsewhere, changing).values()) == {"csrf"}


def test_a_guest_without_a_session_is_refused_from_elsewhere():
    elsewhere = Api(enforce_csrf_checks=True)
    for headers in ({"Origin": "https://elsewhere.example"}, {"Sec-Fetch-Site": "cross-site"}):
        assert elsewhere.post("/session/ops", CLEAR, **headers).json()["code"] == "csrf"
    same = {"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"}
    assert elsewhere.post("/session/ops", CLEAR, **same).status_code == 200


def test_no_other_origin_may_read_answers(guest):
    response = guest.get("/me", Origin="https://elsewhere.example")
    assert not [name for name in response.headers if name.lower().startswith("access-control-")]

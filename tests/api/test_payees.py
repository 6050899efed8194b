"""Accountants read payees by the API as on the page: each sight is written down, under a scope of its own."""

import pytest
from api_client import Api
from applying import LINK, NOW, PASSWORD, account, handed_in_by
from details_of import PERSON
from opened_shop import opened

from alpheus.api.models import Answered
from alpheus.api.token import Scope
from alpheus.parties import details
from alpheus.parties.models import Account, DetailsView, StaffRole
from alpheus.submissions import review
from alpheus.submissions.rules import Reason

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(db):
    return opened(account("tide"), account("owl", StaffRole.Role.AUDITOR))


@pytest.fixture
def accountant(db):
    return account("heron", StaffRole.Role.ACCOUNTANT)


def test_the_list_tells_that_details_are_given_and_never_what_they_are(shop, accountant, program):
    waiting = opened(account("ebb"), account("owl2", StaffRole.Role.AUDITOR), handle="ebb", artist_name="Ebb")
    waiting.owner.details.delete()
    answer = program(accountant, Scope.PAYEES).get("/office/payees")
    ebb, tide = answer.json()["items"]
    assert (ebb["name"], ebb["details_changed_at"]) == ("Ebb", None)
    assert (tide["account"], tide["state"]) == (str(shop.owner.gid), "open")
    assert tide["details_changed_at"] is not None
    told = answer.content.decode()
    assert not any(PERSON[name] in told for name in ("legal_name", "alipay_account", "address"))
    assert not DetailsView.objects.exists(), "a list is no sight of anybody's details"


@pytest.mark.parametrize("by", ["token", "session"])
def test_every_call_is_written_down_and_their_owner_sees_it(shop, accountant, program, by):
    caller = program(accountant, Scope.PAYEES) if by == "token" else Api(account=accountant)
    if by == "session":
        caller.http.post("/account/reauthenticate/", {"password": PASSWORD})
    for number in (1, 2):
        answer = caller.call("post", f"/office/payees/{shop.owner.gid}/see", None, Idempotency_Key="same")
        assert answer["Cache-Control"] == "no-store"
        assert DetailsView.objects.filter(account=shop.owner, viewer=accountant).count() == number
    seen = answer.json()
    assert {name: seen[name] for name in PERSON} == PERSON
    assert [it["by"] for it in seen["seen"]] == ["heron", "heron"]
    assert not Answered.objects.exists(), "what was seen lies nowhere"
    assert [str(it.viewer) for it in details.seen(shop.owner)] == ["heron", "heron"], (
        "as their own page shows it"
    )


def test_a_page_that_was_left_open_is_no_proof_of_who_calls(shop, accountant, program):
    page = Api(account=accountant)
    path = f"/office/payees/{shop.owner.gid}/see"
    assert page.post(path).json()["code"] == "proof_needed"
    assert page.get("/office/payees").status_code == 200, "none of them stands in the list"
    assert not DetailsView.objects.exists()
    page.http.post("/account/reauthenticate/", {"password": PASSWORD})
    assert page.post(path).status_code == 200
    assert program(accountant, Scope.PAYEES).post(path).status_code == 200, "a token is proof of its scope"


def test_nobody_else_reads_them_and_no_attempt_is_a_sight(shop, accountant, program):
    path = f"/office/payees/{shop.owner.gid}/see"
    others = tuple(it for it in Scope if it is not Scope.PAYEES)
    for caller, code in (
        (program(accountant, *others), "scope_missing"),
        (program(account("ops", StaffRole.Role.OPERATOR)), "accountants_only"),
        (program(shop.owner), "accountants_only"),
        (Api(), "sign_in_needed"),
    ):
        answer = caller.post(path)
        assert answer.json()["code"] == code
        assert PERSON["legal_name"] not in answer.content.decode()
    assert not DetailsView.objects.exists()
    nobody = program(accountant).post(f"/office/payees/{account('wren').gid}/see")
    assert nobody.json()["code"] == "not_found"
    details.give(account=accountant, fields=PERSON, now=NOW)
    assert program(accountant).post(f"/office/payees/{accountant.gid}/see").status_code == 200


def test_what_a_refused_payee_gave_too_is_told_and_never_what_it_is(shop, accountant, program):
    row = handed_in_by(account("kite"), artist_name="Kite")
    details.give(account=row.account, fields=PERSON | {"address": "elsewhere 9"}, now=NOW)
    owl = Account.objects.get(email="owl@example.com")
    review.refuse(auditor=owl, gid=row.gid, reason=Reason.COVER, words="A cover.", link=LINK, now=NOW)
    answer = program(accountant).get("/office/payees")
    (tide,) = answer.json()["items"]
    assert tide["same_as_refused"] == ["account"]
    assert PERSON["alipay_account"] not in answer.content.decode()

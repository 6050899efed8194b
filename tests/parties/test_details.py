"""Payees' details: whole or not kept, sealed field by field, seen by few, each sight written down, keys rotated."""

import hashlib
import secrets
from datetime import UTC, datetime

import pytest
from applying import account
from details_of import PERSON
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from alpheus.parties import details, traces
from alpheus.parties.errors import DetailsRefused, DetailsUnknown, MayNotSee, SealBroken
from alpheus.parties.models import Details, DetailsTrace, DetailsView, StaffRole
from alpheus.parties.rules import FIELDS, Problem, fit, problems
from alpheus.parties.sealing import seal, unseal
from alpheus.parties.traces import Kind

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
BUSINESS = {
    "legal_name": "Tidal GmbH",
    "address": "Ufer 1, Bremen",
    "country": "DE",
    "tax_status": "business",
    "tax_number": "DE123456789",
    "payout_method": "bank",
    "bank_holder": "Tidal GmbH",
    "bank_account": "DE89 3704 0044 0532 0130 00",
    "bank_code": "COBADEFFXXX",
}


@pytest.mark.parametrize("whole", [PERSON, BUSINESS])
def test_whole_details_have_no_problem(whole):
    assert problems(fit(whole)) == {}


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"legal_name": ""}, {"legal_name": Problem.MISSING}),
        ({"country": "XX"}, {"country": Problem.UNKNOWN}),
        ({"tax_status": "prince"}, {"tax_status": Problem.UNKNOWN}),
        ({"tax_number": " "}, {"tax_number": Problem.MISSING}),
        ({"bank_account": "DE88 3704 0044 0532 0130 00"}, {"bank_account": Problem.IBAN}),
        ({"bank_account": "DE89 3704"}, {"bank_account": Problem.IBAN}),
        ({"bank_account": "12"}, {"bank_account": Problem.ACCOUNT}),
        ({"bank_account": "6222 0200 1234 5678 901"}, {}),
        ({"payout_method": "alipay"}, {"alipay_account": Problem.MISSING}),
        ({"payout_method": "alipay", "alipay_account": "not one"}, {"alipay_account": Problem.ALIPAY}),
        ({"payout_method": "alipay", "alipay_account": "tide@example.com"}, {}),
        ({"payout_method": ""}, {"payout_method": Problem.MISSING}),
    ],
)
def test_what_is_wrong_is_named(changes, wrong):
    assert problems(fit(BUSINESS | changes)) == wrong


def test_what_the_other_way_of_payout_needed_is_not_kept():
    kept = fit(BUSINESS | {"payout_method": "alipay", "alipay_account": "tide@example.com"})
    assert (kept["bank_account"], kept["bank_holder"], kept["bank_code"]) == ("", "", "")


@given(text=st.text(min_size=1), about=st.text(), other=st.text())
def test_sealed_text_opens_as_what_it_is_about_and_as_nothing_else(text, about, other):
    keys = (secrets.token_bytes(32), secrets.token_bytes(32))
    sealed = seal(text, about=about, keys=keys[1:])
    assert unseal(sealed, about=about, keys=keys) == text
    assert text.encode() not in sealed.encode() or len(text) < 8
    with pytest.raises(SealBroken):
        unseal(sealed, about=about, keys=keys[:1])
    if other != about:
        with pytest.raises(SealBroken):
            unseal(sealed, about=other, keys=keys)


@pytest.mark.parametrize("broken", ["x", "AAAA", "é" * 40, "A" * 80])
def test_what_was_changed_does_not_open(broken):
    with pytest.raises(SealBroken):
        unseal(broken, about="x", keys=(secrets.token_bytes(32),))


@pytest.fixture
def keys(settings):
    kept = [secrets.token_bytes(32)]
    settings.DETAILS_KEYS = lambda: tuple(kept)
    return kept


@pytest.fixture
def payee(db, keys):
    made = account("tide")
    details.give(account=made, fields=BUSINESS, now=NOW)
    return made


def stored():
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM parties_details")
        return " ".join(str(value) for row in cursor.fetchall() for value in row)


def test_no_field_lies_open_in_the_table(payee):
    lying = stored()
    for name, text in BUSINESS.items():
        if len(text) > 3:
            assert text not in lying, name
            assert text.replace(" ", "") not in lying, name
    assert details.own(payee).fields == fit(BUSINESS)


def test_what_is_not_whole_leaves_what_was_there(payee):
    with pytest.raises(DetailsRefused):
        details.give(account=payee, fields=BUSINESS | {"bank_account": "1"}, now=NOW)
    assert details.own(payee).fields["bank_account"] == "DE89370400440532013000"


def test_one_payee_s_bank_is_not_another_s(payee):
    thief = account("magpie")
    details.give(account=thief, fields=PERSON, now=NOW)
    Details.objects.filter(account=payee).update(
        bank_account=Details.objects.values_list("alipay_account", flat=True).get(account=thief)
    )
    with pytest.raises(SealBroken):
        details.own(payee)


@pytest.mark.parametrize("role", [None, *StaffRole.Role])
def test_accountants_alone_see_them_and_it_is_written_down(payee, role):
    viewer = account("viewer", role)
    if role != StaffRole.Role.ACCOUNTANT:
        with pytest.raises(MayNotSee):
            details.see(of=payee.gid, viewer=viewer, now=NOW)
        assert details.seen(payee) == []
        return
    assert details.see(of=payee.gid, viewer=viewer, now=NOW).fields == fit(BUSINESS)
    assert [(it.viewer, it.at) for it in details.seen(payee)] == [(viewer, NOW)]
    viewer.delete()
    assert [it.viewer for it in details.seen(payee)] == [None]


def test_who_gave_none_has_none(payee):
    other = account("magpie")
    assert not details.are_given(other)
    with pytest.raises(DetailsUnknown):
        details.own(other)
    with pytest.raises(DetailsUnknown):
        details.see(of=other.gid, viewer=account("ledger", StaffRole.Role.ACCOUNTANT), now=NOW)
    assert not DetailsView.objects.exists()


def test_keys_are_rotated_and_the_old_one_is_needed_no_more(payee, keys):
    keys.insert(0, secrets.token_bytes(32))
    assert details.own(payee).fields == fit(BUSINESS)
    assert details.seal_anew(keys=tuple(keys)) == 1
    assert details.seal_anew(keys=tuple(keys)) == 0
    del keys[1]
    assert details.own(payee).fields == fit(BUSINESS)
    assert {"legal_name", "alipay_account"} < FIELDS.keys()


def test_the_same_payee_is_told_and_never_what_they_gave(db, settings):
    keys = [secrets.token_bytes(32)]
    settings.DETAILS_KEYS = lambda: keys
    one, two, three = account("wren"), account("kite"), account("owl")
    details.give(account=one, fields=BUSINESS, now=NOW)
    details.give(
        account=two,
        fields=BUSINESS | {"bank_account": "DE89370400440532013000", "tax_number": "DE 9"},
        now=NOW,
    )
    details.give(account=three, fields=PERSON, now=NOW)
    assert details.same_as(one) == {Kind.ACCOUNT: {two.pk}, Kind.ADDRESS: {two.pk}}
    assert details.same_as(three) == details.same_as(account("guest")) == {}
    plain = traces.told(BUSINESS)[Kind.ACCOUNT]
    kept = set(DetailsTrace.objects.values_list("digest", flat=True))
    assert not kept & {hashlib.sha256(it.encode()).hexdigest() for it in (plain, f"account\x00{plain}")}
    assert not DetailsView.objects.exists(), "nobody saw anything"


def test_digests_are_made_anew_with_the_key_and_matched_until_then(db, settings):
    old, new = secrets.token_bytes(32), secrets.token_bytes(32)
    one, two = account("wren"), account("kite")
    settings.DETAILS_KEYS = lambda: (old,)
    details.give(account=one, fields=BUSINESS, now=NOW)
    settings.DETAILS_KEYS = lambda: (new, old)
    details.give(account=two, fields=BUSINESS, now=NOW)
    same = {kind: {two.pk} for kind in Kind}
    # Of each, digests are made under every key that is held: one under the old and one under the new meet.
    assert details.same_as(one) == same
    details.seal_anew(keys=(new, old))
    assert details.same_as(one) == same
    assert {it.key for it in DetailsTrace.objects.all()} == {traces.name_of(new)}
    settings.DETAILS_KEYS = lambda: (new,)
    assert details.same_as(one) == same
    DetailsTrace.objects.all().delete()  # as of details from before there were digests
    details.seal_anew(keys=(new,))
    assert details.same_as(two) == {kind: {one.pk} for kind in Kind}

"""What an application clashes with: names that are here, and who was refused before."""

from datetime import timedelta

import music
import pytest
from applying import FIELDS, LINK, NOW, account, draft_of, handed_in_by, release_of
from details_of import PERSON
from judging import hear_and_accept
from labels import join, open_label
from opened_shop import accepted

from alpheus.parties import details
from alpheus.parties.know_artist import know_artist
from alpheus.parties.models import StaffRole
from alpheus.shops.brand.roster import add_artist
from alpheus.submissions import queries, review
from alpheus.submissions.give_details import give_details
from alpheus.submissions.hand_in import hand_in
from alpheus.submissions.queries import latest_paid_to, paid_like_refused, payees_like_refused
from alpheus.submissions.rules import Reason

pytestmark = pytest.mark.django_db


def refused(name, **fields):
    row = handed_in_by(account(name), **fields)
    auditor = account(f"auditor-of-{name}", StaffRole.Role.AUDITOR)
    review.refuse(auditor=auditor, gid=row.gid, reason=Reason.COVER, words="A cover.", link=LINK, now=NOW)
    return row


def clashes(row):
    return {it.kind: it.measured for it in queries.evidence(row)}


def test_nothing_clashes_with_nothing(applicant):
    assert clashes(handed_in_by(applicant)) == {}


def test_names_that_are_here(applicant):
    know_artist(name="Tide")
    held = music.recording(FIELDS["title"])
    found = clashes(handed_in_by(applicant, artist_name="Tide", title=FIELDS["title"]))
    assert found["same-title"] == {"title": held.title, "artist": "Tide", "difference_ms": 230_000}
    assert found["artist-known"] == {"artist": "Tide"}


def test_a_title_that_shouts_and_names_a_guest(applicant):
    found = clashes(handed_in_by(applicant, title="RAIN (feat. Wren)"))
    assert found.keys() - {"compared"} == {"feat-in-title"}
    other = handed_in_by(account("other"), title="RAIN AT NIGHT", artist_name="Other")
    assert clashes(other).keys() == {"capitalisation"}


def test_who_was_refused_is_known_again(applicant):
    row = refused("first", artist_name="Ebb")
    again = handed_in_by(row.account, artist_name="Ebb Two")
    assert clashes(again) == {"refused-before": {"times": 1}}
    assert clashes(handed_in_by(applicant, artist_name="EBB")) == {"refused-artist": {"times": 1}}


@pytest.mark.parametrize(
    ("name", "expected"),
    [("first+two", 1), ("First+two+three", 1), ("firsts", 0), ("firs", 0), ("+first", 0)],
)
def test_a_refused_mailbox_is_known_under_another_tag(name, expected):
    refused("first+one", artist_name="Ebb")
    found = clashes(handed_in_by(account(name), artist_name="Flood"))
    assert found == ({"refused-mailbox": {"times": 1}} if expected else {})


def test_what_was_decided_otherwise_is_no_refusal():
    row = refused("first", artist_name="Ebb")
    other = account("kite", StaffRole.Role.AUDITOR)
    review.reopen(auditor=other, gid=row.gid, words="The claim fell.", link=LINK, now=NOW)
    hear_and_accept(auditor=other, gid=row.gid, words="", link=LINK, now=NOW)
    found = clashes(handed_in_by(account("next"), artist_name="Ebb"))
    assert not [kind for kind in found if kind.startswith("refused")]


def test_another_payee_of_the_same_account_was_refused(applicant):
    bad = refused("kite")
    details.give(account=bad.account, fields=PERSON, now=NOW)
    details.give(account=applicant, fields=PERSON | {"address": "elsewhere 9, Chengdu"}, now=NOW)
    found = clashes(handed_in_by(applicant, artist_name="Other"))
    assert found["refused-account"] == {"times": 1}
    assert "refused-address" not in found
    assert "tide@example.com" not in str(found)


COMPANY = PERSON | {"tax_status": "business", "tax_number": "9151 0000-MA6C-X1"}
ELSE = {"address": "elsewhere 9, Chengdu", "alipay_account": "wren@example.com", "tax_number": ""}
SAME = {
    "refused-account": {"alipay_account": PERSON["alipay_account"]},
    "refused-tax": {"tax_number": "91510000ma6cx1"},
    "refused-address": {"address": "河岸路 1 号, 成都"},
    "": {},
}


def give(whose, fields):
    give_details(account=whose, fields=fields, now=NOW)


@pytest.fixture
def bad(db):
    row = refused("kite")
    give(row.account, COMPANY)
    return row.account


@pytest.mark.parametrize("kind", SAME)
@pytest.mark.parametrize("before", [True, False], ids=["before", "after"])
def test_what_a_refused_payee_gave_too_is_told_whenever_it_is_given(applicant, bad, kind, before):
    fields = COMPANY | ELSE | {"tax_number": "other 77 88"} | SAME[kind]
    if before:
        give(applicant, fields)
    row = handed_in_by(applicant, artist_name="Other")
    if not before:
        assert clashes(row) == {}
        give(applicant, fields)
    assert clashes(row) == ({kind: {"times": 1}} if kind else {})
    told = paid_like_refused([applicant.pk])
    assert {f"refused-{it.value}" for it in told.get(applicant.pk, ())} == ({kind} if kind else set())


def test_what_was_accepted_is_looked_at_again_and_a_draft_is_not(applicant, bad):
    row = accepted(applicant, account("owl", StaffRole.Role.AUDITOR), artist_name="Other")
    draft = draft_of(account("lark"), artist_name="Lark")
    for whose in (applicant, draft.account):
        give(whose, COMPANY)
    assert clashes(row).keys() - {"compared"} == {"refused-account", "refused-tax", "refused-address"}
    assert clashes(draft) == {}


def test_shops_that_are_paid_like_somebody_who_was_refused_are_listed(applicant, bad):
    auditor = account("owl", StaffRole.Role.AUDITOR)
    row = accepted(applicant, auditor, artist_name="Other")
    assert payees_like_refused(now=NOW) == []
    give(applicant, COMPANY)
    ((shop, kinds),) = payees_like_refused(now=NOW)
    assert shop.owner == applicant
    assert {it.value for it in kinds} == {"account", "tax", "address"}
    assert latest_paid_to([shop]) == {shop.pk: row}
    assert payees_like_refused(now=NOW + timedelta(days=91)) == []


def test_of_a_brand_shop_its_owner_is_paid(bad):
    boss, editor = account("boss"), account("editor")
    shop = open_label(boss)
    artist = add_artist(by=boss, shop=shop.gid, name="小雨", now=NOW).artist
    join(shop, boss, editor, "editor")
    row = release_of(editor, ["Rain"], shop=shop.gid, artist=str(artist.gid))
    row = hand_in(account=editor, gid=row.gid, link=LINK, now=NOW)
    assert clashes(row).keys() - {"compared"} == {"refused-account", "refused-address"}
    give(boss, COMPANY)
    assert clashes(row).keys() - {"compared"} == {"refused-account", "refused-address", "refused-tax"}

"""A label's shop from its founding: agreements, invitations, members, roles, its roster, and who sees nothing of it."""

import contextlib
from datetime import date, timedelta
from uuid import uuid4

import pytest
from applying import FIELDS, LINK, NOW, account, release_of
from django.db import DatabaseError, transaction
from judging import hear_and_accept
from labels import CNY, TERMS, Letters, founded, join, label_of, open_label, operator
from opened_shop import opened
from words import compile_words

from alpheus.catalogue.models import Release
from alpheus.listening.erase import erase
from alpheus.mail.models import Letter
from alpheus.parties.models import StaffRole
from alpheus.rights.notice import Given, give_notice
from alpheus.rights.rules import Decision
from alpheus.shops import keep_shop
from alpheus.shops.answer_notice import answer_notice
from alpheus.shops.brand import queries
from alpheus.shops.brand.answer import answer, invitation_by
from alpheus.shops.brand.errors import (
    AddressRefused,
    AgreementRefused,
    ArtistElsewhere,
    ArtistRefused,
    InvitationElsewhere,
    InvitationOver,
    InvitationUnknown,
    InvitedTooMany,
    LabelHasShop,
    LabelRefused,
    LastOwner,
    MemberAlready,
    MemberUnknown,
    PriceFixed,
)
from alpheus.shops.brand.follow_agreement import follow_agreements
from alpheus.shops.brand.found import agree, invite_owner
from alpheus.shops.brand.invite import invite, withdraw
from alpheus.shops.brand.members import change_role, hand_on, leave, remove
from alpheus.shops.brand.models import Agreement, HouseNote, Member, Rostered
from alpheus.shops.brand.roster import add_artist
from alpheus.shops.brand.rules import INVITED_A_DAY, Note, Problem, State, Terms
from alpheus.shops.errors import NotReady, NotYours, OwnShop, RoleRefused
from alpheus.shops.models import Shop
from alpheus.shops.offers import queries as offers
from alpheus.shops.offers.rules import Asked, Kind
from alpheus.shops.offers.set_prices import set_prices
from alpheus.shops.queries import Filter, open_shops, shop_of
from alpheus.shops.rules import Role
from alpheus.shops.seats import seat_of, seats_of
from alpheus.submissions import claim, review
from alpheus.submissions import queries as submissions
from alpheus.submissions.begin import begin_release
from alpheus.submissions.describe import describe
from alpheus.submissions.errors import Incomplete, SubmissionUnknown
from alpheus.submissions.hand_in import hand_in, missing
from alpheus.submissions.rules import Missing
from alpheus.values.money import Money

pytestmark = pytest.mark.django_db

compile_words("mail")
compile_words("shops")
DAY = timedelta(days=1)
LATER = NOW + 3 * DAY


@pytest.fixture
def boss():
    return account("boss")


@pytest.fixture
def shop(boss):
    return label_of(boss)


@pytest.fixture
def auditor():
    return account("owl", StaffRole.Role.AUDITOR)


def events(shop):
    return [it.note.event for it in reversed(queries.history_of(shop))]


def member(shop, who):
    return Member.objects.get(shop=shop, account=who)


# Founding


def test_an_operator_founds_a_labels_shop_and_its_owner_accepts(boss):
    letters = Letters()
    shop = founded(letters=letters)
    assert (shop.kind, shop.owner, shop.label.name, shop.artist) == ("brand", None, "海风", None)
    letter = Letter.objects.get(kind="shop_invitation")
    assert letter.to == "boss@example.com"
    assert letters.secrets[0] in letter.text
    answer(account=boss, secret=letters.secrets[0], accepts=True, now=NOW)
    shop.refresh_from_db()
    assert shop.owner == boss
    assert events(shop) == [Note.FOUNDED, Note.INVITED, Note.ACCEPTED]
    made = queries.agreements_of(shop)
    assert [(it.agreement.minor, it.by) for it in made] == [(80, "ops")]
    assert shop_of(boss) is None  # it is no shop of their own


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"label": " "}, LabelRefused),
        ({"email": "nobody"}, AddressRefused),
        ({"terms": Terms(Money(80, CNY), NOW.date() - DAY, None)}, AgreementRefused),
    ],
)
def test_what_cannot_be_founded(fields, error):
    with pytest.raises(error), transaction.atomic():
        founded(**fields)
    assert not Shop.objects.exists()


def test_a_label_has_one_shop():
    founded("Sea Wind")
    with pytest.raises(LabelHasShop):
        founded("sea  wind")


def test_the_database_keeps_agreements_and_notes_and_one_kind(shop, boss):
    for rows in (Agreement.objects.all(), HouseNote.objects.all()):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(number=9)
        with pytest.raises(DatabaseError), transaction.atomic():
            rows._raw_delete(rows.db)
    for changed in ({"label": None}, {"kind": "independent"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Shop.objects.filter(pk=shop.pk).update(**changed)


def test_it_opens_when_details_and_an_address_are_given(boss, shop):
    with pytest.raises(NotReady):
        keep_shop.open_shop(owner=boss, shop=shop.gid, now=NOW)
    opened_shop = open_label(account("second"), "Second", "second")
    assert (opened_shop.state, opened_shop.artist) == ("open", None)
    assert [it.pk for it in open_shops(only=Filter(kind="brand"), size=9).rows] == [opened_shop.pk]
    assert not open_shops(only=Filter(kind="independent"), size=9).rows


# Invitations


def test_an_invitation_is_answered_once(shop, boss):
    letters, editor = Letters(), account("editor", locale="ja")
    invite(by=boss, shop=shop.gid, email="Editor@Example.com", role=Role.EDITOR, answer=letters, now=NOW)
    assert "編集者" in Letter.objects.get(to="editor@example.com").text
    secret = letters.secrets[0]
    for _ in range(2):
        assert answer(account=editor, secret=secret, accepts=True, now=NOW).state == State.ACCEPTED
    with pytest.raises(InvitationOver):
        answer(account=editor, secret=secret, accepts=False, now=NOW)
    assert seat_of(editor, shop.gid).role is Role.EDITOR
    assert events(shop).count(Note.ACCEPTED) == 2  # the owner's and theirs


def test_one_who_was_asked_twice_answers_the_later_letter(shop, boss):
    letters, editor = Letters(), account("editor")
    for role in (Role.EDITOR, Role.BOOKKEEPER):
        invite(by=boss, shop=shop.gid, email=editor.email, role=role, answer=letters, now=NOW)
    with pytest.raises(InvitationOver) as error:
        answer(account=editor, secret=letters.secrets[0], accepts=True, now=NOW)
    assert error.value.state is State.WITHDRAWN
    answer(account=editor, secret=letters.secrets[1], accepts=True, now=NOW)
    assert seat_of(editor, shop.gid).role is Role.BOOKKEEPER


def test_late_forged_withdrawn_and_another_accounts(shop, boss):
    letters, editor = Letters(), account("editor")
    row = invite(by=boss, shop=shop.gid, email=editor.email, role=Role.EDITOR, answer=letters, now=NOW)
    secret = letters.secrets[0]
    for forged in ("", secret[:-1], secret + "x"):
        with pytest.raises(InvitationUnknown):
            invitation_by(forged)
    with pytest.raises(InvitationElsewhere):
        answer(account=account("else"), secret=secret, accepts=True, now=NOW)
    with pytest.raises(InvitationOver) as error:
        answer(account=editor, secret=secret, accepts=True, now=NOW + 14 * DAY)
    assert error.value.state is State.EXPIRED
    withdraw(by=boss, shop=shop.gid, invitation=row.gid, now=NOW)
    with pytest.raises(InvitationOver):
        answer(account=editor, secret=secret, accepts=True, now=NOW)
    with pytest.raises(InvitationOver):
        withdraw(by=boss, shop=shop.gid, invitation=row.gid, now=NOW)
    assert not seats_of(editor)


def test_who_may_invite_whom(shop, boss):
    manager, editor = account("manager"), account("editor")
    join(shop, boss, manager, "manager")
    join(shop, boss, editor, "editor")
    with pytest.raises(MemberAlready):
        join(shop, boss, editor, "editor")
    with pytest.raises(RoleRefused):
        join(shop, manager, account("new"), "owner")
    with pytest.raises(RoleRefused):
        join(shop, editor, account("newer"), "bookkeeper")
    with pytest.raises(NotYours):
        join(shop, account("stranger"), account("newest"), "editor")
    asked = invite(by=boss, shop=shop.gid, email="co@example.com", role=Role.OWNER, answer=Letters(), now=NOW)
    with pytest.raises(RoleRefused):
        withdraw(by=manager, shop=shop.gid, invitation=asked.gid, now=NOW)


def test_not_too_many_are_invited_in_a_day(shop, boss):
    for number in range(INVITED_A_DAY - 1):
        invite(by=boss, shop=shop.gid, email=f"p{number}@example.com", role=Role.EDITOR, answer=str, now=NOW)
    with pytest.raises(InvitedTooMany):
        invite(by=boss, shop=shop.gid, email="more@example.com", role=Role.EDITOR, answer=str, now=NOW)
    later = NOW + DAY + timedelta(seconds=1)
    assert invite(by=boss, shop=shop.gid, email="m@example.com", role=Role.EDITOR, answer=str, now=later)


# Members


def test_the_last_owner_cannot_go_but_hands_the_shop_on(shop, boss):
    editor = account("editor")
    join(shop, boss, editor, "editor")
    own = member(shop, boss)
    for act in (
        lambda: leave(account=boss, shop=shop.gid, now=NOW),
        lambda: remove(by=boss, shop=shop.gid, member=own.gid, now=NOW),
        lambda: change_role(by=boss, shop=shop.gid, member=own.gid, role=Role.EDITOR, link=LINK, now=NOW),
    ):
        with pytest.raises(LastOwner):
            act()
    hand_on(by=boss, shop=shop.gid, member=member(shop, editor).gid, link=LINK, account_link=LINK, now=NOW)
    shop.refresh_from_db()
    assert (shop.owner, seat_of(boss, shop.gid).role) == (editor, Role.MANAGER)
    leave(account=boss, shop=shop.gid, now=NOW)
    assert seats_of(boss) == []
    assert events(shop)[-2:] == [Note.HANDED_ON, Note.LEFT]


def letters(to):
    rows = Letter.objects.filter(to=to.email).exclude(kind="shop_invitation").order_by("pk")
    return [(it.kind, it.subject) for it in rows]


def test_who_is_concerned_is_told_in_their_language_and_who_did_it_is_not(shop, boss):
    compile_words()
    editor = account("editor", locale="ja")
    join(shop, boss, editor, "editor")
    row = member(shop, editor)
    given = {"by": boss, "shop": shop.gid, "member": row.gid, "now": NOW}
    change_role(role=Role.EDITOR, link=LINK, **given)
    assert letters(editor) == [], "the same changes nothing"
    change_role(role=Role.MANAGER, link=LINK, **given)
    hand_on(link=LINK, account_link=LINK, **given)
    change_role(by=editor, shop=shop.gid, member=member(shop, boss).gid, role=Role.EDITOR, link=LINK, now=NOW)
    told = Letter.objects.get(kind="role_changed", to=editor.email)
    assert "マネージャー" in told.subject
    assert LINK in told.text
    assert LINK in told.html
    assert [it[0] for it in letters(editor)] == ["role_changed", "shop_handed_to"]
    assert letters(boss) == [
        ("shop_handed_on", f"You handed the shop of {shop.name} on"),
        ("role_changed", f"Your role at {shop.name}: Editor"),
    ]
    remove(by=editor, shop=shop.gid, member=member(shop, boss).gid, now=NOW)
    assert letters(boss)[-1] == ("member_removed", f"You work for {shop.name} no more")
    join(shop, editor, boss, "manager")
    before = Letter.objects.count()
    leave(account=boss, shop=shop.gid, now=NOW)
    assert Letter.objects.count() == before


def test_a_manager_manages_all_but_owners(shop, boss):
    manager, editor = account("manager"), account("editor")
    join(shop, boss, manager, "manager")
    join(shop, boss, editor, "editor")
    edits = member(shop, editor)
    change_role(by=manager, shop=shop.gid, member=edits.gid, role=Role.BOOKKEEPER, link=LINK, now=NOW)
    for act in (
        lambda: change_role(by=manager, shop=shop.gid, member=edits.gid, role=Role.OWNER, link=LINK, now=NOW),
        lambda: remove(by=manager, shop=shop.gid, member=member(shop, boss).gid, now=NOW),
        lambda: hand_on(by=manager, shop=shop.gid, member=edits.gid, link=LINK, account_link=LINK, now=NOW),
        lambda: keep_shop.close_shop(owner=manager, shop=shop.gid, now=NOW),
    ):
        with pytest.raises(RoleRefused):
            act()
    remove(by=manager, shop=shop.gid, member=edits.gid, now=NOW)
    assert seats_of(editor) == []


def test_a_member_of_one_shop_touches_nothing_of_another(shop, boss):
    other_boss = account("other")
    other = label_of(other_boss, "Other")
    theirs = member(other, other_boss)
    with pytest.raises(NotYours):
        keep_shop.describe(owner=boss, shop=other.gid, fields={"biography": "x"})
    with pytest.raises(NotYours):
        change_role(by=boss, shop=other.gid, member=theirs.gid, role=Role.EDITOR, link=LINK, now=NOW)
    with pytest.raises(MemberUnknown):
        change_role(by=boss, shop=shop.gid, member=theirs.gid, role=Role.EDITOR, link=LINK, now=NOW)
    with pytest.raises(NotYours):
        begin_release(account=boss, shop=other.gid, now=NOW)
    with pytest.raises(NotYours):
        set_prices(owner=boss, shop=other.gid, things=[], asked=Asked(Kind.FREE), now=NOW)


def test_one_account_has_a_shop_of_its_own_and_works_in_two_labels(boss, shop, auditor):
    own = opened(boss, auditor)
    second = label_of(account("second"), "Second")
    join(second, second.owner, boss, "editor")
    assert [(it.shop.pk, it.role) for it in seats_of(boss)] == [
        (own.pk, Role.OWNER),
        (shop.pk, Role.OWNER),
        (second.pk, Role.EDITOR),
    ]
    assert seat_of(boss).shop == own  # where none is named
    keep_shop.describe(owner=boss, fields={"biography": "mine"})
    keep_shop.describe(owner=boss, shop=second.gid, fields={"biography": "theirs"})
    assert [Shop.objects.get(pk=it.pk).biography for it in (own, shop, second)] == ["mine", "", "theirs"]


def test_an_erased_owner_leaves_the_shop_to_the_next_and_the_last_to_an_operator(shop, boss):
    heir, editor = account("heir"), account("editor")
    join(shop, boss, editor, "editor")
    join(shop, boss, heir, "owner")
    row = begin_release(account=boss, shop=shop.gid, now=NOW)
    erase(account=boss, now=NOW)
    shop.refresh_from_db()
    row.refresh_from_db()
    assert (shop.owner, row.account) == (heir, heir)
    assert not HouseNote.objects.filter(actor=heir.gid).exclude(event=Note.ACCEPTED).exists()
    assert {it.by for it in queries.history_of(shop)} == {"", "ops", "editor", "heir"}
    erase(account=heir, now=NOW)
    shop.refresh_from_db()
    assert shop.owner is None
    letters = Letters()
    invite_owner(operator=operator(), shop=shop.gid, email="next@example.com", answer=letters, now=NOW)
    following = account("next")
    answer(account=following, secret=letters.secrets[0], accepts=True, now=NOW)
    shop.refresh_from_db()
    assert shop.owner == following


# The roster and its releases


def test_who_can_be_put_on_a_roster(shop, boss, auditor):
    opened(account("tide"), auditor)
    with pytest.raises(ArtistElsewhere):
        add_artist(by=boss, shop=shop.gid, name=FIELDS["artist_name"], now=NOW)
    with pytest.raises(ArtistRefused):
        add_artist(by=boss, shop=shop.gid, name=" ", now=NOW)
    first = add_artist(by=boss, shop=shop.gid, name="小雨", now=NOW)
    assert add_artist(by=boss, shop=shop.gid, name="小雨", now=NOW) == first
    other = label_of(account("other"), "Other")
    with pytest.raises(ArtistElsewhere):
        add_artist(by=other.owner, shop=other.gid, name="小雨", now=NOW)
    editor = account("editor")
    join(shop, boss, editor, "editor")
    with pytest.raises(RoleRefused):
        add_artist(by=editor, shop=shop.gid, name="Mei", now=NOW)


def handed_in(shop, editor, artist, titles=("雨", "风"), **fields):
    row = release_of(editor, titles, shop=shop.gid, artist=str(artist.gid), **fields)
    return hand_in(account=editor, gid=row.gid, link=LINK, now=NOW)


def accept(row, auditor):
    claim.take(auditor=auditor, gid=row.gid, now=NOW)
    return hear_and_accept(auditor=auditor, gid=row.gid, words="", link=LINK, now=NOW)


def test_an_editor_hands_in_a_release_for_an_artist_of_the_roster(boss, auditor):
    shop, editor = open_label(boss), account("editor")
    join(shop, boss, editor, "editor")
    row = release_of(editor, ["雨"], shop=shop.gid)
    assert missing(row) == (Missing.ARTIST,)
    with pytest.raises(Incomplete):
        hand_in(account=editor, gid=row.gid, link=LINK, now=NOW)
    artist = add_artist(by=boss, shop=shop.gid, name="Mei, Jun & Co", now=NOW).artist
    described = describe(
        account=boss, gid=row.gid,
        fields={"artist": str(artist.gid), "artist_name": "somebody", "catalogue_number": "HF 1"}, now=NOW,
    )  # fmt: skip
    assert (described.artist, described.artist_name) == (artist, "Mei, Jun & Co")
    hand_in(account=editor, gid=row.gid, link=LINK, now=NOW)
    release = accept(row, auditor).release
    assert (release.label.name, release.catalogue_number) == ("海风", "HF 1")
    assert [it.name for it in release.credit.artists.all()] == ["Mei, Jun & Co"]
    assert [it.shop for it in release.pieces.all()] == [shop]


def test_nobody_else_sees_or_changes_what_a_label_hands_in(boss, auditor):
    shop = open_label(boss)
    editor, book, stranger = account("editor"), account("book"), account("stranger")
    join(shop, boss, editor, "editor")
    join(shop, boss, book, "bookkeeper")
    row = begin_release(account=editor, shop=shop.gid, now=NOW)
    for who in (boss, editor):
        assert submissions.own_one(who, row.gid) == row
        assert list(submissions.own(who, shop)) == [row]
        assert not submissions.own(who)
    for who in (book, stranger):
        with pytest.raises(SubmissionUnknown):
            submissions.own_one(who, row.gid)
        with pytest.raises(SubmissionUnknown):
            describe(account=who, gid=row.gid, fields={"title": "x"}, now=NOW)
    with pytest.raises(RoleRefused):
        begin_release(account=book, shop=shop.gid, now=NOW)
    remove(by=boss, shop=shop.gid, member=member(shop, editor).gid, now=NOW)
    with pytest.raises(SubmissionUnknown):
        submissions.own_one(editor, row.gid)


def test_no_member_audits_what_their_label_hands_in(boss, auditor):
    shop = open_label(boss)
    artist = add_artist(by=boss, shop=shop.gid, name="小雨", now=NOW).artist
    row = handed_in(shop, boss, artist)
    assert row in submissions.queue_for(auditor, now=NOW)
    join(shop, boss, auditor, "bookkeeper")
    assert row not in submissions.queue_for(auditor, now=NOW)
    assert submissions.conflict(row, auditor) is not None


@pytest.mark.parametrize(
    ("part", "may"),
    [("none", True), ("bookkeeper", False), ("editor", False), ("on the roster", False), ("left it", True)],
)
def test_who_has_a_part_in_a_label_neither_audits_it_nor_decides_about_it(boss, auditor, part, may):
    other = account("kite", StaffRole.Role.AUDITOR)
    shop = open_label(boss)
    artist = add_artist(by=boss, shop=shop.gid, name="小雨", now=NOW).artist
    row = handed_in(shop, boss, artist)
    hear_and_accept(auditor=other, gid=row.gid, words="", link=LINK, now=NOW)
    given = Given("work", "My song.", "https://mine.example", "Hana", "hana@example.com", "Hana")
    release = Release.objects.get()
    notice = give_notice(release=release, given=given, network="n", language="en", link=LINK, now=NOW)
    if part in {"bookkeeper", "editor"}:
        join(shop, boss, auditor, part)
    elif part != "none":
        Rostered.objects.filter(artist=artist).update(
            musician=auditor, until=NOW if part == "left it" else None
        )
    refusing = contextlib.nullcontext() if may else pytest.raises(OwnShop)
    with refusing:
        answer_notice(
            staff=auditor, gid=notice.gid, decision=Decision.DISMISS, reason="No.", link=LINK, now=NOW
        )
    review.reopen(auditor=other, gid=row.gid, words="Again.", link=LINK, now=NOW)
    row.refresh_from_db()
    assert (row in submissions.queue_for(auditor, now=NOW)) is may
    assert (submissions.conflict(row, auditor) is None) is may


# The agreement and its prices


def prices(shop):
    return {it.thing.title: it.offered.asked.base.minor for it in offers.own_standing(shop) if it.is_track}


@pytest.fixture
def selling(boss, auditor):
    """A label's shop with a release of two tracks, and an agreement until 30 November."""
    shop = open_label(boss, terms=Terms(Money(90, CNY), NOW.date(), date(2026, 11, 30)))
    artist = add_artist(by=boss, shop=shop.gid, name="小雨", now=NOW).artist
    accept(handed_in(shop, boss, artist), auditor)
    return shop


def tracks(shop):
    return [it.thing.gid for it in offers.own_standing(shop) if it.is_track]


def test_an_agreement_fixes_what_tracks_cost_and_nothing_else(selling, boss):
    assert prices(selling) == {"雨": 90, "风": 90}
    for asked in (
        Asked(Kind.FIXED, Money(100, CNY)),
        Asked(Kind.FREE),
        Asked(Kind.MINIMUM, Money(90, CNY)),
        Asked(Kind.ALONE_NOT),
    ):
        with pytest.raises(PriceFixed, match=r"2026-11-20 fixes .* 0\.90 CNY until 2026-11-30"):
            set_prices(owner=boss, shop=selling.gid, things=tracks(selling), asked=asked, now=LATER)
    same = Asked(Kind.FIXED, Money(90, CNY))
    assert set_prices(owner=boss, shop=selling.gid, things=tracks(selling), asked=same, now=LATER) == 0
    release = Release.objects.get(pieces__shop=selling, pieces__recording__gid=tracks(selling)[0])
    free = Asked(Kind.FREE)
    assert set_prices(owner=boss, shop=selling.gid, things=[release.gid], asked=free, now=LATER) == 1


def test_once_it_is_over_prices_are_the_labels(selling, boss):
    over = NOW.replace(month=12, day=1, hour=0)
    assert follow_agreements(now=over) == 0
    assert prices(selling) == {"雨": 90, "风": 90}
    more = Asked(Kind.FIXED, Money(200, CNY))
    assert set_prices(owner=boss, shop=selling.gid, things=tracks(selling), asked=more, now=over) == 2


def test_another_agreement_is_followed_from_its_first_moment_on(selling, boss):
    begins = date(2026, 11, 25)
    agree(operator=operator(), shop=selling.gid, terms=Terms(Money(70, CNY), begins, None), now=NOW)
    assert prices(selling) == {"雨": 90, "风": 90}
    late = NOW.replace(day=25, hour=7, minute=31)
    assert follow_agreements(now=late) == 2
    assert follow_agreements(now=late) == 0
    assert prices(selling) == {"雨": 70, "风": 70}
    row = offers.own_offer(selling, tracks(selling)[0])
    told = [(price.since.isoformat(), asked.base.minor) for price, asked in offers.history(row)]
    assert told == [("2026-11-25T00:00:00+00:00", 70), (NOW.isoformat(), 90)]
    assert [it.agreement.minor for it in queries.agreements_of(selling)] == [90, 70]


def test_an_independent_may_raise_theirs(boss, auditor):
    opened(boss, auditor)
    own = shop_of(boss)
    more = Asked(Kind.FIXED, Money(200, CNY))
    assert set_prices(owner=boss, things=tracks(own), asked=more, now=NOW) == 1


def test_what_an_agreement_cannot_be(shop):
    with pytest.raises(AgreementRefused) as error:
        agree(operator=operator(), shop=shop.gid, terms=Terms(Money(0, CNY), NOW.date(), None), now=NOW)
    assert error.value.problem is Problem.PRICE
    assert queries.agreement_on(shop, NOW.date()).terms == TERMS
    assert queries.agreement_on(shop, NOW.date() - DAY) is None


def test_a_shop_that_is_not_there_is_nobodys(boss):
    with pytest.raises(NotYours):
        keep_shop.describe(owner=boss, shop=uuid4(), fields={})

"""An artist moves between label and independence: who is asked, what moves, what stays, and what is in the way."""

from datetime import timedelta

import pytest
from applying import LINK, NOW, account, release_of
from django.db import DatabaseError, transaction
from judging import hear_and_accept
from labels import join, label_of, open_label
from opened_shop import accepted, opened
from words import compile_words

from alpheus.listening.erase import erase
from alpheus.mail.models import Letter
from alpheus.parties.models import StaffRole
from alpheus.shops import keep_shop
from alpheus.shops.brand.queries import history_of, roster_of
from alpheus.shops.brand.roster import add_artist
from alpheus.shops.errors import NotYours, ShopUnknown
from alpheus.shops.moves import queries
from alpheus.shops.moves.answer import decline, withdraw
from alpheus.shops.moves.ask import ask
from alpheus.shops.moves.errors import (
    MoveAskedAlready,
    MoveHindered,
    MoveOver,
    MoveRefused,
    MoveUnknown,
)
from alpheus.shops.moves.models import MoveStep
from alpheus.shops.moves.rules import Conflict, Side, State
from alpheus.shops.offers import queries as offers
from alpheus.shops.queries import label_of_artist, releases_of, shop_of, shop_of_artist
from alpheus.shops.splits.errors import SplitUnknown
from alpheus.shops.splits.propose import Links, propose
from alpheus.shops.splits.propose import withdraw as withdraw_split
from alpheus.shops.splits.queries import splits_of
from alpheus.shops.splits.rules import Person
from alpheus.submissions import claim
from alpheus.submissions import queries as submissions
from alpheus.submissions.begin import begin_release
from alpheus.submissions.errors import ArtistMoved
from alpheus.submissions.hand_in import hand_in
from alpheus.submissions.move_artist import agree
from alpheus.submissions.publish_due import publish_due
from alpheus.values.share import Share

pytestmark = pytest.mark.django_db

compile_words("mail")
LATER = NOW + timedelta(days=2)


@pytest.fixture
def auditor():
    return account("owl", StaffRole.Role.AUDITOR)


@pytest.fixture
def tide():
    return account("tide", locale="zh-hans")


@pytest.fixture
def own(tide, auditor):
    """Their open shop, with a single."""
    return opened(tide, auditor)


@pytest.fixture
def boss():
    return account("boss")


@pytest.fixture
def label(boss):
    return open_label(boss)


def move(by, artist, to, *, takes=True, **fields):
    return ask(
        by=by, artist=artist.gid, to=to.gid if to else None, takes_releases=takes,
        link=lambda gid: f"{LINK}/{gid}", now=NOW, **fields,
    )  # fmt: skip


def published(who, shop, artist, auditor, title="风"):
    row = release_of(who, [title], shop=shop.gid, artist=str(artist.gid) if shop.kind == "brand" else "")
    hand_in(account=who, gid=row.gid, link=LINK, now=NOW)
    claim.take(auditor=auditor, gid=row.gid, now=NOW)
    return hear_and_accept(auditor=auditor, gid=row.gid, words="", link=LINK, now=NOW)


@pytest.mark.parametrize("takes", [True, False])
def test_an_independent_joins_a_label_with_what_is_out_or_without(own, tide, label, boss, auditor, takes):
    row = published(tide, own, own.artist, auditor)
    asked = move(boss, own.artist, label, takes=takes)
    assert queries.awaited(asked) == {Side.ARTIST}
    assert Letter.objects.get(kind="move_asked").to == tide.email
    before = [it.pk for it in releases_of(own)]
    prices = {it.thing.gid: it.offered.since for it in offers.own_standing(own)}
    moved = agree(by=tide, gid=asked.gid, now=LATER)
    assert moved.state == State.MOVED
    assert [it.artist for it in roster_of(label)] == [own.artist]
    assert label_of_artist(own.artist.gid) == label
    assert [it.pk for it in releases_of(label if takes else own)] == before
    assert not releases_of(own if takes else label)
    kept = {it.thing.gid: it.offered.since for it in offers.own_standing(label if takes else own)}
    assert kept == prices
    last = queries.history(moved)[-1].step
    assert (last.event, last.releases, last.tracks) == ("move", 2 * takes, 2 * takes)
    row.refresh_from_db()
    assert (row.shop == label) is takes
    assert submissions.own_one(boss if takes else tide, row.gid) == row
    assert Letter.objects.get(kind="move_done").to == boss.email


def test_who_moved_to_a_label_hands_in_there(own, tide, label, boss):
    draft = release_of(tide, ["雨"])
    agree(by=tide, gid=move(boss, own.artist, label, takes=False).gid, now=LATER)
    with pytest.raises(ArtistMoved):
        begin_release(account=tide, now=LATER)
    with pytest.raises(ArtistMoved):
        hand_in(account=tide, gid=draft.gid, link=LINK, now=LATER)
    keep_shop.close_shop(owner=tide, now=LATER)
    keep_shop.open_shop(owner=tide, now=LATER)
    assert [it.title for it in releases_of(own)] == ["雨夜"]  # what stays in it comes back


def test_a_shop_that_everything_left_opens_again_and_shows_what_is_accepted_next(
    own, tide, label, boss, auditor
):
    artist = own.artist
    agree(by=tide, gid=move(boss, artist, label).gid, now=NOW)
    assert not releases_of(own)
    keep_shop.close_shop(owner=tide, now=NOW)
    agree(by=boss, gid=move(tide, artist, None, takes=False).gid, now=LATER)
    row = published(tide, own, artist, auditor)
    assert row.published_at is None  # its shop is closed
    own.refresh_from_db()
    assert keep_shop.lacking(own) == ()
    keep_shop.open_shop(owner=tide, now=LATER)
    publish_due(now=LATER)
    assert [it.title for it in releases_of(own)] == [row.title]


def test_what_is_shared_stays_shared_and_is_listed_where_the_recordings_are(own, tide, label, boss):
    recording = own.pieces.get().recording
    links = Links(LINK, lambda secret: f"{LINK}/{secret}")
    people = [Person("Tide", "", Share(6000)), Person("Reed", "reed@example.com", Share(4000))]
    day = NOW.date() + timedelta(days=3)
    split = propose(
        owner=tide, recordings=[recording.gid], people=people, from_date=day, links=links, now=NOW
    )
    assert splits_of(label) == []
    agree(by=tide, gid=move(boss, own.artist, label).gid, now=LATER)
    assert splits_of(label) == [split]
    assert splits_of(own) == [split]  # where it was proposed
    with pytest.raises(SplitUnknown):
        withdraw_split(owner=boss, gid=split.gid, now=LATER)


@pytest.mark.parametrize("starts", ["label", "artist"])
def test_either_starts_the_way_into_independence_and_the_other_confirms(
    own, tide, label, boss, auditor, starts
):
    artist = own.artist
    agree(by=tide, gid=move(boss, artist, label).gid, now=NOW)
    row = published(boss, label, artist, auditor)
    first, second = (boss, tide) if starts == "label" else (tide, boss)
    asked = move(first, artist, None)
    with pytest.raises(MoveUnknown):
        agree(by=first, gid=asked.gid, now=LATER)
    agree(by=second, gid=asked.gid, now=LATER)
    assert roster_of(label) == []
    assert {it.title for it in releases_of(own)} == {"雨夜", "潮汐集"}
    assert next(it.note.event for it in history_of(label)) == "unrostered"
    row.refresh_from_db()
    assert (row.shop, row.account, row.artist) == (None, tide, None)
    assert shop_of_artist(artist.gid) == own


def test_an_artist_added_by_name_becomes_independent_as_the_account_that_is_asked(label, boss, auditor):
    artist = add_artist(by=boss, shop=label.gid, name="小雨", now=NOW).artist
    published(boss, label, artist, auditor)
    with pytest.raises(MoveRefused):
        move(boss, artist, None)
    asked = move(boss, artist, None, email="Rain@Example.com")
    assert Letter.objects.get(kind="move_asked").to == "rain@example.com"
    with pytest.raises(MoveUnknown):
        agree(by=account("else"), gid=asked.gid, now=LATER)
    rain = account("rain")
    assert queries.moves_of(rain) == [asked]
    agree(by=rain, gid=asked.gid, now=LATER)
    founded = shop_of(rain)
    assert (founded.state, founded.name, founded.country) == ("founded", "小雨", "CN")
    assert not releases_of(founded)  # until it opens
    assert founded.pieces.count() == 1


def test_from_label_to_label_all_three_have_a_word(own, tide, label, boss):
    agree(by=tide, gid=move(boss, own.artist, label).gid, now=NOW)
    other = label_of(account("other"), "Other")
    asked = move(other.owner, own.artist, other)
    assert queries.awaited(asked) == {Side.ARTIST, Side.FROM}
    agree(by=tide, gid=asked.gid, now=NOW)
    with pytest.raises(MoveUnknown):
        agree(by=tide, gid=asked.gid, now=NOW)
    assert [it.artist for it in roster_of(label)] == [own.artist]
    agree(by=boss, gid=asked.gid, now=LATER)
    assert roster_of(label) == []
    assert [it.artist for it in roster_of(other)] == [own.artist]
    assert [(it.step.event, it.step.side) for it in queries.history(asked)] == [
        ("ask", "to"),
        ("agree", "artist"),
        ("move", "from"),
    ]


def test_no_is_no_and_who_asked_takes_it_back(own, tide, label, boss):
    asked = move(boss, own.artist, label)
    with pytest.raises(MoveAskedAlready):
        move(boss, own.artist, label)
    with pytest.raises(MoveUnknown):
        decline(by=boss, gid=asked.gid, now=NOW)
    with pytest.raises(MoveUnknown):
        withdraw(by=tide, gid=asked.gid, now=NOW)
    decline(by=tide, gid=asked.gid, now=NOW)
    assert Letter.objects.get(kind="move_declined").to == boss.email
    for late in (agree, decline, withdraw):
        with pytest.raises(MoveOver):
            late(by=tide, gid=asked.gid, now=NOW)
    again = move(boss, own.artist, label)
    assert withdraw(by=boss, gid=again.gid, now=NOW).state == State.WITHDRAWN
    assert not roster_of(label)


def test_who_has_a_say(own, tide, label, boss):
    editor, stranger = account("editor"), account("stranger")
    join(label, boss, editor, "editor")
    for who in (editor, stranger):
        with pytest.raises(NotYours):
            move(who, own.artist, label)
    asked = move(boss, own.artist, label)
    for who in (editor, stranger):
        for act in (agree, decline, withdraw):
            with pytest.raises(MoveUnknown):
                act(by=who, gid=asked.gid, now=NOW)
    with pytest.raises(MoveRefused):
        move(tide, own.artist, None)  # who is independent is so already


def test_of_two_labels_that_invite_the_first_has_them(own, tide, label, boss):
    other = label_of(account("other"), "Other")
    first, second = move(boss, own.artist, label), move(other.owner, own.artist, other)
    agree(by=tide, gid=first.gid, now=NOW)
    with pytest.raises(MoveHindered) as error, transaction.atomic():
        agree(by=tide, gid=second.gid, now=NOW)
    assert error.value.conflict is Conflict.GONE
    assert not roster_of(other)


def test_a_shop_that_is_closed_meanwhile_is_in_the_way(own, tide, label, boss):
    asked = move(boss, own.artist, label)
    keep_shop.close_shop(owner=boss, shop=label.gid, now=NOW)
    with pytest.raises(MoveHindered) as error, transaction.atomic():
        agree(by=tide, gid=asked.gid, now=NOW)
    assert error.value.conflict is Conflict.CLOSED
    with pytest.raises(ShopUnknown):
        move(tide, own.artist, label)
    keep_shop.open_shop(owner=boss, shop=label.gid, now=NOW)
    assert agree(by=tide, gid=asked.gid, now=NOW).state == State.MOVED


def test_a_release_in_audit_is_in_the_way_until_it_is_decided(own, tide, label, boss, auditor):
    row = release_of(tide, ["风"])
    hand_in(account=tide, gid=row.gid, link=LINK, now=NOW)
    asked = move(boss, own.artist, label)
    with pytest.raises(MoveHindered) as error, transaction.atomic():
        agree(by=tide, gid=asked.gid, now=NOW)
    assert error.value.conflict is Conflict.IN_AUDIT
    assert queries.awaited(asked) == {Side.ARTIST}
    claim.take(auditor=auditor, gid=row.gid, now=NOW)
    hear_and_accept(auditor=auditor, gid=row.gid, words="", link=LINK, now=NOW)
    assert agree(by=tide, gid=asked.gid, now=NOW).state == State.MOVED
    assert len(releases_of(label)) == 2


def test_who_sells_another_artist_cannot_take_one_over(label, boss, auditor):
    artist = add_artist(by=boss, shop=label.gid, name="小雨", now=NOW).artist
    rain = account("rain")
    accepted(rain, auditor, artist_name="Another")
    asked = move(boss, artist, None, email=rain.email)
    with pytest.raises(MoveHindered) as error, transaction.atomic():
        agree(by=rain, gid=asked.gid, now=NOW)
    assert error.value.conflict is Conflict.NO_SHOP


def test_the_database_keeps_what_was_said_and_names_nobody_who_is_erased(own, tide, label, boss):
    asked = move(boss, own.artist, label, takes=False)
    agree(by=tide, gid=asked.gid, now=NOW)
    rows = MoveStep.objects.filter(move=asked)
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(releases=9)
    with pytest.raises(DatabaseError), transaction.atomic():
        rows._raw_delete(rows.db)
    erase(account=tide, now=LATER)
    assert [it.by for it in queries.history(asked)] == ["boss", ""]
    assert [it.musician for it in roster_of(label)] == [None]

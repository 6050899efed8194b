"""Two musicians of one name: the second is told apart by an operator, opens a shop, and what is theirs is theirs alone."""

import pytest
from applying import LINK, NOW, account, release_of
from details_of import PERSON
from django.db import DatabaseError, transaction
from judging import hear_and_accept
from labels import open_label
from opened_shop import accepted, opened

from alpheus.catalogue.models import Release
from alpheus.listening.erase import erase
from alpheus.mail.models import Letter
from alpheus.parties import details
from alpheus.parties.know_artist import know_artist
from alpheus.parties.models import Artist, StaffRole
from alpheus.shops import keep_shop, queries
from alpheus.shops.brand.models import Rostered
from alpheus.shops.errors import HandleTaken, NameTaken
from alpheus.shops.models import Shop
from alpheus.shops.namesakes.errors import DisambiguationRefused, NoNamesake
from alpheus.shops.namesakes.models import ToldApart
from alpheus.shops.namesakes.queries import told_apart, waiting
from alpheus.shops.namesakes.tell_apart import tell_apart
from alpheus.submissions import claim
from alpheus.submissions.describe import describe_track
from alpheus.submissions.hand_in import hand_in

pytestmark = pytest.mark.django_db
WORDS = "singer from Xiamen"


@pytest.fixture
def auditor():
    return account("owl", StaffRole.Role.AUDITOR)


@pytest.fixture
def operator():
    return account("crane", StaffRole.Role.OPERATOR)


@pytest.fixture
def first(auditor):
    return opened(account("tide"), auditor)


@pytest.fixture
def second(first, auditor):
    """The shop of another 潮汐, ready but for the name."""
    musician = account("ebb", locale="ja")
    accepted(musician, auditor, title="晴夜", artist_name="潮 汐")
    accepted(musician, auditor, title="晨雾", artist_name="潮汐")
    Shop.objects.filter(owner=musician).update(name="潮汐")
    details.give(account=musician, fields=PERSON, now=NOW)
    keep_shop.name_address(owner=musician, handle="tide-xiamen")
    return queries.shop_of(musician)


def told(shop, operator, words=WORDS):
    return tell_apart(operator=operator, shop=shop.gid, disambiguation=words, link=LINK, now=NOW)


def test_who_waits_is_seen_beside_who_has_the_name(first, second):
    with pytest.raises(NameTaken):
        keep_shop.open_shop(owner=second.owner, now=NOW)
    (it,) = waiting()
    assert (it.shop, it.artist, it.sold_by) == (second, first.artist, first)


def test_told_apart_each_sells_their_own(first, second, operator, auditor):
    told(second, operator)
    assert waiting() == []
    with pytest.raises(HandleTaken):
        keep_shop.name_address(owner=second.owner, handle="tide")
    keep_shop.name_address(owner=second.owner, handle="ebb")
    shop = keep_shop.open_shop(owner=second.owner, now=NOW)
    assert (shop.handle, shop.artist.name, shop.artist.disambiguation) == ("ebb", "潮汐", WORDS)
    assert shop.artist != first.artist
    row = release_of(shop.owner, ["灯台"], title="港")
    track = row.tracks.get()
    told_of = {"composers": "潮汐", "credits": "drums: 潮汐\nbass: Mei", "artist_name": "潮汐 feat. Mei"}
    describe_track(account=shop.owner, gid=row.gid, track=track.gid, fields=told_of, now=NOW)
    hand_in(account=shop.owner, gid=row.gid, link=LINK, now=NOW)
    claim.take(auditor=auditor, gid=row.gid, now=NOW)
    release = hear_and_accept(auditor=auditor, gid=row.gid, words="", link=LINK, now=NOW).release
    track.refresh_from_db()
    song = track.recording
    assert [it.artist for it in release.credit.artists.all()] == [shop.artist]
    assert song.credit.artists.first().artist == shop.artist
    assert {it.role: it.artist for it in song.roles.all()} == {
        "composer": shop.artist, "drums": shop.artist, "bass": Artist.objects.get(name="Mei"),
    }  # fmt: skip
    theirs = Release.objects.filter(credit__artists__artist=first.artist)
    assert {it.title for it in theirs} == {"雨夜"}
    assert {it.title for it in queries.releases_of(shop)} >= {"晨雾", "港"}
    assert know_artist(name="潮汐") == first.artist, "who had the name first is meant by it alone"
    keep_shop.close_shop(owner=shop.owner, now=NOW)
    assert keep_shop.open_shop(owner=shop.owner, now=NOW).artist == shop.artist


def test_a_label_may_have_the_name(auditor, operator, second, first):
    boss = account("boss")
    label = open_label(boss)
    Shop.objects.filter(pk=first.pk).update(artist=None, state="closed")
    Rostered.objects.create(shop=label, artist=first.artist, since=NOW)
    found = {it.shop: it.sold_by for it in waiting()}
    assert found[second] == label
    told(second, operator)
    assert keep_shop.open_shop(owner=second.owner, now=NOW).state == "open"


def test_it_is_written_down_for_good_and_who_waits_is_told(first, second, operator):
    told(second, operator, f"  {WORDS} ")
    second.refresh_from_db()
    (it,) = told_apart()
    assert (it.row.artist, it.row.other, it.row.disambiguation, it.by, it.name) == (
        second.artist.gid, first.artist.gid, WORDS, "crane", "潮汐",
    )  # fmt: skip
    letter = Letter.objects.get(kind="told_apart")
    assert (letter.to, WORDS in letter.text, LINK in letter.html) == (second.owner.email, True, True)
    for change in (lambda: ToldApart.objects.update(disambiguation="x"), lambda: ToldApart.objects.all().delete()):  # fmt: skip
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    erase(account=second.owner, now=NOW)
    assert told_apart()[0].row.disambiguation == WORDS


def test_what_is_refused(first, second, operator):
    Artist.objects.filter(pk=first.artist.pk).update(disambiguation="quartet")
    for words in ("", "  ", "Quartet"):
        with pytest.raises(DisambiguationRefused):
            told(second, operator, words)
    with pytest.raises(NoNamesake):
        told(first, operator)
    told(second, operator)
    with pytest.raises(NoNamesake):
        told(second, operator, "again")
    assert ToldApart.objects.count() == 1

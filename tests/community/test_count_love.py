"""The most loved: real listeners, each once, nobody's own, and none where they are few."""

from datetime import timedelta
from uuid import uuid4

import pytest
from applying import NOW, account
from labels import join, open_label
from music import release as music_release
from opened_shop import opened

from alpheus.catalogue.models import Recording
from alpheus.community import rules
from alpheus.community.count_love import LATELY, count_love
from alpheus.community.follow import follow
from alpheus.listening.library.keep import Kind, keep, let_go
from alpheus.listening.models import Grant, Listener, Play
from alpheus.parties.models import Account, Artist, StaffRole
from alpheus.shops.brand.models import Rostered
from alpheus.shops.models import Piece, Shop
from alpheus.shops.queries import open_shops, releases_of
from alpheus.shops.rules import Role

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("listeners", "told"), [(0, 0), (9, 0), (10, 10), (11, 11)])
def test_few_are_not_told_of(listeners, told):
    assert rules.told(listeners) == told


@pytest.fixture
def shops(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    auditor = account("owl", StaffRole.Role.AUDITOR)
    first = opened(account("tide"), auditor)
    second = opened(account("ebb"), auditor, handle="ebb", artist_name="Ebb", title="Other")
    return first, second


def listeners(count):
    accounts = Account.objects.bulk_create(Account(email=f"{uuid4().hex}@example.com") for _ in range(count))
    return [Listener.objects.create(account=it) for it in accounts]


def play(listener, recording, *, at, qualified=True):
    grant = Grant.objects.create(
        stream=uuid4(), edge="edge-1", gate=listener.gid, listener=listener, recording=recording, window_start=0,
        window_end=9, issued_at=at, expires_at=at,
    )  # fmt: skip
    Play.objects.create(
        listener=listener, recording=recording, grant=grant, stream=grant.stream, ordinal=0, started_at=at,
        qualified=qualified,
    )  # fmt: skip


def loved():
    count_love(now=NOW)
    return dict(Shop.objects.values_list("handle", "loved"))


def test_each_listener_counts_once_and_the_owner_does_not(shops):
    shop, _ = shops
    release, recording = releases_of(shop)[0], Recording.objects.get(title="雨夜")
    ten = listeners(10)
    for it in ten[:4]:
        keep(listener=it, kind=Kind.RECORDING, gid=recording.gid, now=NOW)
        keep(listener=it, kind=Kind.ARTIST, gid=shop.artist.gid, now=NOW)
    for it in ten[3:6]:
        keep(listener=it, kind=Kind.RELEASE, gid=release.gid, now=NOW)
    for it in ten[6:8]:
        follow(account=it.account, shop=shop, mail=False, link="http://testserver/@tide", now=NOW)
    play(ten[8], recording, at=NOW)
    own = Listener.objects.create(account=shop.owner)
    keep(listener=own, kind=Kind.RECORDING, gid=recording.gid, now=NOW)
    keep(listener=Listener.objects.create(), kind=Kind.RECORDING, gid=recording.gid, now=NOW)
    play(ten[9], recording, at=NOW - LATELY - timedelta(days=1))
    play(ten[9], recording, at=NOW, qualified=False)
    assert loved() == {"tide": 0, "ebb": 0}, "nine are not told of"
    play(ten[9], recording, at=NOW)
    assert loved() == {"tide": 10, "ebb": 0}
    assert [it.handle for it in open_shops(sort="loved", size=9).rows] == ["tide", "ebb"]
    assert [it.handle for it in open_shops(size=9).rows] == ["ebb", "tide"]
    let_go(listener=ten[5], kind=Kind.RELEASE, gid=release.gid, now=NOW)
    assert loved() == {"tide": 0, "ebb": 0}


def test_a_label_s_own_people_do_not_count(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    boss, editor, musician, left = (account(it) for it in ("boss", "editor", "musician", "left"))
    label = open_label(boss)
    join(label, boss, editor, Role.EDITOR)
    for number, (who, until) in enumerate(((musician, None), (left, NOW))):
        artist = Artist.objects.create(name=f"Artist {number}", sort_name="", key=f"artist {number}")
        Rostered.objects.create(shop=label, artist=artist, musician=who, since=NOW, until=until)
    recording = music_release("Tide").media.get().tracks.first().recording
    Piece.objects.create(shop=label, recording=recording, position=0)
    for it in listeners(8):
        play(it, recording, at=NOW)
    for who in (boss, editor, musician, left):
        play(Listener.objects.create(account=who), recording, at=NOW)
        follow(account=who, shop=label, mail=False, link="http://testserver/@haifeng", now=NOW)
    assert loved() == {"haifeng": 0}, "eight, and the one who left: nine are not told of"
    play(listeners(1)[0], recording, at=NOW)
    assert loved() == {"haifeng": 10}


def test_shops_are_counted_portion_by_portion(shops, monkeypatch, django_assert_max_num_queries):
    monkeypatch.setattr("alpheus.community.count_love.AT_ONCE", 1)
    for shop in shops:
        for it in listeners(10):
            follow(account=it.account, shop=shop, mail=False, link="http://testserver/@tide", now=NOW)
    with django_assert_max_num_queries(20):
        assert loved() == {"tide": 10, "ebb": 10}
    assert count_love(now=NOW) == 0

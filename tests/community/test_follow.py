"""Follows: letters to who asked for them, once for each thing that is new, and none after they left."""

from dataclasses import replace
from datetime import timedelta

import pytest
from applying import NOW, account
from letters import delivered
from opened_shop import accepted

from alpheus.catalogue.models import Release
from alpheus.community import queries
from alpheus.community.follow import follow, leave
from alpheus.community.models import Follow
from alpheus.community.tell_followers import tell_followers
from alpheus.listening.models import Device, Listener
from alpheus.rights.available import set_availability
from alpheus.rights.rules import Where
from alpheus.shops import keep_shop

pytestmark = pytest.mark.django_db

LINK = "https://music.example/@tide"
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def wren():
    return account("wren", locale="ja")


def follows(who, shop, *, mail, now=NOW):
    return follow(account=who, shop=shop, mail=mail, link=LINK, now=now)


def told(who):
    return [it for it in delivered() if it.to == [who.email]]


def publish(musician, auditor, title, now):
    """Another piece in the open shop, published at a time."""
    accepted(musician, auditor, title=title)
    Release.objects.filter(title=title).update(created_at=now)


def test_who_asked_for_letters_hears_of_what_comes_and_of_nothing_before(shop, musician, auditor, wren):
    follows(wren, shop, mail=True)
    assert tell_followers(now=NOW) == 0
    publish(musician, auditor, "晨雾", LATER)
    publish(musician, auditor, "Harbour", LATER)
    assert tell_followers(now=LATER) == 1
    (letter,) = told(wren)
    assert letter.subject == "潮汐に新しいものがあります"
    assert "晨雾" in letter.body
    assert "Harbour" in letter.body
    assert LINK in letter.body
    assert tell_followers(now=LATER) == 0


def device(who, territory, *, seen_at=NOW):
    listener, _ = Listener.objects.get_or_create(account=who)
    Device.objects.create(listener=listener, territory=territory, seen_at=seen_at)


def offer(title, where, *territories):
    set_availability(release=Release.objects.get(title=title), where=where, territories=territories)


def test_what_is_not_offered_where_they_are_is_not_told(shop, musician, auditor, wren):
    kite = account("kite")
    for who in (wren, kite):
        follows(who, shop, mail=True)
    device(wren, "CN", seen_at=NOW - timedelta(days=9))
    device(wren, "JP")
    device(wren, "", seen_at=LATER)
    device(kite, "CN")
    publish(musician, auditor, "晨雾", LATER)
    publish(musician, auditor, "Harbour", LATER)
    offer("晨雾", Where.EXCEPT, "JP")
    offer("Harbour", Where.ONLY, "CN", "KR")
    assert tell_followers(now=LATER) == 1
    assert told(wren) == []
    assert "晨雾" in told(kite)[0].body
    assert tell_followers(now=LATER) == 0, "it is not looked at again and again"
    publish(musician, auditor, "灯台", LATER + timedelta(hours=1))
    publish(musician, auditor, "Fog", LATER + timedelta(hours=1))
    offer("Fog", Where.ONLY, "CN")
    assert tell_followers(now=LATER + timedelta(hours=2)) == 2
    (letter,) = told(wren)
    assert "灯台" in letter.body
    assert "Fog" not in letter.body


@pytest.mark.parametrize(("here", "letters"), [("", 1), ("JP", 0), ("CN", 1)])
def test_of_whom_nothing_is_known_is_where_the_house_says(
    shop, musician, auditor, wren, settings, here, letters
):
    settings.LISTENING = replace(settings.LISTENING, territory=here)
    follows(wren, shop, mail=True)
    publish(musician, auditor, "晨雾", LATER)
    offer("晨雾", Where.ONLY, "CN")
    assert tell_followers(now=LATER) == letters


def test_who_did_not_ask_gets_none(shop, musician, auditor, wren):
    follows(wren, shop, mail=False)
    publish(musician, auditor, "晨雾", LATER)
    assert tell_followers(now=LATER) == 0
    follows(wren, shop, mail=True, now=LATER)
    assert tell_followers(now=LATER) == 0, "what came before they asked they have seen"
    assert Follow.objects.count() == 1


def test_who_left_gets_none(shop, musician, auditor, wren):
    follows(wren, shop, mail=True)
    publish(musician, auditor, "晨雾", LATER)
    leave(account=wren, shop=shop)
    leave(account=wren, shop=shop)
    assert tell_followers(now=LATER) == 0
    assert queries.follow_of(wren, shop) is None


def test_of_a_closed_shop_nothing_is_told(shop, musician, auditor, wren):
    follows(wren, shop, mail=True)
    publish(musician, auditor, "晨雾", LATER)
    keep_shop.close_shop(owner=musician, now=LATER)
    assert tell_followers(now=LATER) == 0
    assert queries.followed_by(wren) == []
    keep_shop.open_shop(owner=musician, now=LATER)
    assert queries.followed_by(wren) == [shop]
    assert tell_followers(now=LATER) == 1

"""What was not offered where a follower was is told when its shop opens it there, and whatever happens nothing is told twice."""

import random
from datetime import timedelta

import pytest
from applying import NOW, account
from community.test_follow import device, follows, offer, publish, told

from alpheus.catalogue.models import Release
from alpheus.community.follow import leave
from alpheus.community.models import Untold
from alpheus.community.tell_followers import tell_followers
from alpheus.rights.rules import Where, is_open_in

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
PLACES = ("CN", "JP", "KR", "")
STEPS = 24


@pytest.fixture
def wren(shop):
    who = account("wren")
    follows(who, shop, mail=True)
    device(who, "JP")
    return who


def run(hours):
    return tell_followers(now=NOW + hours * HOUR)


def closed_to_wren(musician, auditor):
    """晨雾 is published where wren is not, and they are told of nothing."""
    publish(musician, auditor, "晨雾", NOW + HOUR)
    offer("晨雾", Where.EXCEPT, "JP", "KR")
    assert run(1) == 0


@pytest.mark.parametrize(
    ("where", "territories", "letters"),
    [
        pytest.param(Where.EVERYWHERE, (), 1, id="opened everywhere"),
        pytest.param(Where.EXCEPT, ("KR",), 1, id="opened there"),
        pytest.param(Where.ONLY, ("JP",), 1, id="opened there alone"),
        pytest.param(Where.EXCEPT, ("JP",), 0, id="opened elsewhere"),
        pytest.param(Where.ONLY, ("CN",), 0, id="closed further"),
        pytest.param(Where.EXCEPT, ("JP", "KR"), 0, id="as it was"),
    ],
)
def test_it_is_told_once_where_it_is_opened(musician, auditor, shop, wren, where, territories, letters):
    closed_to_wren(musician, auditor)
    offer("晨雾", where, *territories)
    assert [run(2), run(3)] == [letters, 0]
    assert ["晨雾" in it.body for it in told(wren)] == [True] * letters


def test_it_comes_in_one_letter_with_what_is_new(musician, auditor, shop, wren):
    closed_to_wren(musician, auditor)
    offer("晨雾", Where.EVERYWHERE)
    publish(musician, auditor, "Harbour", NOW + 2 * HOUR)
    assert [run(2), run(3)] == [1, 0]
    (letter,) = told(wren)
    assert letter.body.index("晨雾") < letter.body.index("Harbour")


def test_closed_again_and_opened_once_more_it_is_not_told_again(musician, auditor, shop, wren):
    closed_to_wren(musician, auditor)
    for hour, where in enumerate((Where.EVERYWHERE, Where.EXCEPT, Where.EVERYWHERE), start=2):
        offer("晨雾", where, "JP")
        run(hour)
    assert len(told(wren)) == 1
    assert not Untold.objects.exists()


def test_who_moved_is_told_of_nothing_that_did_not_change(musician, auditor, shop, wren):
    closed_to_wren(musician, auditor)
    wren.listener.devices.update(territory="CN")
    assert run(2) == 0
    offer("晨雾", Where.EXCEPT, "KR")
    assert run(3) == 1


def test_who_turned_letters_off_or_left_hears_of_nothing_from_before(musician, auditor, shop, wren):
    closed_to_wren(musician, auditor)
    follows(wren, shop, mail=False)
    follows(wren, shop, mail=True, now=NOW + 2 * HOUR)
    offer("晨雾", Where.EVERYWHERE)
    assert run(3) == 0
    leave(account=wren, shop=shop)
    assert run(4) == 0


def test_what_was_taken_out_meanwhile_is_not_told(musician, auditor, shop, wren):
    closed_to_wren(musician, auditor)
    offer("晨雾", Where.EVERYWHERE)
    Release.objects.filter(title="晨雾").update(removed_at=NOW)
    assert run(2) == 0


def test_what_appears_while_letters_are_written_waits_for_the_next_run(musician, auditor, shop, wren):
    publish(musician, auditor, "晨雾", NOW + HOUR + timedelta(seconds=1))
    assert [run(1), run(2), run(3)] == [0, 1, 0]


@pytest.mark.parametrize("seed", range(6))
def test_whatever_happens_each_is_told_of_each_once_when_it_is_theirs(musician, auditor, shop, seed):
    """Releases come, open and close anywhere; each run tells everybody what is offered to them by then and was not told."""
    chance = random.Random(seed)
    readers = {place: account(f"reader-{place or 'nowhere'}") for place in PLACES}
    for place, who in readers.items():
        follows(who, shop, mail=True)
        device(who, place)
    known: dict[str, set[str]] = {place: set() for place in PLACES}
    offered: dict[str, tuple[Where, list[str]]] = {}
    for hour in range(1, STEPS):
        if len(offered) < 4 and chance.random() < 0.4:
            title = f"Piece {len(offered)}."
            publish(musician, auditor, title, NOW + hour * HOUR)
            offered[title] = (Where.EVERYWHERE, [])
        for title in offered:
            if chance.random() < 0.4:
                offered[title] = (chance.choice(list(Where)), chance.sample(PLACES[:3], 2))
                offer(title, offered[title][0], *offered[title][1])
        before = {place: len(told(who)) for place, who in readers.items()}
        run(hour)
        for place, who in readers.items():
            due = {it for it in offered if is_open_in(*offered[it], place)} - known[place]
            letters = told(who)[before[place] :]
            assert [{it for it in offered if it in letter.body} for letter in letters] == (
                [due] if due else []
            )
            known[place] |= due

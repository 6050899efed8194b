"""A notice about a shop's release: its owner is told, nobody decides their own, and shops do not get round it."""

import pytest
from applying import LINK, NOW, account
from letters import delivered
from opened_shop import opened

from alpheus.catalogue.models import Recording
from alpheus.parties.models import StaffRole
from alpheus.rights.errors import OwnNotice
from alpheus.rights.models import Notice
from alpheus.rights.notice import Given, give_notice
from alpheus.rights.rules import Decision
from alpheus.shops import keep_shop, queries
from alpheus.shops.answer_notice import answer_notice
from alpheus.shops.errors import OwnShop

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_memory(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture
def auditor():
    return account("owl", StaffRole.Role.AUDITOR)


@pytest.fixture
def musician():
    return account("tide", locale="ko")


@pytest.fixture
def notice(musician, auditor):
    shop = opened(musician, auditor)
    (release,) = queries.releases_of(shop)
    given = Given("work", "My song.", "https://mine.example", "Hana", "hana@example.com", "Hana")
    return give_notice(release=release, given=given, network="n", language="en", link=LINK, now=NOW)


def answer(staff, notice, decision):
    return answer_notice(
        staff=staff, gid=notice.gid, decision=decision, reason="The contract.", link=LINK, now=NOW
    )


def offered():
    return Recording.objects.filter(removed_at=None).count()


def told(musician):
    return [it.subject for it in delivered() if it.to == [musician.email]]


def test_the_owner_is_told_and_an_open_shop_shows_it_again(notice, musician, auditor):
    answer(auditor, notice, Decision.SUSPEND)
    assert offered() == 0
    assert queries.releases_of(queries.shop_at("tide")) == []
    assert "내 릴리스가 중단되었습니다" in told(musician)
    answer(auditor, notice, Decision.DISMISS)
    assert offered() == 1
    assert "내 릴리스가 다시 제공됩니다" in told(musician)


def test_closing_and_opening_does_not_get_round_it(notice, musician, auditor):
    answer(auditor, notice, Decision.SUSPEND)
    keep_shop.close_shop(owner=musician, now=NOW)
    keep_shop.open_shop(owner=musician, now=NOW)
    assert offered() == 0
    keep_shop.close_shop(owner=musician, now=NOW)
    answer(auditor, notice, Decision.DISMISS)
    assert offered() == 0, "its shop is closed"
    keep_shop.open_shop(owner=musician, now=NOW)
    assert offered() == 1


def test_of_what_came_to_nothing_the_shop_does_not_hear(notice, musician, auditor):
    before = len(told(musician))
    answer(auditor, notice, Decision.DISMISS)
    assert len(told(musician)) == before
    assert offered() == 1


def test_nobody_decides_about_their_own_shop(notice, musician):
    StaffRole.objects.create(account=musician, role=StaffRole.Role.AUDITOR)
    with pytest.raises(OwnShop):
        answer(musician, notice, Decision.DISMISS)
    assert Notice.objects.get().standing == "open"


@pytest.mark.parametrize(
    ("email", "may"),
    [("owl@example.com", False), ("Owl+claims@example.com", False), ("owls@example.com", True), ("", True)],
)
def test_nobody_decides_what_they_gave(notice, auditor, email, may):
    Notice.objects.update(email=email)
    if may:
        answer(auditor, notice, Decision.DISMISS)
    else:
        with pytest.raises(OwnNotice):
            answer(auditor, notice, Decision.DISMISS)
    assert Notice.objects.get().standing == ("dismissed" if may else "open")

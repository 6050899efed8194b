"""Who owns a label's shop takes along that they do, and nothing of the others who work there."""

import pytest
from applying import NOW, account
from labels import Letters, join, label_of

from alpheus.exchange.takeout.gather import gather
from alpheus.shops.brand.invite import invite
from alpheus.shops.rules import Role

pytestmark = pytest.mark.django_db


def test_an_owner_takes_along_no_other_members():
    boss, editor = account("boss"), account("editor")
    shop = label_of(boss)
    join(shop, boss, editor, "editor")
    invite(by=boss, shop=shop.gid, email="asked@example.com", role=Role.EDITOR, answer=Letters(), now=NOW)
    for who in (boss, editor):
        tables = gather(account=who)
        assert [row["account"] for row in tables["shops.member"]] == [who.pk]
        assert "asked@example.com" not in str(tables)
    assert [row["name"] for row in gather(account=boss)["shops.shop"]] == ["海风"]

"""The office's page of musicians of one name."""

import pytest
from applying import NOW, account
from opened_shop import accepted, opened

from alpheus.parties.models import StaffRole
from alpheus.shops.models import Shop

pytestmark = pytest.mark.django_db


def text(answer):
    return answer.content.decode()


def test_an_operator_sees_both_and_tells_them_apart(office, guest):
    assert "No shop waits" in text(office.get("/office/namesakes"))
    auditor = account("owl", StaffRole.Role.AUDITOR)
    first = opened(account("tide"), auditor)
    accepted(account("ebb"), auditor, title="晨雾")
    waits = Shop.objects.get(owner__name="ebb")
    html = text(office.get("/office/namesakes"))
    assert "@tide" in html
    assert f"/artist/{first.artist.gid}" in html
    path = f"/office/namesakes/{waits.gid}"
    refused = office.post(path, {"disambiguation": " "})
    assert (refused.status_code, "Some words" in text(refused)) == (422, True)
    assert office.post(path, {"disambiguation": "singer <i>"})["Location"] == "/office/namesakes"
    html = text(office.get("/office/namesakes"))
    assert "singer &lt;i&gt;" in html.partition('id="told"')[2]
    assert office.post(path, {"disambiguation": "again"}).status_code == 404
    waits.refresh_from_db()
    assert waits.founded_at == NOW
    assert "singer &lt;i&gt;" in text(guest.get(f"/artist/{waits.artist.gid}"))
    assert 'href="/office/namesakes"' in text(office.get("/office"))

"""What a shop's page shows first, chosen in the studio."""

from dataclasses import replace

import opened_shop
import pytest
from applying import account
from opened_shop import opened

from alpheus.parties.models import StaffRole
from alpheus.rights.models import Availability

pytestmark = pytest.mark.django_db


@pytest.fixture
def auditor():
    return account("owl", StaffRole.Role.AUDITOR)


@pytest.fixture
def shop(auditor):
    return opened(account("tide"), auditor)


@pytest.fixture
def album(shop, auditor):
    return opened_shop.album(shop.owner, auditor, ["夜明け", "汽笛"])


def test_the_page_shows_it_first_and_plays_it_where_it_is_offered(shop, album, client, settings):
    client.force_login(shop.owner)
    assert "What comes first" in client.get("/studio/shop").content.decode()
    assert 'id="featured"' not in client.get("/@tide").content.decode()
    song = album.tracks.all()[1].recording
    assert client.post("/studio/shop/featured", {"thing": str(song.gid)}).status_code == 302
    assert f'value="{song.gid}" selected' in client.get("/studio/shop").content.decode()
    html = client.get("/@tide").content.decode()
    shown = html.partition('id="featured"')[2].partition("</section>")[0]
    assert f"/recording/{song.gid}" in shown
    assert "汽笛" in shown
    for nonsense in ("x", str(shop.gid)):
        refused = client.post("/studio/shop/featured", {"thing": nonsense})
        assert refused.status_code == 409
        assert "Choose another" in refused.content.decode()
    Availability.objects.create(release=album.release, rule="except", territories="KR")
    settings.LISTENING = replace(settings.LISTENING, territory="KR")
    assert 'id="featured"' not in client.get("/@tide").content.decode()

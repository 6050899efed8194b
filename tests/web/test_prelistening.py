"""Pre-listening on pages and by the API: what listeners see of a release before its minute, and what they cannot do with it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from applying import LINK, NOW, account, release_of
from django.test import Client
from django.utils import timezone
from judging import hear_and_accept
from opened_shop import opened

from alpheus.catalogue.models import Recording, Rendition
from alpheus.parties.models import StaffRole
from alpheus.rights.models import Early, Notice
from alpheus.submissions import claim
from alpheus.submissions.hand_in import hand_in
from alpheus.submissions.models import Submission
from alpheus.submissions.publish_due import publish_due

pytestmark = pytest.mark.django_db
DUE = {"due_local": "2041-12-01T18:00", "zone": "Asia/Tokyo", "prelisten": "accepted"}
MACHINE = "2041-12-01T18:00:00+09:00"


@pytest.fixture
def auditor(db):
    return account("owl", StaffRole.Role.AUDITOR)


@pytest.fixture
def draft(member, auditor):
    row = release_of(opened(member, auditor).owner, ["夜明け", "汽笛"], title="暁")
    for track in row.tracks.all():
        Rendition.objects.create(asset=track.asset, name="aac-128", stored_bytes=1)
    return row


def text(answer):
    return answer.content.decode()


@pytest.fixture
def early(draft, auditor, signed_in):
    """A release that was accepted, and appears in 2041."""
    signed_in.post(f"/studio/application/{draft.gid}/draft", DUE)
    hand_in(account=draft.account, gid=draft.gid, link=LINK, now=NOW)
    claim.take(auditor=auditor, gid=draft.gid, now=NOW)
    hear_and_accept(auditor=auditor, gid=draft.gid, words="", link=LINK, now=NOW)
    return Submission.objects.get(pk=draft.pk)


def test_the_editor_keeps_it_as_typed_and_says_how_to_mend_it(signed_in, draft):
    address = f"/studio/application/{draft.gid}"
    assert "Previews before it appears" in text(signed_in.get(address))

    def saved(**fields):
        return text(signed_in.post(f"{address}/draft", fields, headers={"HX-Request": "true"}))

    assert "Choose when it appears: previews are heard until then." in saved(prelisten="accepted")
    assert "Choose when it appears" not in saved(due_local="2041-12-01T18:00", zone="Asia/Tokyo")
    said = saved(prelisten="from", prelisten_local="2041-12-01T19:00")
    assert "Let previews begin before it appears" in said
    assert 'value="2041-12-01T19:00"' in said
    assert "Let previews begin before it appears" not in saved(prelisten_local="2041-12-01T17:59")


def test_its_page_says_when_it_appears_and_has_nothing_but_previews(guest, early):
    address = f"/release/{early.early.gid}"
    html = text(guest.get(address))
    assert f'Appears on <time datetime="{MACHINE}">December 1, 2041, 6:00' in html
    assert "Asia/Tokyo" in html
    assert html.count("Appears on") == 1, "what else they made is out"
    assert "/year/2041" not in html, "no list has it"
    gids = [str(it.recording.gid) for it in early.tracks.all()]
    assert all(f'data-recording="{it}"' in html for it in gids)
    assert "data-play=" in html
    for absent in (
        "data-keep",
        "data-add-all",
        "data-more",
        "/radio/",
        "/embed/",
        "oembed",
        "/card/",
        'id="offer"',
    ):
        assert absent not in html, absent
    assert f"{address}/notice" in html
    guest.cookies["zone"] = "Asia/Shanghai"
    html = text(guest.get(address))
    assert 'datetime="2041-12-01T17:00:00+08:00"' in html
    assert "Asia/" not in html.split('id="early"')[1].split("</div>")[0], "their own clocks need no name"


@pytest.mark.parametrize(
    ("language", "said"),
    [("zh-hans", "2041年12月1日"), ("ja", "2041年12月1日"), ("ko", "2041년 12월 1일")],
)
def test_in_its_reader_s_language(guest, early, language, said):
    html = text(guest.get(f"/release/{early.early.gid}", headers={"Accept-Language": language}))
    assert said in html
    assert "Appears on" not in html


def test_its_shop_s_page_has_it_as_what_comes_soon(guest, early):
    html = text(guest.get("/@tide"))
    soon = html.split('id="soon"')[1].split("</section>")[0]
    assert f"/release/{early.early.gid}" in soon
    assert MACHINE in soon
    assert "暁" not in html.split('id="soon"')[1].split("</section>", 1)[1]
    assert html.count("Appears on") == 1
    assert "暁" not in text(guest.get("/@tide/feed"))


def test_a_recording_s_page_leads_to_it(guest, early):
    track = early.tracks.first().recording
    assert guest.get(f"/recording/{track.gid}")["Location"] == f"/release/{early.early.gid}"


def test_what_asks_for_a_release_that_is_out_does_not_have_it(guest, signed_in, early):
    release, track = early.early.gid, early.tracks.first().recording.gid
    for address in (
        f"/embed/release/{release}", f"/embed/recording/{track}", f"/card/release/{release}.jpg",
        f"/oembed?url=http://testserver/release/{release}", f"/radio/release/{release}",
        f"/api/v1/recordings/{track}", f"/api/v1/recordings/{track}/lyrics", f"/api/v1/radio/release/{release}",
    ):  # fmt: skip
        assert guest.get(address).status_code == 404, address
    for kind, gid in (("release", release), ("recording", track)):
        assert (
            signed_in.put(f"/api/v1/library/{kind}/{gid}", "{}", content_type="application/json").status_code
            == 404
        )
    assert guest.get(f"/api/v1/offers?about={release}&about={track}").json()["items"] == []


def test_where_it_will_not_be_offered_it_is_not_shown_early(guest, draft, auditor, signed_in, settings):
    shut = {"where": "except", "territories": "KR"}
    signed_in.post(f"/studio/application/{draft.gid}/draft", {**DUE, **shut})
    hand_in(account=draft.account, gid=draft.gid, link=LINK, now=NOW)
    claim.take(auditor=auditor, gid=draft.gid, now=NOW)
    hear_and_accept(auditor=auditor, gid=draft.gid, words="", link=LINK, now=NOW)
    gid = Early.objects.get().release.gid
    for here, status in (("KR", 451), ("JP", 200)):
        settings.LISTENING = replace(settings.LISTENING, territory=here)
        assert guest.get(f"/release/{gid}").status_code == status
        assert guest.get(f"/api/v1/releases/{gid}").status_code == status
        assert ('id="soon"' in text(guest.get("/@tide"))) is (status == 200)
        assert bool(guest.get("/api/v1/shops/tide").json()["soon"]) is (status == 200)


def test_the_api_says_when_it_appears(guest, signed_in, early):
    release = guest.get(f"/api/v1/releases/{early.early.gid}").json()
    assert release["appears_at"] == "2041-12-01T09:00:00Z"
    assert [it["title"] for it in release["media"][0]["tracks"]] == ["夜明け", "汽笛"]
    (soon,) = guest.get("/api/v1/shops/tide").json()["soon"]
    assert (soon["gid"], soon["appears_at"]) == (str(early.early.gid), "2041-12-01T09:00:00Z")
    assert guest.get("/api/v1/releases").json()["items"][0]["appears_at"] is None
    mine = signed_in.get(f"/api/v1/studio/submissions/{early.gid}").json()
    assert (mine["prelisten"], mine["prelisten_at"], mine["prelisten_local"]) == ("accepted", None, "")
    assert mine["early"]["release"] == str(early.early.gid)
    assert mine["release"] is None
    some = guest.get(f"/api/v1/recordings/some?gid={early.tracks.first().recording.gid}").json()["items"]
    assert (some[0]["release"]["title"], some[0]["appears_at"]) == ("暁", "2041-12-01T09:00:00Z"), (
        "players show whose sleeve it is, and offer nothing that would not give more of it"
    )


def test_the_studio_says_since_when_and_lets_it_be_switched_off(guest, signed_in, early):
    address = f"/studio/application/{early.gid}"
    html = text(signed_in.get(address))
    assert "Previews can be heard since" in html
    assert f"/release/{early.early.gid}" in html
    change = {"notes": "", "genres": "", "prelisten": "from", "prelisten_local": "2041-12-02T18:00"}
    refused = signed_in.post(f"{address}/change", change)
    assert refused.status_code == 409
    assert "Let previews begin before it appears" in text(refused)
    assert guest.get(f"/release/{early.early.gid}").status_code == 200
    signed_in.post(f"{address}/change", change | {"prelisten": ""})
    assert guest.get(f"/release/{early.early.gid}").status_code == 404
    assert "Previews can be heard" not in text(signed_in.get(address))
    signed_in.post(f"{address}/change", change | {"prelisten_local": "2041-11-30T18:00"})
    assert "Previews can be heard from 2041-11-30, 18:00 on" in text(signed_in.get(address))


def test_what_its_musician_previews_is_the_page_of_its_minute(signed_in, early):
    html = text(signed_in.get(f"/studio/application/{early.gid}/preview"))
    assert "This is a preview: so listeners will see it." in html
    assert 'id="early"' not in html
    assert Early.objects.count() == 1


def test_a_notice_is_given_before_it_appears(guest, early):
    gid = early.early.gid
    whole = {
        "claim": "work",
        "words": "x",
        "proof": "x",
        "name": "H",
        "email": "h@example.com",
        "signature": "H",
    }
    assert "We have your notice." in text(guest.post(f"/release/{gid}/notice", whole))
    assert (
        guest.post(f"/api/v1/releases/{gid}/notices", whole, content_type="application/json").status_code
        == 201
    )
    assert set(Notice.objects.values_list("release__gid", flat=True)) == {gid}


def test_at_its_minute_its_page_is_as_all_others_are(guest, early):
    gid = early.early.gid
    assert publish_due(now=Early.objects.get().until) == 1
    html = text(guest.get(f"/release/{gid}"))
    assert 'id="early"' not in html
    assert "data-keep" in html
    assert guest.get(f"/api/v1/releases/{gid}").json()["appears_at"] is None
    assert guest.get("/api/v1/releases").json()["items"][0]["gid"] == str(gid)


def test_before_its_own_minute_of_it_nothing_is_there(guest, early):
    gid = early.early.gid
    Early.objects.update(since=timezone.now() + timedelta(days=1))
    assert guest.get(f"/release/{gid}").status_code == 404
    assert Client().get(f"/recording/{Recording.objects.get(title='汽笛').gid}").status_code == 404

"""The studio's release editor: what is typed, what is left, what listeners will see, and whose it is."""

import io
from dataclasses import replace

import pytest
from applying import DECLARED, FIELDS, LINK, NOW, account, give_sound, release_of
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from judging import hear_and_accept, judged
from opened_shop import opened
from PIL import Image

from alpheus.catalogue.models import Cover, Recording, Release
from alpheus.catalogue.queries import release_detail
from alpheus.parties.models import StaffRole
from alpheus.submissions import claim
from alpheus.submissions.amend import begin_version
from alpheus.submissions.begin import begin_release
from alpheus.submissions.describe import describe, describe_track
from alpheus.submissions.hand_in import hand_in
from alpheus.submissions.models import Evidence, Submission

pytestmark = pytest.mark.django_db
TITLES = ["夜明け", "汽笛", "港"]


@pytest.fixture(autouse=True)
def _objects(settings, tmp_path):
    settings.SUBMISSIONS = replace(
        settings.SUBMISSIONS,
        objects_url=(tmp_path / "objects").as_uri(),
        uploads=tmp_path / "up",
        isrc_prefix="JPABC",
        gs1_prefix="400638133",
    )


def test_a_release_is_given_a_upc_and_told_of_one_that_another_has(signed_in, draft, member, auditor):
    address = f"/studio/application/{draft.gid}"
    assert "Give it a UPC" in text(signed_in.get(address))
    assert signed_in.post(f"{address}/upc").status_code == 302
    page = text(signed_in.get(address))
    assert 'value="4006381330008"' in page
    assert "Another release has this UPC" not in page
    other = begin_release(account=member, now=NOW)
    typed = signed_in.post(
        f"/studio/application/{other.gid}/draft", {"upc": "4006381330008"}, HTTP_HX_REQUEST="true"
    )
    assert "Another release has this UPC" in text(typed)


@pytest.fixture
def auditor(db):
    return account("owl", StaffRole.Role.AUDITOR)


@pytest.fixture
def draft(member, auditor):
    return release_of(opened(member, auditor).owner, TITLES)


def image(kind="PNG", size=(64, 64)):
    made = io.BytesIO()
    Image.new("RGB", size, "teal").save(made, kind)
    return made.getvalue()


def text(answer):
    return answer.content.decode()


def test_who_has_a_shop_begins_releases_and_who_has_none_does_not(signed_in, member, auditor):
    assert "Begin a release" not in text(signed_in.get("/studio"))
    assert signed_in.post("/studio/release")["Location"] == "/studio"
    opened(member, auditor)
    assert "Begin a release" in text(signed_in.get("/studio"))
    html = text(signed_in.get(signed_in.post("/studio/release")["Location"]))
    assert "Upload the tracks" in html
    assert 'value="潮汐"' in html
    assert 'data-tracks-max="100"' in html


def test_the_editor_says_what_is_left_and_keeps_what_is_typed(signed_in, draft):
    track = draft.tracks.all()[1]
    address = f"/studio/application/{draft.gid}"
    said = text(signed_in.post(f"{address}/draft", {"upc": "1"}, headers={"HX-Request": "true"}))
    assert "Mend the UPC or EAN" in said
    assert "Saved at" in said
    said = text(
        signed_in.post(
            f"{address}/tracks/{track.gid}",
            {"isrc": "JP-1", "explicit": "on", "boxes": "explicit"},
            headers={"HX-Request": "true"},
        )
    )
    assert "Mend the ISRC" in said
    assert "Mend the ISRC" in text(signed_in.get(address))
    assert signed_in.post(f"{address}/tracks/{track.gid}/isrc").status_code == 302
    track.refresh_from_db()
    assert (track.isrc, track.explicit) == ("JPABC2600000", True)
    assert "By its tracks: Single" in text(signed_in.get(address))
    assert signed_in.post(f"{address}/tracks/{track.gid}/remove").status_code == 302
    assert draft.tracks.count() == 2


@pytest.mark.parametrize(
    ("data", "fits"),
    [
        (image(), True),
        (image("JPEG"), True),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', False),
        (b"\x89PNG\r\n\x1a\n" + b"<html><script>alert(1)</script>", False),
        (image("PNG", (9000, 9000)), False),
        (b"", False),
    ],
)  # fmt: skip
def test_a_cover_is_an_image_and_nothing_else(signed_in, draft, data, fits):
    given = {"image": SimpleUploadedFile("../x.png", data, "image/png")} if data else {"image": ""}
    answered = signed_in.post(f"/studio/application/{draft.gid}/cover", given)
    draft.refresh_from_db()
    assert (draft.cover is not None) == fits
    assert Cover.objects.count() == fits
    if data and not fits:
        assert answered.status_code == 409
        assert "This cannot be a cover." in text(answered)
    if fits:
        signed_in.post(f"/studio/application/{draft.gid}/cover")
        draft.refresh_from_db()
        assert draft.cover is None


def test_a_preview_is_the_page_that_listeners_will_see_and_leaves_nothing(signed_in, draft, auditor, member):
    counts = (Release.objects.count(), Recording.objects.filter(removed_at=None).count())
    seen = text(signed_in.get(f"/studio/application/{draft.gid}/preview"))
    assert "This is a preview" in seen
    assert all(it in seen for it in ("潮汐集", *TITLES))
    assert "This is not theirs" not in seen
    assert (Release.objects.count(), Recording.objects.filter(removed_at=None).count()) == counts
    draft.refresh_from_db()
    assert (draft.state, draft.release, draft.published_at) == ("draft", None, None)
    hand_in(account=member, gid=draft.gid, link=LINK, now=NOW)
    claim.take(auditor=auditor, gid=draft.gid, now=NOW)
    row = hear_and_accept(auditor=auditor, gid=draft.gid, words="", link=LINK, now=NOW)
    published = text(Client().get(f"/release/{row.release.gid}"))

    assert tracks_in(seen) == tracks_in(published) == TITLES


def tracks_in(page):
    """Titles in the order of the page's list."""
    listed = page.partition('<ol class="tracks">')[2].partition("</ol>")[0]
    return sorted((it for it in TITLES if it in listed), key=listed.index)


def test_nobody_comes_to_what_is_another_s(signed_in, auditor):
    theirs = release_of(opened(account("magpie"), auditor).owner, ["x"])
    address, track = f"/studio/application/{theirs.gid}", theirs.tracks.get().gid
    for path in ("", "/preview", f"/tracks/{track}"):
        assert signed_in.get(address + path).status_code == 404, path
    for path in (
        "/cover",
        "/change",
        "/version",
        f"/tracks/{track}",
        f"/tracks/{track}/remove",
        f"/tracks/{track}/isrc",
    ):
        assert signed_in.post(address + path, {"title": "mine"}).status_code == 404, path
    assert theirs.tracks.get().title == "x"


def test_the_auditor_hears_each_track_with_what_was_found_about_it(draft, member, auditor):
    row = hand_in(account=member, gid=draft.gid, link=LINK, now=NOW)
    second = row.tracks.all()[1]
    Evidence.objects.create(
        submission=row, track=second, position=90, kind="clipping", measured={}, confidence=0.9
    )
    desk = Client()
    desk.force_login(auditor)
    assert "3 tracks" in text(desk.get("/office/audit"))
    first = text(desk.get(f"/office/audit/{row.gid}"))
    assert all(it in first for it in TITLES)
    assert f'data-own="{row.tracks.all()[0].recording.gid}"' in first
    assert "90%" not in first
    page = text(desk.get(f"/office/audit/{row.gid}?track={second.gid}"))
    assert f'data-own="{second.recording.gid}"' in page
    assert "90%" in page
    assert 'data-key="["' in page
    assert 'data-key="]"' in page
    assert desk.get(f"/office/audit/{row.gid}?track=nonsense").status_code == 200
    refused = desk.post(f"/office/audit/{row.gid}/decide", {"event": "accept"})
    assert refused.status_code == 409
    assert "3 tracks were not heard by you yet" in text(refused)
    assert page.count(">not heard<") == 4, "each in the list, and the one on the desk"
    assert f"?track={row.tracks.all()[2].gid}" in page
    judged(auditor, row)
    assert "were not heard by you yet" not in text(desk.get(f"/office/audit/{row.gid}"))
    assert desk.post(f"/office/audit/{row.gid}/decide", {"event": "accept"}).status_code == 302
    published = Submission.objects.get(pk=row.pk).release
    assert release_detail(published.gid).title == "潮汐集"


def test_afterwards_it_is_changed_at_once_or_by_a_version(signed_in, draft, member, auditor):
    hand_in(account=member, gid=draft.gid, link=LINK, now=NOW)
    claim.take(auditor=auditor, gid=draft.gid, now=NOW)
    row = hear_and_accept(auditor=auditor, gid=draft.gid, words="", link=LINK, now=NOW)
    address = f"/studio/application/{row.gid}"
    html = text(signed_in.get(address))
    assert f"/release/{row.release.gid}" in html
    signed_in.post(f"{address}/change", {"notes": "Late at night."})
    assert "Late at night." in text(Client().get(f"/release/{row.release.gid}"))
    version = signed_in.post(f"{address}/version")["Location"]
    assert version != address
    assert "A new version of what is published." in text(signed_in.get(version))
    assert "Preview" in text(signed_in.get(version))
    shop = text(signed_in.get("/studio/shop"))
    assert shop.count("潮汐集") >= 1
    assert shop.partition('id="featured"')[0].count("港") == 0, "a release stands in the shop once"


def test_the_auditor_sees_what_a_new_version_changes(signed_in, draft, member, auditor):
    hand_in(account=member, gid=draft.gid, link=LINK, now=NOW)
    claim.take(auditor=auditor, gid=draft.gid, now=NOW)
    row = hear_and_accept(auditor=auditor, gid=draft.gid, words="", link=LINK, now=NOW)
    version = begin_version(account=member, gid=row.gid, now=NOW)
    one, two, _three = version.tracks.all()
    former = two.recording.gid
    give_sound(two)
    track = {"title": "夜明け <b>", "lyrics": "la " * 200, "explicit": "on", "language": "ja"}
    describe_track(account=member, gid=version.gid, track=one.gid, fields=track, now=NOW)
    told = {name: FIELDS[name] for name in DECLARED} | {"where": "except", "territories": "KR", "type": "ep"}
    told |= {"due_local": "2026-12-01T21:00", "zone": "Asia/Tokyo"}
    describe(account=member, gid=version.gid, fields=told, now=NOW)
    hand_in(account=member, gid=version.gid, link=LINK, now=NOW)
    desk = Client()
    desk.force_login(auditor)
    assert 'id="changes"' not in text(desk.get(f"/office/audit/{row.gid}"))
    html = (
        text(desk.get(f"/office/audit/{version.gid}")).partition('id="changes"')[2].partition("</section>")[0]
    )
    assert f"/office/audit/{row.gid}" in html
    assert f'data-cue="{former}"' in html
    assert f'data-cue="{two.recording.gid}"' in html
    for said in (
        '<del dir="auto">夜明け</del>', '<ins dir="auto">夜明け &lt;b&gt;</ins>', "Everywhere but in: South Korea",
        '<del dir="auto">Everywhere</del>', '<del dir="auto">No</del>', '<ins dir="auto">Yes</ins>',
        '<ins dir="auto">EP</ins>', '<ins dir="auto">Japanese</ins>', "12:00:00", "Read it",
    ):  # fmt: skip
        assert said in html, said
    assert "港" not in html.replace("港の", ""), "what stays is not told"


def test_where_it_is_not_offered_the_page_says_so(signed_in, draft, member, auditor, settings):
    draft.where, draft.territories = "except", "KR"
    draft.save()
    hand_in(account=member, gid=draft.gid, link=LINK, now=NOW)
    claim.take(auditor=auditor, gid=draft.gid, now=NOW)
    row = hear_and_accept(auditor=auditor, gid=draft.gid, words="", link=LINK, now=NOW)
    address, shop = f"/release/{row.release.gid}", f"/@{member.shops.get().handle}"
    assert signed_in.get(address).status_code == 200
    assert row.title in text(signed_in.get(shop))
    settings.LISTENING = replace(settings.LISTENING, territory="KR")
    answered = signed_in.get(address)
    assert answered.status_code == 451
    assert "does not offer this release in South Korea" in text(answered)
    assert f'href="{address}"' not in text(signed_in.get(shop))
    refused = signed_in.get(f"/api/v1/releases/{row.release.gid}")
    assert (refused.status_code, refused.json()["code"]) == (451, "not_offered_here")
    assert signed_in.get(f"/studio/application/{row.gid}").status_code == 200


def test_a_slip_is_mended_a_minute_moved_and_what_waits_is_taken_back(signed_in, draft, member, auditor):
    describe(
        account=member, gid=draft.gid, fields={"due_local": "2030-12-01T18:00", "zone": "Asia/Tokyo"}, now=NOW
    )
    hand_in(account=member, gid=draft.gid, link=LINK, now=NOW)
    claim.take(auditor=auditor, gid=draft.gid, now=NOW)
    row = hear_and_accept(auditor=auditor, gid=draft.gid, words="", link=LINK, now=NOW)
    address = f"/studio/application/{row.gid}"
    html = text(signed_in.get(address))
    assert 'name="due_local"' in html
    assert "Withdraw the release" in html
    refused = signed_in.post(f"{address}/change", {"title": "Something else"})
    assert refused.status_code == 409
    assert "more than a slip of the pen" in text(refused)
    past = signed_in.post(f"{address}/change", {"due_local": "2020-12-01T18:00", "zone": "Asia/Tokyo"})
    assert "This minute is over" in text(past)
    assert signed_in.post(f"{address}/change", {"due_local": "2031-01-01T00:00"}).status_code == 302
    assert "Its minute was moved" in text(signed_in.get(address))
    desk = Client()
    desk.force_login(auditor)
    seen = text(desk.get(f"/office/audit/{row.gid}"))
    assert "Its minute was moved" in seen
    assert "2031-01-01T00:00 Asia/Tokyo" in seen
    assert signed_in.post(f"{address}/withdraw").status_code == 302
    assert "You took it back" in text(signed_in.get(address))

"""Releases by the API: from files to the queue, object by object."""

import io
from dataclasses import replace

import pytest
from api_client import Api
from applying import DECLARED, FIELDS, LINK, NOW, account, draft_of, give_sound, release_of
from django.core.files.uploadedfile import SimpleUploadedFile
from judging import compared, hear_and_accept, heard
from opened_shop import opened
from PIL import Image

from alpheus.catalogue.models import Recording, Release
from alpheus.parties.models import StaffRole
from alpheus.submissions import claim
from alpheus.submissions.amend import begin_version
from alpheus.submissions.describe import describe
from alpheus.submissions.hand_in import hand_in
from alpheus.submissions.models import Submission, Track

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _objects(settings, tmp_path):
    settings.SUBMISSIONS = replace(
        settings.SUBMISSIONS,
        objects_url=(tmp_path / "objects").as_uri(),
        uploads=tmp_path / "up",
        isrc_prefix="JPABC",
        gs1_prefix="400638133",
    )


@pytest.fixture
def auditor(db):
    return account("owl", StaffRole.Role.AUDITOR)


def cover(data):
    return {"image": SimpleUploadedFile("c.png", data, "image/png")}


def test_from_nothing_to_the_queue(page, member, auditor):
    assert page.post("/studio/releases", {}).json()["code"] == "shop_missing"
    opened(member, auditor)
    made = page.post("/studio/releases", {})
    assert (made.status_code, made.json()["kind"], made.json()["artist_name"]) == (201, "release", "潮汐")
    assert made.json()["missing"][:2] == ["tracks", "title"]
    at = f"/studio/submissions/{made.json()['gid']}"
    row = Submission.objects.get(gid=made.json()["gid"])
    for position in range(3):
        give_sound(Track.objects.create(submission=row, position=position))
    one, two, three = (it.gid.hex for it in row.tracks.all())
    ids = [str(it.gid) for it in row.tracks.all()]
    told = {
        "title": "港",
        "composers": ["Mei", "潮汐"],
        "credits": ["drums: Wren"],
        "disc": 1,
        "explicit": True,
    }
    given = page.call("PATCH", f"{at}/tracks/{one}", told).json()["tracks"][0]
    assert {name: given[name] for name in told} == told
    assert given["missing"] == []
    moved = page.post(f"{at}/tracks/{three}/move", {"after": None}).json()
    assert [it["gid"] for it in moved["tracks"]] == [ids[2], ids[0], ids[1]]
    assert page.post(f"{at}/tracks/{one}/isrc", {}).json()["tracks"][1]["isrc"] == "JPABC2600000"
    assert page.post(f"{at}/upc", {}).json()["upc"] == "4006381330008"
    assert page.call("DELETE", f"{at}/tracks/{two}").status_code == 204
    page.call("PATCH", f"{at}/tracks/{three}", {"title": "夜"})
    declared = {"ai": "none", "owns_recording": True, "owns_composition": True, "no_cover": True}
    when = {"due_local": "2099-01-01T18:00", "zone": "Asia/Tokyo"}
    whole = page.call(
        "PATCH", at, declared | when | {"title": "港の夜", "type": "single", "genres": "jazz"}
    ).json()
    assert (whole["missing"], whole["due_at"]) == ([], "2099-01-01T09:00:00Z")
    handed = page.post(f"{at}/hand-in", {}).json()
    assert (handed["state"], len(handed["tracks"])) == ("submitted", 2)
    assert page.call("PATCH", f"{at}/tracks/{one}", {"title": "x"}).json()["code"] == "not_now"
    assert page.post(f"{at}/versions", {}).json()["code"] == "not_now"
    desk = Api(account=auditor)
    seen = desk.get(f"/office/audit/{row.gid.hex}").json()
    assert [it["title"] for it in seen["tracks"]] == ["夜", "港"]
    decide = f"/office/audit/{row.gid.hex}/decide"
    heard(auditor, row)
    compared(row)
    assert desk.post(decide, {"event": "accept"}).json()["published_at"] is None


def test_a_cover_comes_as_a_form(page, member, auditor):
    row = release_of(opened(member, auditor).owner, ["x"])
    image = io.BytesIO()
    Image.new("RGB", (64, 64), "teal").save(image, "PNG")
    path = f"/studio/submissions/{row.gid.hex}/cover"
    assert len(page.http.post(f"/api/v1{path}", cover(image.getvalue())).json()["cover"]) == 64
    assert page.http.post(f"/api/v1{path}", cover(b"<svg/>")).json()["code"] == "cover_unfit"
    assert page.call("DELETE", path).status_code == 204


def test_a_preview_is_what_listeners_will_see_and_leaves_nothing(page, member, auditor):
    row = release_of(opened(member, auditor).owner, ["夜明け", "汽笛"], notes="Recorded by the sea.")
    counts = (Release.objects.count(), Recording.objects.filter(removed_at=None).count())
    told = page.get(f"/studio/submissions/{row.gid}/preview").json()
    assert (told["title"], told["credit"]["name"]) == ("潮汐集", "潮汐")
    assert [it["recording"]["title"] for it in told["media"][0]["tracks"]] == ["夜明け", "汽笛"]
    assert (Release.objects.count(), Recording.objects.filter(removed_at=None).count()) == counts
    row.refresh_from_db()
    assert (row.state, row.release, row.published_at) == ("draft", None, None)
    assert page.get(f"/releases/{told['gid']}").json()["code"] == "not_found"
    Submission.objects.filter(pk=row.pk).update(title="")
    assert page.get(f"/studio/submissions/{row.gid}/preview").json()["code"] == "incomplete"
    row.tracks.all().delete()
    assert page.get(f"/studio/submissions/{row.gid}/preview").json()["code"] == "submission_unknown"
    application = draft_of(account("ebb"))
    assert (
        Api(account=application.account).get(f"/studio/submissions/{application.gid}/preview").json()["code"]
        == "submission_unknown"
    )


def test_another_s_is_not_there(page, member, auditor):
    opened(member, auditor)
    theirs = release_of(opened(account("magpie"), auditor, handle="pie", artist_name="Magpie").owner, ["x"])
    own = release_of(member, ["mine"])
    track = theirs.tracks.get().gid.hex
    for gid in (theirs.gid.hex, own.gid.hex):  # another's draft; and another's track in one's own
        for method, path, body in (
            ("PATCH", f"/tracks/{track}", {"title": "x"}), ("DELETE", f"/tracks/{track}", None),
            ("POST", f"/tracks/{track}/move", {"after": None}), ("POST", f"/tracks/{track}/isrc", {}),
        ):  # fmt: skip
            answered = page.call(method, f"/studio/submissions/{gid}{path}", body)
            assert (answered.status_code, answered.json()["code"]) == (404, "submission_unknown"), path
    for method, path, body in (
        ("POST", "/change", {"notes": "x"}), ("POST", "/versions", {}), ("DELETE", "/cover", None), ("GET", "", None),
    ):  # fmt: skip
        answered = page.call(method, f"/studio/submissions/{theirs.gid.hex}{path}", body)
        assert (answered.status_code, answered.json()["code"]) == (404, "submission_unknown"), path
    assert theirs.tracks.get().title == "x"


def test_an_auditor_is_told_what_a_new_version_changes(member, auditor):
    draft = release_of(opened(member, auditor).owner, ["x", "y"])
    row = hand_in(account=member, gid=draft.gid, link=LINK, now=NOW)
    claim.take(auditor=auditor, gid=row.gid, now=NOW)
    hear_and_accept(auditor=auditor, gid=row.gid, words="", link=LINK, now=NOW)
    desk = Api(account=auditor)
    first = desk.get(f"/office/audit/{row.gid}").json()
    assert (first["former"], first["changes"]) == (None, [])
    version = begin_version(account=member, gid=row.gid, now=NOW)
    track = version.tracks.all()[1]
    before = str(track.recording.gid)
    give_sound(track)
    fields = {name: FIELDS[name] for name in DECLARED} | {"title": "Other"}
    describe(account=member, gid=version.gid, fields=fields, now=NOW)
    hand_in(account=member, gid=version.gid, link=LINK, now=NOW)
    seen = desk.get(f"/office/audit/{version.gid}").json()
    assert seen["former"] == str(row.gid)
    assert seen["changes"] == [
        {"what": "title", "track": None, "before": "潮汐集", "after": "Other"},
        {"what": "audio", "track": str(track.gid), "before": before, "after": str(track.recording.gid)},
    ]


def test_a_slip_is_mended_at_once_and_more_is_refused(page, member, auditor):
    opened(member, auditor)
    row = release_of(member, ["Midnihgt Train"])
    told = {name: FIELDS[name] for name in DECLARED} | {"title": "Late Trians"}
    describe(account=member, gid=row.gid, fields=told, now=NOW)
    hand_in(account=member, gid=row.gid, link=LINK, now=NOW)
    claim.take(auditor=auditor, gid=row.gid, now=NOW)
    hear_and_accept(auditor=auditor, gid=row.gid, words="", link=LINK, now=NOW)
    at = f"/studio/submissions/{row.gid}/change"
    assert page.post(at, {"title": "Late Trains"}).json()["title"] == "Late Trains"
    song = str(row.tracks.get().gid)
    assert (
        page.post(at, {"title": "Midnight Train", "track": song}).json()["tracks"][0]["title"]
        == "Midnight Train"
    )
    assert page.post(at, {"title": "Bad Guy"}).json()["code"] == "needs_version"

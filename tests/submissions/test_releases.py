"""Releases from a draft to the shop's window: tracks in order, what is left to do, at which minute it appears, and who never sees it before."""

from datetime import timedelta
from uuid import uuid4

import pytest
from applying import DECLARED, FIELDS, LINK, NOW, account, give_sound, release_of
from django.db import DatabaseError, IntegrityError, transaction
from judging import hear_and_accept
from opened_shop import opened

from alpheus.catalogue.models import Artist, Cover, Recording, Release
from alpheus.catalogue.models import Track as Placed
from alpheus.catalogue.queries import release_detail
from alpheus.parties.models import StaffRole
from alpheus.rights.models import Notice
from alpheus.search.find import search
from alpheus.search.kinds import RECORDING, RELEASE
from alpheus.shops import keep_shop
from alpheus.shops import queries as shops
from alpheus.submissions import arrange, claim, queries, review
from alpheus.submissions import publish_due as publish_due_
from alpheus.submissions.amend import amend, begin_version
from alpheus.submissions.begin import begin, begin_release
from alpheus.submissions.describe import describe, describe_track
from alpheus.submissions.errors import Incomplete, NotNow, ShopMissing, SubmissionUnknown, TracksUsedUp
from alpheus.submissions.hand_in import hand_in, missing, missing_in_tracks
from alpheus.submissions.models import Evidence, Submission, Track
from alpheus.submissions.publish_due import publish_due
from alpheus.submissions.rules import TRACKS_MAX, Missing, State, due
from alpheus.submissions.terms import terms
from alpheus.submissions.upload import begin_upload, drop_upload
from alpheus.submissions.withdraw import discard

pytestmark = pytest.mark.django_db
TITLES = ["夜明け", "汽笛", "港"]
LATER = NOW + timedelta(hours=3)
DUE = {"due_local": "2026-11-20T21:00", "zone": "Asia/Tokyo"}
"""12:00 UTC, three hours after NOW."""


@pytest.fixture
def shop(applicant, auditor):
    return opened(applicant, auditor)


@pytest.fixture
def draft(shop):
    return release_of(shop.owner, TITLES)


def handed_in(draft, **fields):
    describe(account=draft.account, gid=draft.gid, fields=fields, now=NOW)
    return hand_in(account=draft.account, gid=draft.gid, link=LINK, now=NOW)


def accepted(draft, auditor, **fields):
    row = handed_in(draft, **fields)
    claim.take(auditor=auditor, gid=row.gid, now=NOW)
    hear_and_accept(auditor=auditor, gid=row.gid, words="", link=LINK, now=NOW)
    row.refresh_from_db()
    return row


def titles(release):
    detail = release_detail(release.gid)
    return [[track.title for track in medium.tracks.all()] for medium in detail.media.all()]


def upload(row, name="a.flac", track=None, length=10):
    return begin_upload(
        account=row.account, submission=row.gid, track=track, length=length, filename=name, metadata="",
        terms=terms(), now=NOW,
    )  # fmt: skip


def test_who_has_no_shop_has_no_releases(applicant):
    with pytest.raises(ShopMissing):
        begin_release(account=applicant, now=NOW)


def test_several_at_a_time_beside_an_application(shop):
    one, two = (begin_release(account=shop.owner, now=NOW) for _ in range(2))
    assert (one.artist_name, one.country, two.kind) == ("潮汐", "CN", "release")
    begin(account=shop.owner, now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Submission.objects.create(account=shop.owner)
    with pytest.raises(DatabaseError), transaction.atomic():
        Submission.objects.filter(pk=one.pk).update(kind="bundle")


def test_each_file_is_a_track_and_a_file_for_a_track_takes_its_place(shop):
    row = begin_release(account=shop.owner, now=NOW)
    first, second = upload(row, "/a/../1.flac"), upload(row, "2.flac")
    assert (first.filename, [it.position for it in row.tracks.all()]) == ("1.flac", [0, 1])
    again = upload(row, "2b.flac", track=second.track.gid)
    assert again.track == second.track
    assert [it.filename for it in row.tracks.all()[1].uploads.all()] == ["2b.flac"]
    with pytest.raises(SubmissionUnknown):
        upload(row, track=uuid4())
    drop_upload(upload=first, terms=terms())
    assert list(row.tracks.all()) == [second.track]


def test_a_hundred_tracks_are_a_release_and_one_more_is_not(shop):
    row = begin_release(account=shop.owner, now=NOW)
    Track.objects.bulk_create(Track(submission=row, position=it) for it in range(TRACKS_MAX))
    with pytest.raises(TracksUsedUp):
        upload(row)


def test_what_is_left_to_do_is_named_where_it_is(draft):
    tracks = list(draft.tracks.all())
    for track, fields in zip(
        tracks,
        (
            {"isrc": "no"},
            {"isrc": "JPABC2600001", "credits": "Mei"},
            {"isrc": "JPABC2600001", "lyrics": "[ti:x]"},
        ),
        strict=True,
    ):
        describe_track(account=draft.account, gid=draft.gid, track=track.gid, fields=fields, now=NOW)
    wrong = {"upc": "123", "due_local": "tomorrow", "zone": "Nowhere/Else"}
    row = describe(account=draft.account, gid=draft.gid, fields=wrong, now=NOW)
    assert row.upc == "123", "kept as typed"
    assert missing(row) == (Missing.UPC, Missing.DUE, Missing.ISRC_TWICE)
    assert missing_in_tracks(row)[tracks[0].pk] == (Missing.ISRC,)
    assert missing_in_tracks(row)[tracks[1].pk] == (Missing.CREDITS,)
    assert missing_in_tracks(row)[tracks[2].pk] == (Missing.LYRICS,)
    with pytest.raises(Incomplete) as refused:
        hand_in(account=draft.account, gid=draft.gid, link=LINK, now=NOW)
    assert {Missing.UPC, Missing.ISRC, Missing.CREDITS} <= set(refused.value.missing)


@pytest.mark.parametrize(
    ("local", "zone", "utc"),
    [
        ("2026-12-01T18:00", "Asia/Shanghai", "2026-12-01T10:00:00+00:00"),
        ("2026-03-29T02:30", "Europe/Berlin", "2026-03-29T01:30:00+00:00"),  # clocks skip that hour
        ("2026-10-25T02:30", "Europe/Berlin", "2026-10-25T00:30:00+00:00"),  # and show this one twice
        ("2026-12-01", "UTC", "2026-12-01T00:00:00+00:00"),
        ("2026-12-01T18:00", "", None),
        ("2026-12-01T18:00", "../../etc/passwd", None),
        ("2026-12-01T18:00+09:00", "UTC", None),
        ("9999-12-31T23:59", "America/Los_Angeles", None),
        ("", "UTC", None),
    ],
)
def test_when_clocks_somewhere_show_a_time(local, zone, utc):
    found = due(local, zone)
    assert (found.isoformat() if found else None) == utc


def test_in_the_order_of_the_shop_by_dragging(draft):
    tracks = list(draft.tracks.all())
    for moved, after, order in ((2, None, "港夜汽"), (2, 0, "夜港汽"), (0, 1, "港汽夜")):
        gid = tracks[after].gid if after is not None else None
        arrange.move_track(account=draft.account, gid=draft.gid, track=tracks[moved].gid, after=gid, now=NOW)
        assert "".join(it.title[0] for it in draft.tracks.all()) == order
    draft.refresh_from_db()
    tracks[0].number, tracks[0].position = 1, 2
    arrange.by_numbers(draft)
    assert "".join(it.title[0] for it in draft.tracks.all()) == "港汽夜", (
        "what somebody put in order stays so"
    )


def test_files_numbers_are_the_order_until_then(shop):
    row = begin_release(account=shop.owner, now=NOW)
    for position, (number, title) in enumerate([(None, "d"), (1002, "b"), (2001, "c"), (1001, "a")]):
        Track.objects.create(submission=row, position=position, number=number, title=title)
    arrange.by_numbers(row)
    assert "".join(it.title for it in row.tracks.all()) == "abcd"


def test_a_track_is_taken_out_with_its_sound(draft):
    gone = draft.tracks.all()[1]
    arrange.remove_track(account=draft.account, gid=draft.gid, track=gone.gid, terms=terms(), now=NOW)
    assert [(it.title, it.position) for it in draft.tracks.all()] == [("夜明け", 0), ("港", 1)]
    assert not Recording.objects.filter(pk=gone.recording_id).exists()
    discard(account=draft.account, gid=draft.gid)
    assert not Recording.objects.filter(title__in=TITLES).exists()


def test_nobody_touches_what_is_another_s(draft, auditor):
    stranger, track = account("magpie"), draft.tracks.all()[0]
    given = {"account": stranger, "gid": draft.gid, "track": track.gid, "now": NOW}
    for verb in (
        lambda: describe_track(fields={"title": "mine"}, **given),
        lambda: arrange.move_track(after=None, **given),
        lambda: arrange.remove_track(terms=terms(), **given),
    ):
        with pytest.raises(SubmissionUnknown):
            verb()
    theirs = release_of(opened(stranger, auditor, handle="pie", artist_name="Magpie").owner, ["x"])
    with pytest.raises(SubmissionUnknown):  # their own draft, and a track of another's
        describe_track(fields={"title": "mine"}, **given | {"gid": theirs.gid})
    handed_in(draft)
    with pytest.raises(NotNow):
        describe_track(fields={"title": "late"}, **given | {"account": draft.account})


def test_accepted_it_stands_in_the_shop_as_it_was_handed_in(draft, auditor, shop):
    second, third = list(draft.tracks.all())[1:]
    told = {"artist_name": "潮汐 feat. Mei", "composers": "Mei\n潮汐", "publishers": "Harbour Songs", "credits": "drums: Wren",
            "isrc": "JP-ABC-26-00001", "explicit": "on", "lyrics": "[00:01.00]港の灯\n[00:05.00]消えた", "language": "ja"}  # fmt: skip
    describe_track(account=draft.account, gid=draft.gid, track=second.gid, fields=told, now=NOW)
    describe_track(account=draft.account, gid=draft.gid, track=third.gid, fields={"disc": "2"}, now=NOW)
    whole = {"genres": "City Pop, jazz", "notes": "Late.", "upc": "036000291452", "type": "ep"}
    row = accepted(draft, auditor, **whole)
    release = row.release
    assert titles(release) == [["夜明け", "汽笛"], ["港"]]
    assert (release.title, release.type, release.credit.name) == ("潮汐集", "ep", "潮汐")
    assert (release.upc, release.notes, str(release.year)) == ("036000291452", "Late.", "2026")
    assert {it.name for it in release.genres.all()} == {"city pop", "jazz"}
    assert release.loudness_lufs == pytest.approx(-14.0)
    song = Recording.objects.get(pk=second.recording_id)
    assert (song.isrc, song.explicit, song.credit.name) == ("JPABC2600001", True, "潮汐 feat. Mei")
    assert {(it.role, it.artist.name) for it in song.roles.all()} == {
        ("composer", "Mei"), ("composer", "潮汐"), ("drums", "Wren"),
    }  # fmt: skip
    (work,) = song.works.all()
    assert (work.title, work.publishers, work.roles.count()) == ("汽笛", "Harbour Songs", 2)
    assert [it["start_ms"] for it in song.lyrics.lines] == [1000, 5000]
    assert [it.title for it in shops.releases_of(shop)] == ["雨夜", "潮汐集"]
    assert Artist.objects.filter(name="潮汐").count() == 1
    assert shop.offers.filter(recording__in=[it.recording for it in draft.tracks.all()]).count() == 3
    assert shop.offers.filter(release=release).count() == 1


def test_nothing_of_it_is_there_before_its_minute_and_all_of_it_then(draft, auditor, shop):
    row = accepted(draft, auditor, title="暁", **DUE)
    assert (row.state, row.published_at, row.due_at) == (State.ACCEPTED, None, LATER)
    assert publish_due(now=LATER - timedelta(seconds=1)) == 0
    held = Recording.objects.filter(title__in=TITLES)
    assert held.filter(removed_at=None).count() == 0
    assert not Release.objects.filter(title="暁").exists()
    assert not Placed.objects.filter(recording__in=held).exists()
    for text in ("暁", "汽笛", "夜明け"):
        found = search(text, kinds=[RECORDING, RELEASE], limit=9).gids
        assert found == {RECORDING: [], RELEASE: []}
    assert publish_due(now=LATER) == 1
    assert publish_due(now=LATER) == 0, "run again, it changes nothing"
    row.refresh_from_db()
    assert titles(row.release) == [TITLES]
    assert (row.release.month, row.release.day) == (11, 20)
    assert len(search("汽笛", kinds=[RECORDING], limit=9).gids[RECORDING]) == 1


def test_killed_in_the_middle_it_appears_whole_the_next_time(draft, auditor, shop, monkeypatch):
    accepted(draft, auditor, **DUE)

    def killed(**_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("alpheus.shops.publish_release.settle_release", killed)
        with pytest.raises(KeyboardInterrupt):
            publish_due(now=LATER)
    assert not Release.objects.filter(title="潮汐集").exists()
    assert Recording.objects.filter(title__in=TITLES, removed_at=None).count() == 0
    assert publish_due(now=LATER) == 1


def test_one_that_fails_keeps_no_other(draft, auditor, shop, monkeypatch):
    broken = accepted(draft, auditor, **DUE)
    other = accepted(release_of(shop.owner, ["灯台"], title="灯"), auditor, **DUE)
    publish = publish_due_.publish

    def sometimes(row, *, now):
        if row.pk == broken.pk:
            raise RuntimeError
        return publish(row, now=now)

    with monkeypatch.context() as patched:
        patched.setattr(publish_due_, "publish", sometimes)
        assert publish_due(now=LATER) == 1
    other.refresh_from_db()
    assert titles(other.release) == [["灯台"]]
    assert publish_due(now=LATER) == 1, "it is tried again"


def test_the_cover_of_a_draft_is_kept_until_it_is_withdrawn(draft):
    draft.cover = Cover.objects.create(digest="a" * 64, hue=1, chroma=0, placeholder="")
    draft.save()
    assert list(queries.covers_kept()) == [draft.cover_id]
    assert set(queries.assets_kept()) >= {it.asset_id for it in draft.tracks.all()}
    Submission.objects.filter(pk=draft.pk).update(state="withdrawn", submitted_at=NOW)
    assert list(queries.covers_kept()) == []


def test_a_closed_shop_shows_nothing_and_opened_again_all_of_it(draft, auditor, shop):
    keep_shop.close_shop(owner=shop.owner, now=NOW)
    row = accepted(draft, auditor)
    assert publish_due(now=LATER) == 0
    keep_shop.open_shop(owner=shop.owner, now=NOW)
    assert publish_due(now=LATER) == 1
    row.refresh_from_db()
    keep_shop.close_shop(owner=shop.owner, now=NOW)
    assert Recording.objects.filter(title__in=TITLES, removed_at=None).count() == 0
    keep_shop.open_shop(owner=shop.owner, now=NOW)
    assert titles(row.release) == [TITLES]
    assert shops.shop_of(shop.owner).pieces.filter(release=row.release).count() == 3


def test_a_notice_keeps_what_it_suspends_out(draft, auditor, shop):
    from alpheus.rights.models import Suspension

    row = accepted(draft, auditor)
    notice = Notice.objects.create(
        release=row.release, title="x", claim="work", words="x", proof="x", name="x", email="x@example.com",
        signature="x", given_at=NOW,
    )  # fmt: skip
    song = row.tracks.all()[1].recording
    review.reopen(auditor=auditor, gid=row.gid, words="A claim.", link=LINK, now=NOW)
    Suspension.objects.create(recording=song, notice=notice, was_offered=False)
    claim.take(auditor=auditor, gid=row.gid, now=NOW)
    hear_and_accept(auditor=auditor, gid=row.gid, words="", link=LINK, now=NOW)
    assert titles(row.release) == [["夜明け", "港"]]
    keep_shop.close_shop(owner=shop.owner, now=NOW)
    keep_shop.open_shop(owner=shop.owner, now=NOW)
    assert titles(row.release) == [["夜明け", "港"]]


def test_opened_again_it_leaves_the_shop_and_comes_back_where_it_stood(draft, auditor, shop):
    row = accepted(draft, auditor)
    before = row.release.gid
    review.reopen(auditor=auditor, gid=row.gid, words="A claim.", link=LINK, now=NOW)
    assert [it.title for it in shops.releases_of(shop)] == ["雨夜"]
    assert publish_due(now=LATER) == 0
    claim.take(auditor=auditor, gid=row.gid, now=NOW)
    hear_and_accept(auditor=auditor, gid=row.gid, words="", link=LINK, now=NOW)
    row.refresh_from_db()
    assert row.release.gid == before
    assert titles(row.release) == [TITLES]


def test_under_another_shop_s_name_it_waits(draft, auditor, db):
    opened(account("heron"), auditor, handle="heron", artist_name="Heron")
    row = accepted(draft, auditor, artist_name="Heron & 潮汐")
    assert row.published_at is None
    assert publish_due(now=LATER) == 0


def test_findings_are_about_their_track(draft, auditor, shop):
    accepted(draft, auditor)
    other = release_of(shop.owner, ["汽笛", "FINE (feat. Wren)"])
    row = handed_in(other, title="Again")
    found = {(it.track.title if it.track else "", it.kind) for it in queries.evidence(row)}
    assert ("汽笛", "same-title") in found
    assert ("FINE (feat. Wren)", "feat-in-title") in found
    assert not Evidence.objects.filter(submission=row, kind="artist-known").exists(), "it is their own name"
    assert queries.heard_by(auditor, [it.recording.gid for it in row.tracks.all()]) == {
        it.recording.gid for it in row.tracks.all()
    }


def test_an_erased_musician_leaves_nothing_of_it(draft, auditor, shop):
    from alpheus.listening.erase import erase

    accepted(draft, auditor)
    later = release_of(shop.owner, ["later"])
    give_sound(Track.objects.create(submission=later, position=1, title="more"))
    erase(account=shop.owner, now=LATER)
    assert not Submission.objects.exists()
    assert not Recording.objects.filter(removed_at=None).exists()
    assert not Recording.objects.filter(title__in=[*TITLES, "later", "more"]).exists()
    assert StaffRole.objects.filter(account=auditor).exists()


def test_notes_genres_and_lyrics_change_at_once(draft, auditor, shop):
    row = accepted(draft, auditor)
    given = {"account": shop.owner, "gid": row.gid, "now": LATER}
    amend(fields={"notes": "Remastered.", "genres": "jazz", "artist_name": "Me"}, **given)
    song = row.tracks.all()[1]
    amend(fields={"lyrics": "la la", "isrc": "JPABC2600009"}, track=song.gid, **given)
    detail = release_detail(row.release.gid)
    assert (detail.title, detail.notes) == ("潮汐集", "Remastered.")
    assert [it.name for it in detail.genres.all()] == ["jazz"]
    assert song.recording.lyrics.source == "la la"
    assert titles(detail) == [TITLES]
    with pytest.raises(SubmissionUnknown):
        amend(fields={"notes": "x"}, **given | {"account": account("magpie")})
    with pytest.raises(Incomplete):
        amend(fields={"lyrics": "[ti:x]"}, track=song.gid, **given)
    keep_shop.close_shop(owner=shop.owner, now=LATER)
    with pytest.raises(NotNow):
        amend(fields={"notes": "x"}, **given)
    assert Recording.objects.filter(removed_at=None).count() == 0


def test_what_matters_changes_by_a_version_that_is_heard_first(draft, auditor, shop):
    row = accepted(draft, auditor)
    version = begin_version(account=shop.owner, gid=row.gid, now=LATER)
    assert begin_version(account=shop.owner, gid=row.gid, now=LATER) == version
    assert Missing.NO_COVER in missing(version), "declared anew"
    first, second, third = version.tracks.all()
    given = {"account": shop.owner, "gid": version.gid, "now": LATER}
    arrange.remove_track(track=second.gid, terms=terms(), **given)
    arrange.move_track(track=third.gid, after=None, **given)
    describe_track(track=first.gid, fields={"title": "夜明け (2026)"}, **given)
    give_sound(Track.objects.create(submission=version, position=2, title="灯台"))
    assert titles(row.release) == [TITLES], "until then nothing changes"
    assert Recording.objects.filter(pk=second.recording_id, removed_at=None).exists()
    declared = {name: FIELDS[name] for name in DECLARED}
    version = accepted(version, auditor, title="潮汐集 II", **declared)
    assert version.release == row.release
    assert titles(row.release) == [["港", "夜明け (2026)", "灯台"]]
    assert release_detail(row.release.gid).title == "潮汐集 II"
    assert not Recording.objects.filter(pk=second.recording_id, removed_at=None).exists()
    assert [it.title for it in shops.releases_of(shop)] == ["雨夜", "潮汐集 II"]
    with pytest.raises(NotNow):
        amend(account=shop.owner, gid=row.gid, fields={"notes": "old"}, now=LATER)


def test_a_version_thrown_away_takes_nothing_with_it(draft, auditor, shop):
    row = accepted(draft, auditor)
    version = begin_version(account=shop.owner, gid=row.gid, now=LATER)
    discard(account=shop.owner, gid=version.gid)
    assert titles(row.release) == [TITLES]


def test_discs_have_titles_and_a_new_version_may_take_them_away(draft, auditor):
    last = list(draft.tracks.all())[-1]
    describe_track(account=draft.account, gid=draft.gid, track=last.gid, fields={"disc": "2"}, now=NOW)
    row = accepted(draft, auditor, disc_titles="\r\n  夜の部 \r\n\r\n")
    assert row.disc_titles == "\n夜の部"
    media = list(release_detail(row.release.gid).media.all())
    assert [(it.position, it.title) for it in media] == [(1, ""), (2, "夜の部")]
    version = begin_version(account=row.account, gid=row.gid, now=NOW)
    assert version.disc_titles == row.disc_titles
    describe(account=row.account, gid=version.gid, fields={name: FIELDS[name] for name in DECLARED}, now=NOW)
    accepted(version, auditor, disc_titles="朝の部")
    media = list(release_detail(row.release.gid).media.all())
    assert [it.title for it in media] == ["朝の部", ""]


def test_where_it_is_offered_goes_with_what_is_published(draft, auditor):
    row = describe(
        account=draft.account, gid=draft.gid, fields={"where": "only", "territories": "xx"}, now=NOW
    )
    assert (row.territories, missing(row)) == ("", (Missing.TERRITORIES,))
    row = accepted(draft, auditor, territories="jp, cn jp")
    assert (row.release.availability.rule, row.release.availability.territories) == ("only", "CN JP")
    version = begin_version(account=row.account, gid=row.gid, now=NOW)
    fields = {name: FIELDS[name] for name in DECLARED} | {"where": ""}
    describe(account=row.account, gid=version.gid, fields=fields, now=NOW)
    accepted(version, auditor)
    assert not type(row.release.availability).objects.exists()

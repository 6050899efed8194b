"""New versions of published releases: what they change, and the former one whole again where one is doubted."""

from datetime import timedelta

import pytest
from applying import DECLARED, FIELDS, LINK, NOW, give_sound, release_of
from judging import hear_and_accept
from opened_shop import opened

from alpheus.catalogue.models import Cover, Recording
from alpheus.catalogue.queries import release_detail
from alpheus.search.find import search
from alpheus.search.kinds import RECORDING
from alpheus.shops import keep_shop
from alpheus.shops import queries as shops
from alpheus.submissions import arrange, claim, review
from alpheus.submissions.amend import begin_version
from alpheus.submissions.describe import describe, describe_track
from alpheus.submissions.hand_in import hand_in
from alpheus.submissions.models import Submission, Track
from alpheus.submissions.publish_due import publish_due
from alpheus.submissions.rules import Reason
from alpheus.submissions.terms import terms
from alpheus.submissions.versions.queries import changed_by, former_of
from alpheus.submissions.versions.rules import What
from alpheus.submissions.withdraw import withdraw

pytestmark = pytest.mark.django_db
TITLES = ["夜明け", "汽笛", "港"]
LATER = NOW + timedelta(hours=3)
DECLARATIONS = {name: FIELDS[name] for name in DECLARED}


@pytest.fixture
def shop(applicant, auditor):
    return opened(applicant, auditor)


@pytest.fixture
def first(shop, auditor):
    """A release as listeners hear it, in front of another."""
    row = release_of(shop.owner, TITLES)
    one, two, _three = row.tracks.all()
    told = {"isrc": "JPABC2600001", "composers": "Mei", "credits": "drums: Wren", "lyrics": "港の灯"}
    describe_track(account=row.account, gid=row.gid, track=one.gid, fields=told, now=NOW)
    describe_track(account=row.account, gid=row.gid, track=two.gid, fields={"disc": "1"}, now=NOW)
    cover = Cover.objects.create(digest="a" * 64, hue=1, chroma=0, placeholder="")
    Submission.objects.filter(pk=row.pk).update(cover=cover)
    told = {"upc": "036000291452", "notes": "Late.", "genres": "jazz", "where": "only", "territories": "JP"}
    describe(account=row.account, gid=row.gid, fields=told, now=NOW)
    hand_in(account=row.account, gid=row.gid, link=LINK, now=NOW)
    accepted(row, auditor)
    row.refresh_from_db()
    accepted(handed(release_of(shop.owner, ["灯台"], title="灯"), NOW), auditor)
    return row


def handed(row, now):
    return hand_in(account=row.account, gid=row.gid, link=LINK, now=now)


def accepted(row, auditor, now=NOW):
    claim.take(auditor=auditor, gid=row.gid, now=now)
    hear_and_accept(auditor=auditor, gid=row.gid, words="", link=LINK, now=now)
    row.refresh_from_db()
    return row


def reopened(row, auditor):
    review.reopen(auditor=auditor, gid=row.gid, words="A claim.", link=LINK, now=LATER)
    row.refresh_from_db()
    return row


def changed_draft(first, **fields):
    """A version that changes nearly everything, one track's sound under the same ISRC among it."""
    row = begin_version(account=first.account, gid=first.gid, now=LATER)
    one, two, three = row.tracks.all()
    given = {"account": first.account, "gid": row.gid, "now": LATER}
    give_sound(one, now=LATER)
    told = {"title": "夜明け (2026)", "composers": "潮汐", "credits": "", "lyrics": ""}
    describe_track(track=one.gid, fields=told, **given)
    arrange.remove_track(track=two.gid, terms=terms(), **given)
    arrange.move_track(track=three.gid, after=None, **given)
    give_sound(Track.objects.create(submission=row, position=2, title="灯"), now=LATER)
    cover = Cover.objects.create(digest="b" * 64, hue=1, chroma=0, placeholder="")
    Submission.objects.filter(pk=row.pk).update(cover=cover)
    told = {"title": "潮汐集 II", "upc": "", "notes": "", "genres": "rock", "where": ""}
    return describe(fields=told | DECLARATIONS | fields, **given)


def whole(release):
    """All that listeners hear and read of a release."""
    detail = release_detail(release.gid)
    songs = [it.recording for medium in detail.media.all() for it in medium.tracks.all()]
    return {
        "release": (detail.title, detail.upc, detail.notes, detail.cover.digest, str(detail.year)),
        "genres": [it.name for it in detail.genres.all()],
        "where": getattr(getattr(detail, "availability", None), "territories", ""),
        "songs": [
            (it.gid, it.title, it.isrc, it.asset_id, it.removed_at, getattr(it, "lyrics", None) is not None)
            for it in songs
        ],
        "roles": [sorted((role.role, role.artist.name) for role in it.roles.all()) for it in songs],
        "works": [[str(work) for work in it.works.all()] for it in songs],
    }


def standing(shop):
    return [it.title for it in shops.releases_of(shop)]


def test_what_a_version_changes_is_told_beside_what_is_heard(first):
    assert former_of(first) is None
    assert changed_by(first) is None
    row = changed_draft(first, due_local="2026-11-21T21:00", zone="Asia/Tokyo")
    found = changed_by(row)
    assert found.former == first
    told = {(it.what, found.tracks[it.track].title if it.track else ""): (it.before, it.after) for it in found.changes}  # fmt: skip
    new = {it.title: it for it in row.tracks.select_related("recording")}
    old = {it.title: it for it in first.tracks.select_related("recording")}
    dawn = "夜明け (2026)"
    assert told == {
        (What.TITLE, ""): ("潮汐集", "潮汐集 II"),
        (What.COVER, ""): ("a" * 64, "b" * 64),
        (What.TERRITORIES, ""): ("only JP", ""),
        (What.UPC, ""): ("036000291452", ""),
        (What.DUE, ""): (NOW.isoformat(), "2026-11-21T12:00:00+00:00"),
        (What.GENRES, ""): ("jazz", "rock"),
        (What.NOTES, ""): ("Late.", ""),
        (What.PLACE, "港"): ("1.3", "1.1"),
        (What.TITLE, dawn): ("夜明け", dawn),
        (What.AUDIO, dawn): (str(old["夜明け"].recording.gid), str(new[dawn].recording.gid)),
        (What.COMPOSERS, dawn): ("Mei", "潮汐"),
        (What.CREDITS, dawn): ("drums: Wren", ""),
        (What.LYRICS, dawn): ("港の灯", ""),
        (What.ADDED, "灯"): ("", str(new["灯"].recording.gid)),
        (What.REMOVED, "汽笛"): (str(old["汽笛"].recording.gid), ""),
    }


def test_a_version_that_changes_nothing_says_so(first):
    row = begin_version(account=first.account, gid=first.gid, now=LATER)
    row = describe(account=first.account, gid=row.gid, fields=DECLARATIONS, now=LATER)
    assert changed_by(row).changes == []


@pytest.mark.parametrize("how", ["withdrawn", "refused"])
def test_one_that_never_stood_changes_nothing_that_is_heard(first, auditor, shop, how):
    before = whole(first.release)
    row = handed(changed_draft(first), LATER)
    if how == "withdrawn":
        withdraw(account=first.account, gid=row.gid, link=LINK, now=LATER)
    else:
        claim.take(auditor=auditor, gid=row.gid, now=LATER)
        review.refuse(auditor=auditor, gid=row.gid, reason=Reason.COVER, words="No.", link=LINK, now=LATER)
        reopened(row, auditor)
    assert whole(first.release) == before
    assert standing(shop) == ["雨夜", "潮汐集", "灯"]


@pytest.mark.parametrize("then", ["refuse", "withdraw", "accept"])
def test_opened_again_the_former_stands_again_whole(first, auditor, shop, then):
    before = whole(first.release)
    row = accepted(handed(changed_draft(first), LATER), auditor, LATER)
    after = whole(first.release)
    assert standing(shop) == ["雨夜", "潮汐集 II", "灯"]
    assert before != after
    reopened(row, auditor)
    assert whole(first.release) == before
    assert standing(shop) == ["雨夜", "潮汐集", "灯"], "where it stood"
    assert len(search("汽笛", kinds=[RECORDING], limit=9).gids[RECORDING]) == 1
    assert not Recording.objects.filter(title="夜明け (2026)", removed_at=None).exists()
    if then == "withdraw":
        withdraw(account=first.account, gid=row.gid, link=LINK, now=LATER)
    else:
        claim.take(auditor=auditor, gid=row.gid, now=LATER)
        given = {"auditor": auditor, "gid": row.gid, "link": LINK, "now": LATER}
        if then == "refuse":
            review.refuse(reason=Reason.COVER, words="No.", **given)
        else:
            hear_and_accept(words="", **given)
    publish_due(now=LATER)
    assert whole(first.release) == (after if then == "accept" else before)
    assert shop.pieces.filter(release=first.release).count() == 3


def test_in_a_closed_shop_it_stands_again_once_the_shop_opens(first, auditor, shop):
    before = whole(first.release)
    row = accepted(handed(changed_draft(first), LATER), auditor, LATER)
    keep_shop.close_shop(owner=shop.owner, now=LATER)
    reopened(row, auditor)
    assert not Recording.objects.filter(removed_at=None).exists()
    keep_shop.open_shop(owner=shop.owner, now=LATER)
    assert whole(first.release) == before


def test_a_version_that_a_later_one_took_the_place_of_takes_nothing_away(first, auditor, shop):
    row = accepted(handed(changed_draft(first), LATER), auditor, LATER)
    after = whole(first.release)
    reopened(first, auditor)
    assert whole(first.release) == after
    reopened(row, auditor)
    assert standing(shop) == ["雨夜", "灯"], "none before it holds"
    accepted(first, auditor, LATER)
    assert release_detail(first.release.gid).title == "潮汐集"
    assert standing(shop) == ["雨夜", "灯", "潮汐集"]
    accepted(row, auditor, LATER)
    assert whole(first.release) == after


def test_an_accepted_one_whose_minute_has_not_come_takes_nothing_with_it(first, auditor, shop):
    before = whole(first.release)
    draft = changed_draft(first, due_local="2026-11-21T21:00", zone="Asia/Tokyo")
    row = accepted(handed(draft, LATER), auditor, LATER)
    assert row.published_at is None
    reopened(row, auditor)
    assert whole(first.release) == before

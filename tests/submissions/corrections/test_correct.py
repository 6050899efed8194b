"""Small corrections happen at once and are on record; a release that waits for its minute is moved and taken back."""

from datetime import timedelta

import pytest
from applying import DECLARED, FIELDS, LINK, NOW, account, release_of
from judging import hear_and_accept
from opened_shop import opened

from alpheus.catalogue.models import Recording, Release
from alpheus.catalogue.queries import release_detail
from alpheus.community.models import Untold
from alpheus.mail.models import Letter
from alpheus.parties.models import StaffRole
from alpheus.rights.early import early_of
from alpheus.submissions import claim, queries
from alpheus.submissions.amend import amend, begin_version
from alpheus.submissions.describe import describe
from alpheus.submissions.errors import Incomplete, MinutePast, NeedsVersion, NotNow
from alpheus.submissions.hand_in import hand_in
from alpheus.submissions.models import Step, Submission
from alpheus.submissions.publish_due import publish_due
from alpheus.submissions.publish_early import publish_early
from alpheus.submissions.rules import Event
from alpheus.submissions.withdraw import withdraw

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
MINUTE = {"due_local": "2026-12-01T18:00", "zone": "Asia/Tokyo"}
TITLES = ["Midnihgt Train", "Harbour Lights"]


@pytest.fixture
def auditor():
    return account("owl", StaffRole.Role.AUDITOR)


@pytest.fixture
def shop(applicant, auditor):
    return opened(applicant, auditor)


def accepted(shop, auditor, **fields):
    row = release_of(shop.owner, TITLES)
    told = {**{name: FIELDS[name] for name in DECLARED}, "title": "Late Trians", **fields}
    describe(account=shop.owner, gid=row.gid, fields=told, now=NOW)
    hand_in(account=shop.owner, gid=row.gid, link=LINK, now=NOW)
    claim.take(auditor=auditor, gid=row.gid, now=NOW)
    return hear_and_accept(auditor=auditor, gid=row.gid, words="", link=LINK, now=NOW)


def change(row, track=None, *, now=NOW, **fields):
    return amend(account=row.account, gid=row.gid, fields=fields, track=track.gid if track else None, now=now)


def recorded(row):
    return [(it.step.event, it.words, it.is_applicant) for it in queries.happened(row)][-2:]


class TestSlips:
    def test_they_change_what_listeners_see_and_stand_in_the_history(self, shop, auditor):
        row = accepted(shop, auditor)
        letters = Letter.objects.count()
        song = row.tracks.first()
        change(row, title="Late Trains", language="en")
        change(row, song, title="Midnight Train")
        detail = release_detail(row.release.gid)
        assert (detail.title, detail.language) == ("Late Trains", "en")
        assert Recording.objects.filter(title="Midnight Train", removed_at=None).exists()
        assert {it[1] for it in recorded(row)} <= {
            "title: Late Trians\n→ Late Trains", "track 1 title: Midnihgt Train\n→ Midnight Train",
        }  # fmt: skip
        steps = Step.objects.filter(submission=row, event=Event.CORRECT.value)
        assert [(it.before, it.after, it.actor, it.at) for it in steps] == [
            ("accepted", "accepted", shop.owner.gid, NOW)
        ] * 3
        assert all(steps.values_list("words_sha256", flat=True))
        assert Letter.objects.count() == letters
        assert not any(it[0] == "correct" and not it[2] for it in recorded(row))

    def test_the_same_again_is_no_correction(self, shop, auditor):
        row = accepted(shop, auditor)
        change(row, title="Late Trians", language="", disc_titles="")
        assert not Step.objects.filter(event=Event.CORRECT.value).exists()

    def test_more_than_a_slip_takes_a_version_and_changes_nothing(self, shop, auditor):
        row = accepted(shop, auditor)
        with pytest.raises(NeedsVersion):
            change(row, title="Bad Guy", notes="mine")
        with pytest.raises(NeedsVersion):
            change(row, row.tracks.first(), title="Harbour Lights")
        row.refresh_from_db()
        assert (row.title, row.notes) == ("Late Trians", "")

    def test_slip_after_slip_stays_near_what_was_heard(self, shop, auditor):
        row = accepted(shop, auditor)
        change(row, title="Late Trains")
        change(row, title="Late Trians")
        with pytest.raises(NeedsVersion):
            change(row, title="Late Brians Co")
        with pytest.raises(NeedsVersion):
            change(row, title="Hate Drains")

    def test_what_is_never_a_slip_stays(self, shop, auditor):
        row = accepted(shop, auditor)
        song = row.tracks.first()
        change(row, artist_name="Another", upc="614141000005", type="ep")
        change(row, song, isrc="JPABC2600001", explicit="on", credits="drums: X", composers="X")
        song.refresh_from_db()
        row.refresh_from_db()
        assert (row.artist_name, row.upc, song.isrc, song.explicit, song.credits) == (
            FIELDS["artist_name"], "", "", False, "",
        )  # fmt: skip

    def test_a_version_under_way_does_not_bring_it_back(self, shop, auditor):
        row = accepted(shop, auditor)
        version = begin_version(account=shop.owner, gid=row.gid, now=NOW)
        change(row, title="Late Trains")
        change(row, row.tracks.first(), title="Midnight Train")
        version.refresh_from_db()
        assert (version.title, version.tracks.first().title) == ("Late Trains", "Midnight Train")


class TestWaiting:
    def test_its_minute_is_moved_without_another_audit(self, shop, auditor):
        row = accepted(shop, auditor, **MINUTE)
        untold = Untold.objects.count()
        moved = change(row, due_local="2026-11-30T09:00")
        assert (moved.state, moved.due_at.isoformat()) == ("accepted", "2026-11-30T00:00:00+00:00")
        assert recorded(row)[-1] == (
            "move_minute", "minute: 2026-12-01T18:00 Asia/Tokyo\n→ 2026-11-30T09:00 Asia/Tokyo", True,
        )  # fmt: skip
        assert publish_due(now=moved.due_at - HOUR) == 0
        assert publish_due(now=moved.due_at) == 1
        assert Untold.objects.count() == untold
        with pytest.raises(NotNow):
            withdraw(account=shop.owner, gid=row.gid, link=LINK, now=NOW)

    def test_not_into_the_past_nor_to_no_time(self, shop, auditor):
        row = accepted(shop, auditor, **MINUTE)
        with pytest.raises(MinutePast):
            change(row, due_local="2020-01-01T00:00")
        with pytest.raises(Incomplete):
            change(row, due_local="soon")
        row.refresh_from_db()
        assert row.due_local == MINUTE["due_local"]
        change(row, due_local="")
        assert publish_due(now=NOW) == 1, "none is at once"

    def test_what_is_out_keeps_its_day(self, shop, auditor):
        row = accepted(shop, auditor)
        change(row, **MINUTE)
        row.refresh_from_db()
        assert (row.due_local, row.due_at) == ("", None)

    def test_what_is_heard_early_follows(self, shop, auditor):
        row = accepted(shop, auditor, **MINUTE, prelisten="accepted")
        publish_early(now=NOW)
        row.refresh_from_db()
        moved = change(row, due_local="2026-12-02T18:00")
        assert early_of(row.early.gid, now=NOW).until == moved.due_at
        change(row, due_local="", prelisten="")
        assert early_of(row.early.gid, now=NOW) is None

    def test_it_is_taken_back_and_does_not_appear(self, shop, auditor):
        row = accepted(shop, auditor, **MINUTE, prelisten="accepted")
        publish_early(now=NOW)
        row.refresh_from_db()
        withdraw(account=shop.owner, gid=row.gid, link=LINK, now=NOW)
        assert early_of(row.early.gid, now=NOW) is None
        due = row.due_at
        assert publish_due(now=due + HOUR) == 0
        assert publish_early(now=due - HOUR) == 0
        assert Submission.objects.get(pk=row.pk).state == "withdrawn"
        assert not Release.objects.filter(title="Late Trians", removed_at=None).exists()
        with pytest.raises(NotNow):
            change(row, due_local="2026-12-02T18:00")

    def test_an_application_that_founded_a_shop_is_not_taken_back(self, shop):
        row = Submission.objects.get(kind="application")
        with pytest.raises(NotNow):
            withdraw(account=shop.owner, gid=row.gid, link=LINK, now=NOW)

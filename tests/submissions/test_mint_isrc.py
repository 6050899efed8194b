"""ISRCs under the operator's prefix: none is ever given twice, whatever fails, and however many ask at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import music
import pytest
from applying import NOW, account
from django.db import connection, connections, transaction
from hypothesis import HealthCheck, given, settings, strategies

from alpheus.shops.models import Shop
from alpheus.submissions import mint_isrc as minting
from alpheus.submissions.begin import begin_release
from alpheus.submissions.errors import IsrcsUsedUp, NotNow, SubmissionUnknown
from alpheus.submissions.mint_isrc import mint_isrc
from alpheus.submissions.models import MintedIsrc, Submission, Track

PREFIX = "JPABC"
AT_ONCE = {"postgresql": 4, "sqlite": 1}
"""SQLite's tests share one database in memory, where writers do not wait for each other."""


def draft(whose, *, tracks=1):
    Shop.objects.get_or_create(owner=whose, defaults={"name": "潮汐", "country": "JP"})
    row = begin_release(account=whose, now=NOW)
    Track.objects.bulk_create(Track(submission=row, position=it) for it in range(tracks))
    return row


def mint(track, *, now=NOW, prefix=PREFIX):
    return mint_isrc(
        account=track.submission.account, gid=track.submission.gid, track=track.gid, prefix=prefix, now=now
    )


@pytest.mark.django_db
class TestOne:
    def test_one_after_the_other_each_year_anew(self, applicant):
        first, second, third = draft(applicant, tracks=3).tracks.all()
        assert mint(first) == "JPABC2600000"
        assert mint(first) == "JPABC2600000", "asked again, it is its own"
        assert mint(second) == "JPABC2600001"
        assert mint(third, now=datetime(2027, 1, 1, tzinfo=UTC)) == "JPABC2700000"
        first.refresh_from_db()
        assert first.isrc == "JPABC2600000"

    def test_what_was_given_by_hand_is_passed_over(self, applicant):
        row = music.recording("x")
        row.isrc = "JPABC2600000"
        row.save()
        first, second = draft(applicant, tracks=2).tracks.all()
        Track.objects.filter(pk=second.pk).update(isrc="JPABC2600001")
        assert mint(first) == "JPABC2600002"

    def test_what_was_minted_for_a_track_that_is_gone_is_not_given_again(self, applicant):
        first, second = draft(applicant, tracks=2).tracks.all()
        code = mint(first)
        first.delete()
        assert mint(second) != code

    def test_where_none_can_be_given(self, applicant, monkeypatch):
        track = draft(applicant).tracks.get()
        with pytest.raises(IsrcsUsedUp):
            mint(track, prefix="")
        monkeypatch.setattr(minting, "NUMBERS", 0)
        with pytest.raises(IsrcsUsedUp):
            mint(track)
        with pytest.raises(SubmissionUnknown):
            mint_isrc(account=account("m"), gid=track.submission.gid, track=track.gid, prefix=PREFIX, now=NOW)
        Submission.objects.update(state="submitted", submitted_at=NOW)
        with pytest.raises(NotNow):
            mint(track)


@pytest.mark.django_db(transaction=True)
class TestMany:
    @settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(fails=strategies.lists(strategies.booleans(), min_size=4, max_size=10))
    def test_none_is_told_twice_though_some_fail_after_it(self, monkeypatch, fails):
        """Several at once; where one fails after its number was written down, nobody was told of that one."""
        whose = account(f"w{MintedIsrc.objects.count()}-{Submission.objects.count()}")
        tracks = list(draft(whose, tracks=len(fails)).tracks.select_related("submission__account"))
        save = Track.save

        def failing(row, *args, **kwargs):
            save(row, *args, **kwargs)
            if fails[row.position]:
                raise RuntimeError

        def told(track):
            try:
                return mint(track)
            except RuntimeError:
                return None
            finally:
                connections.close_all()

        with monkeypatch.context() as patched, ThreadPoolExecutor(AT_ONCE[connection.vendor]) as pool:
            patched.setattr(Track, "save", failing)
            codes = list(pool.map(told, tracks))
        given_ = [it for it in codes if it]
        assert len(given_) == fails.count(False)
        assert len(set(given_)) == len(given_)
        assert set(given_) <= set(MintedIsrc.objects.values_list("code", flat=True))

    def test_inside_what_may_be_rolled_back_none_is_given(self):
        track = draft(account("wren")).tracks.get()
        with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
            mint(track)
        assert not MintedIsrc.objects.exists()
        assert connection.in_atomic_block is False

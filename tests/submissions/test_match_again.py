"""What came since an upload is found before a decision: in a task at handing in, and when an auditor takes it."""

import pytest
from applying import FIELDS, LINK, NOW, account, draft_of, handed_in_by
from django_tasks_db.models import DBTaskResult
from journeys.recordings import RATE_HZ, Piece, compose, write_flac
from judging import heard
from uploading import sent, taken

from alpheus.catalogue.models import Asset
from alpheus.submissions import claim, queries, review
from alpheus.submissions.begin import begin
from alpheus.submissions.describe import describe
from alpheus.submissions.errors import StillComparing
from alpheus.submissions.hand_in import hand_in
from alpheus.submissions.match_again import Comparison, compare_anew, comparison, is_behind, match_again
from alpheus.submissions.rules import Reason, State
from alpheus.submissions.tasks import match
from alpheus.submissions.withdraw import withdraw
from alpheus.tasks.retry import policy_of

pytestmark = pytest.mark.django_db


def kinds(row):
    return {it.kind for it in queries.evidence(row)}


def waiting():
    """How many comparisons wait for a worker."""
    return DBTaskResult.objects.filter(task_path__endswith="tasks.match", status="READY").count()


def another_sound():
    Asset.objects.create(key="f" * 32, source_sha256="f" * 64, state=Asset.State.READY)


def test_it_is_compared_at_handing_in_and_at_the_desk_where_something_came(applicant, auditor, other_auditor):
    row = handed_in_by(applicant)
    assert waiting() == 1
    assert "compared" not in kinds(row), "no page waits for it"
    assert match_again(submission=row.pk)
    (told,) = [it for it in queries.evidence(row) if it.kind == "compared"]
    assert told.measured["recordings"] == 1
    assert not match_again(submission=row.pk), "nothing came"

    claim.take(auditor=auditor, gid=row.gid, now=NOW)
    assert waiting() == 1
    claim.leave(auditor=auditor, gid=row.gid, now=NOW)
    another_sound()
    assert is_behind(row)
    claim.take(auditor=other_auditor, gid=row.gid, now=NOW)
    assert waiting() == 2
    assert match_again(submission=row.pk)
    (told,) = [it for it in queries.evidence(row) if it.kind == "compared"]
    assert told.measured["recordings"] == 2


def test_the_same_bytes_that_another_handed_in_since_are_found_and_ones_own_are_no_others(applicant):
    row = handed_in_by(applicant)
    match_again(submission=row.pk)
    assert "identical-bytes" not in kinds(row)
    other = draft_of(account("lark"), artist_name="Lark", title="Reeds At Noon")
    other.tracks.get().recording.__class__.objects.filter(submitted__submission=other).update(
        asset=row.tracks.get().asset
    )
    match_again(submission=row.pk)
    assert "identical-bytes" in kinds(row)


def test_what_waits_no_more_is_left_alone(applicant):
    row = handed_in_by(applicant)
    withdraw(account=applicant, gid=row.gid, link=LINK, now=NOW)
    assert not match_again(submission=row.pk)


def accept(auditor, row):
    return review.accept(auditor=auditor, gid=row.gid, words="", link=LINK, now=NOW)


def tasks(**fields):
    return DBTaskResult.objects.filter(task_path__endswith="tasks.match").update(**fields)


@pytest.mark.parametrize("status", ["READY", "RUNNING"])
def test_nothing_is_accepted_while_it_is_compared_and_what_is_refused_needs_no_waiting(
    applicant, auditor, status
):
    row = handed_in_by(applicant)
    heard(auditor, row)
    tasks(status=status)
    assert comparison(row) is Comparison.UNDER_WAY
    with pytest.raises(StillComparing):
        accept(auditor, row)
    row.refresh_from_db()
    assert row.state == State.SUBMITTED
    assert match_again(submission=row.pk)
    tasks(status="SUCCESSFUL")
    assert comparison(row) is Comparison.DONE
    assert accept(auditor, row).state == State.ACCEPTED
    second = handed_in_by(account("lark"), artist_name="Lark")
    assert comparison(second) is Comparison.UNDER_WAY
    review.refuse(auditor=auditor, gid=second.gid, reason=Reason.UNFIT, words="Noise.", link=LINK, now=NOW)


def test_between_its_tries_it_is_under_way_and_after_the_last_it_is_decided_without(applicant, auditor):
    row = handed_in_by(applicant)
    heard(auditor, row)
    last = policy_of(match.module_path).attempts
    tasks(status="FAILED", worker_ids=["w"] * (last - 1))
    assert comparison(row) is Comparison.UNDER_WAY
    assert not compare_anew(row)
    tasks(status="FAILED", worker_ids=["w"] * last)
    assert comparison(row) is Comparison.FAILED
    assert compare_anew(row)
    assert comparison(row) is Comparison.UNDER_WAY, "it is tried again"
    with pytest.raises(StillComparing):
        accept(auditor, row)
    DBTaskResult.objects.filter(status="READY").delete()
    assert accept(auditor, row).state == State.ACCEPTED


def test_what_came_since_does_not_hold_up_what_was_compared_and_a_lost_task_is_told(applicant, auditor):
    row = handed_in_by(applicant)
    assert match_again(submission=row.pk)
    tasks(status="SUCCESSFUL")
    another_sound()
    assert is_behind(row)
    assert comparison(row) is Comparison.DONE
    heard(auditor, row)
    assert accept(auditor, row).state == State.ACCEPTED
    lost = handed_in_by(account("lark"), artist_name="Lark")
    DBTaskResult.objects.all().delete()
    assert comparison(lost) is Comparison.FAILED


@pytest.mark.slow
def test_a_recording_that_came_after_the_upload_is_found(applicant, tmp_path):
    sound = compose(7, 16 * RATE_HZ)
    files = [
        write_flac(Piece(name, "信", 1, it), tmp_path / name).read_bytes()
        for name, it in (("雨夜", sound[RATE_HZ:]), ("汽笛", sound))
    ]
    first, later = begin(account=applicant, now=NOW), begin(account=account("lark"), now=NOW)
    taken(sent(first, files[0]))
    taken(sent(later, files[1]))
    row = describe(account=applicant, gid=first.gid, fields=FIELDS, now=NOW)
    hand_in(account=applicant, gid=row.gid, link=LINK, now=NOW)
    assert "same-recording" not in kinds(row)
    match_again(submission=row.pk)
    (found,) = [it for it in queries.evidence(row) if it.kind == "same-recording"]
    assert found.other == later.tracks.get().asset.key
    assert found.track == row.tracks.get()

"""What came since an upload is found before a decision: in a task at handing in, and when an auditor takes it."""

import pytest
from applying import FIELDS, LINK, NOW, account, draft_of, handed_in_by
from django_tasks_db.models import DBTaskResult
from journeys.recordings import RATE_HZ, Piece, compose, write_flac
from uploading import sent, taken

from alpheus.catalogue.models import Asset
from alpheus.submissions import claim, queries
from alpheus.submissions.begin import begin
from alpheus.submissions.describe import describe
from alpheus.submissions.hand_in import hand_in
from alpheus.submissions.match_again import is_behind, match_again
from alpheus.submissions.withdraw import withdraw

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

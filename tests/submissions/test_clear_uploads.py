"""An upload that could not be prepared: nothing of it is lost while it is tried, and then it says so and may be sent again."""

import errno
from contextlib import suppress

import pytest
from applying import NOW
from django.db.models import Sum
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from hypothesis import HealthCheck, given, settings, strategies
from journeys.recordings import RATE_HZ, Piece, compose, write_flac
from uploading import objects, sent, taken

from alpheus.ingest import (
    phase_1_probe,
    phase_2_decode,
    phase_3_measure,
    phase_4_examine,
    phase_5_recognise,
    phase_6_encode,
    phase_7_package,
    phase_8_index,
)
from alpheus.submissions import intake
from alpheus.submissions.begin import begin
from alpheus.submissions.clear_uploads import give_up_forgotten
from alpheus.submissions.models import Upload
from alpheus.submissions.tasks import _not_prepared
from alpheus.submissions.terms import terms
from alpheus.submissions.upload import HELD, file_of, give_up
from alpheus.tasks import retry
from alpheus.tasks.worker import Worker

pytestmark = pytest.mark.django_db
PHASES = {
    "probe": (phase_1_probe, "run"),
    "decode": (phase_2_decode, "run"),
    "measure": (phase_3_measure, "run"),
    "examine": (phase_4_examine, "run"),
    "recognise": (phase_5_recognise, "run"),
    "encode": (phase_6_encode, "run"),
    "package": (phase_7_package, "run"),
    "index": (phase_8_index, "run"),
    "evidence": (intake, "held_like"),
}
"""Where a disk may turn out to be full, each with what is called there."""


@pytest.fixture
def draft(applicant):
    return begin(account=applicant, now=NOW)


@pytest.fixture(scope="module")
def flac(tmp_path_factory):
    piece = Piece("雨夜", "信", 1, compose(7, 2 * RATE_HZ))
    return write_flac(piece, tmp_path_factory.mktemp("music")).read_bytes()


def full(*_, **__):
    raise OSError(errno.ENOSPC, "No space left on device")


def held_bytes():
    return Upload.objects.filter(state__in=HELD).aggregate(sum=Sum("length"))["sum"] or 0


@pytest.mark.slow
@pytest.mark.parametrize("phase", PHASES)
def test_a_disk_that_is_full_in_any_phase_loses_nothing_and_in_the_end_says_so(
    draft, flac, phase, monkeypatch
):
    row = sent(draft, flac)
    with monkeypatch.context() as patched:
        patched.setattr(*PHASES[phase], full)
        for _ in range(2):
            with pytest.raises(Exception, match=r"No space|full"):
                taken(row)
            row.refresh_from_db()
            assert (row.state, row.trouble) == ("whole", "")
            assert file_of(row, terms()).path.read_bytes() == flac
    assert taken(row), "with room again it is taken as if nothing had been"
    assert row.state == "taken"
    again = sent(draft, flac)
    _not_prepared(again.pk)
    again.refresh_from_db()
    assert (again.state, again.trouble) == ("refused", "not_prepared")


@pytest.mark.django_db(transaction=True)
def test_after_the_last_try_it_may_be_sent_again_and_takes_no_room(draft, monkeypatch):
    row = sent(draft, b"fLaC" * 100)
    monkeypatch.setattr(intake, "ingest", full)
    policy = retry.policy_of("alpheus.submissions.tasks.take_in")
    assert policy.attempts > 1
    worker = Worker()
    for attempt in range(policy.attempts):
        assert held_bytes() == 400, attempt
        assert file_of(row, terms()).exists()
        DBTaskResult.objects.filter(status="READY").update(run_after=timezone.now())
        with suppress(OSError):
            assert worker.step()
    row.refresh_from_db()
    assert (row.state, row.trouble, row.phase) == ("refused", "not_prepared", "")
    assert (held_bytes(), file_of(row, terms()).exists(), objects()) == (0, False, [])
    assert sent(draft, b"fLaC" * 50).state == "arriving"
    assert held_bytes() == 200


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    state=strategies.sampled_from([it.value for it in Upload.State]),
    task=strategies.sampled_from(["READY", "RUNNING", "FAILED", "SUCCESSFUL", None]),
)
def test_only_what_is_whole_and_what_nobody_takes_in_is_given_up(draft, state, task):
    row = sent(draft, b"fLaC")
    trouble = "silent" if state == "refused" else ""
    Upload.objects.filter(pk=row.pk).update(state=state, trouble=trouble)
    if task is None:
        DBTaskResult.objects.all().delete()
    else:
        DBTaskResult.objects.update(status=task)
    forgotten = state == "whole" and task not in {"READY", "RUNNING"}
    assert give_up_forgotten(terms=terms()) == forgotten
    row.refresh_from_db()
    assert (row.state, row.trouble) == (("refused", "not_prepared") if forgotten else (state, trouble))
    assert file_of(row, terms()).exists() is not forgotten
    assert not give_up(upload=row.pk, terms=terms()) or task in {"READY", "RUNNING"}
    DBTaskResult.objects.all().delete()

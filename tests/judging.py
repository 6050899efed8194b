"""What an auditor has done before they accept, for tests of several rooms: every track was played, the machines are done."""

from uuid import uuid4

from applying import NOW
from django_tasks_db.models import DBTaskResult

from alpheus.ingest.evidence import Finding
from alpheus.submissions import review
from alpheus.submissions.evidence import note
from alpheus.submissions.hearing.note import note_pressed
from alpheus.submissions.match_again import COMPARED
from alpheus.submissions.models import Evidence, Submission
from alpheus.submissions.tasks import match


def heard(auditor, row, *, now=NOW):
    """What listening leaves when an auditor presses play on each track."""
    for track in row.tracks.select_related("recording"):
        note_pressed(account=auditor, recording=track.recording, grant=uuid4(), now=now)


def compared(row):
    """What a worker leaves that compared it with what is held."""
    tasks = DBTaskResult.objects.filter(task_path=match.module_path, status="READY")
    tasks.filter(args_kwargs={"args": [row.pk], "kwargs": {}}).update(status="SUCCESSFUL")
    if not Evidence.objects.filter(submission=row, kind=COMPARED).exists():
        note(row, [Finding(COMPARED, {"recordings": 1, "newest": 0})])


def judged(auditor, row, *, now=NOW):
    """Both: what is left to do is to decide."""
    heard(auditor, row, now=now)
    compared(row)


def hear_and_accept(*, auditor, gid, words, link, now):
    """Accept as an auditor does who heard it all."""
    judged(auditor, Submission.objects.get(gid=gid), now=now)
    return review.accept(auditor=auditor, gid=gid, words=words, link=link, now=now)

"""Times the audit's pages of the installation in the environment, which must be empty; prints milliseconds by what was asked.

`python -m benchmarks.support.auditing` makes the applications in bulk, with their steps and evidence, and has an auditor
work through some of them. Answers are made in this process, without a network.
"""

# ruff: noqa: E402 - Django must know its settings before its models are read
import json
import os
import sys
import time
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "alpheus.config.django")
django.setup()

from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from alpheus.catalogue.models import ArtistCredit, Asset, Recording
from alpheus.parties.models import Account, StaffRole
from alpheus.submissions.models import Evidence, Step, Submission, Track
from alpheus.submissions.rules import Event, State
from benchmarks.support.in_process import answer_here
from benchmarks.support.library import settle

sys.path.insert(0, str(Path(__file__).parents[2] / "tests"))

from judging import judged

COUNT = int(os.environ.get("BENCH_SUBMISSIONS", "10000"))
AUDITORS, REPEATS, KINDS = 20, 20, ("same-title", "clipping", "loudness", "duration")
NOW = timezone.now()
DECIDED = {Event.ACCEPT: State.ACCEPTED, Event.REFUSE: State.REFUSED}


def main() -> None:
    """Make, measure, print."""
    call_command("migrate", verbosity=0)
    auditors = _accounts("auditor", AUDITORS)
    StaffRole.objects.bulk_create(StaffRole(account=it, role=StaffRole.Role.AUDITOR) for it in auditors)
    began = time.perf_counter()
    _make(auditors)
    settle()
    answer_here()
    print(f"{2 * COUNT} applications were made in {time.perf_counter() - began:.0f} s.", file=sys.stderr)
    print(json.dumps(_measured(auditors[0])))


def _accounts(name: str, count: int) -> list[Account]:
    rows = [Account(email=f"{name}{n}@example.org", name=f"{name} {n}", password="!") for n in range(count)]
    return Account.objects.bulk_create(rows, batch_size=2_000)


def _make(auditors: list[Account]) -> None:
    """As many that wait as were decided in the last 90 days, each with steps and evidence."""
    asset = Asset.objects.create(
        key=uuid4().hex, source_sha256="0" * 64, state=Asset.State.READY, rate_hz=44_100, samples=8_000_000,
        peaks=bytes(range(256)) * 8,
    )  # fmt: skip
    credit = ArtistCredit.objects.create(name="Ebb")
    accounts = _accounts("musician", COUNT)
    held = Recording.objects.bulk_create(
        (Recording(title=f"Piece {n}", credit=credit, asset=asset, removed_at=NOW) for n in range(COUNT)),
        batch_size=2_000,
    )
    rows = [_submission(n, accounts[n], held[n].title, None) for n in range(COUNT)]
    events = list(DECIDED)
    rows += [_submission(n, accounts[n], held[n].title, events[n % 2]) for n in range(COUNT)]
    made = Submission.objects.bulk_create(rows, batch_size=2_000)
    tracks = Track.objects.bulk_create(
        (_track(row, held[n % COUNT]) for n, row in enumerate(made)), batch_size=2_000
    )
    Step.objects.bulk_create(_steps(made, auditors), batch_size=2_000)
    Evidence.objects.bulk_create(
        (
            Evidence(
                submission=track.submission,
                track=track,
                position=place,
                kind=kind,
                measured={"places": 3},
                confidence=0.5,
            )
            for track in tracks[:COUNT]
            for place, kind in enumerate(KINDS)
        ),
        batch_size=2_000,
    )


def _submission(n: int, account: Account, title: str, decided: Event | None) -> Submission:
    since = NOW - timedelta(minutes=n * 12)
    return Submission(
        account=account, title=title,
        artist_name=f"Artist {n}", artist_key=f"artist {n}", country="CN", ai="none", owns_recording=True,
        owns_composition=True, no_cover=True, submitted_at=since,
        state=DECIDED[decided] if decided else State.SUBMITTED, decided_at=since if decided else None,
        reason="cover" if decided is Event.REFUSE else "",
    )  # fmt: skip


def _track(row: Submission, recording: Recording) -> Track:
    return Track(
        submission=row, position=0, title=row.title, recording=recording, asset_id=recording.asset_id,
        source_sha256="0" * 64,
    )  # fmt: skip


def _steps(rows: list[Submission], auditors: list[Account]) -> list[Step]:
    steps = []
    for n, row in enumerate(rows):
        said = [(Event.HAND_IN, State.DRAFT, State.SUBMITTED, row.account.gid)]
        if row.decided_at:
            by = auditors[n % AUDITORS].gid
            event = next(it for it, state in DECIDED.items() if state == row.state)
            said.append((Event.TAKE, State.SUBMITTED, State.IN_AUDIT, by))
            said.append((event, State.IN_AUDIT, row.state, by))
        steps += [
            Step(submission=row, number=number, event=event, before=before, after=after, actor=by, at=row.submitted_at)
            for number, (event, before, after, by) in enumerate(said, start=1)
        ]  # fmt: skip
    return steps


def _measured(auditor: Account) -> dict[str, list[float]]:
    """Milliseconds of the queue, of one application, and of a decision that leads to the next."""
    client = Client()
    client.force_login(auditor)
    client.get("/office/audit")
    taken: dict[str, list[float]] = {"the queue": [], "an application": [], "a decision": []}
    address = client.post("/office/audit/next").headers["Location"]
    for _ in range(REPEATS):
        taken["the queue"].append(_timed(lambda: client.get("/office/audit"), 200)[0])
        taken["an application"].append(_timed(lambda at=address: client.get(at), 200)[0])
        # Before anything is accepted its auditor has heard it, and machines have compared it.
        judged(auditor, Submission.objects.get(gid=address.rsplit("/", 1)[1]), now=timezone.now())
        ms, answer = _timed(lambda at=address: client.post(f"{at}/decide", {"event": "accept"}), 302)
        taken["a decision"].append(ms)
        address = answer.headers["Location"]
    return taken


def _timed(ask, expected: int):  # noqa: ANN001, ANN202 - a call of the test client
    began = time.perf_counter()
    answer = ask()
    took = (time.perf_counter() - began) * 1000
    if answer.status_code != expected:
        raise RuntimeError(f"{answer.status_code}: {answer.content[:300]!r}")
    return took, answer


if __name__ == "__main__":
    main()

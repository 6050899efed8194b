"""Make an event happen to a submission: the table decides, a row is added, a letter is written. Other verbs call this."""

import hashlib
from datetime import datetime
from uuid import UUID

from alpheus.database.numbers import next_number
from alpheus.parties.models import Account
from alpheus.rights.early import end_of_release
from alpheus.submissions import rules
from alpheus.submissions.access import may_handle
from alpheus.submissions.errors import NotNow, ReasonMissing, SubmissionUnknown, WordsMissing
from alpheus.submissions.letters import tell_applicant
from alpheus.submissions.models import Claim, Opinion, Step, Submission, Track, Words
from alpheus.submissions.rules import Event, Kind, Leaning, Reason, State
from alpheus.values.text import lines

WORDS_MAX = 2000
"""Characters of a question, an answer or a personal line."""


def locked(gid: UUID) -> Submission:
    """A submission that nobody else changes until this transaction ends.

    Raises:
        SubmissionUnknown: there is none.
    """
    row = (
        Submission.objects.select_for_update(of=("self",))
        .select_related("account", "shop", "artist")
        .filter(gid=gid)
        .first()
    )
    if row is None:
        raise SubmissionUnknown
    return row


def own(gid: UUID, account: Account) -> Submission:
    """The same, of this account's.

    Raises:
        SubmissionUnknown: there is none, or it is another's.
    """
    row = locked(gid)
    if not may_handle(account, row):
        raise SubmissionUnknown
    return row


def own_draft(gid: UUID, account: Account) -> Submission:
    """The same, that is not handed in.

    Raises:
        SubmissionUnknown: there is none, or it is another's.
        NotNow: it is handed in.
    """
    row = own(gid, account)
    if row.state != State.DRAFT:
        raise NotNow(State(row.state))
    return row


def own_track(gid: UUID, track: UUID, account: Account) -> Track:
    """A track of a release of this account's that is not handed in; with its submission, which is locked.

    Raises:
        SubmissionUnknown: there is none, or it is another's, or there is no such track in it.
        NotNow: it is handed in.
    """
    row = own_draft(gid, account)
    found = row.tracks.select_related("recording__credit").filter(gid=track).first()
    if found is None or row.kind != Kind.RELEASE:
        raise SubmissionUnknown
    found.submission = row
    return found


def step(
    submission: Submission,
    event: Event,
    *,
    actor: Account,
    now: datetime,
    link: str = "",
    words: str = "",
    reason: Reason | Leaning | None = None,
    tell: bool = True,
) -> Step:
    """Make it happen, inside the transaction that locked the submission.

    Args:
        submission: locked.
        event: what happens.
        actor: whose doing it is; they may.
        now: the time.
        link: the applicant's page about it, for their letter.
        words: what is said with it.
        reason: why, where it is refused; of an opinion what its author would do.
        tell: whether the applicant gets their letter.

    Raises:
        NotNow: the table knows no such thing in this state.
        WordsMissing: it needs a sentence.
        ReasonMissing: a refusal needs a reason.
    """
    said = lines(words, limit=WORDS_MAX).strip()
    before = State(submission.state)
    after = rules.after(before, event)
    if after is None:
        raise NotNow(before)
    if event in rules.NEED_WORDS and not said:
        raise WordsMissing("Say in a sentence why.")
    if event is Event.REFUSE and reason is None:
        raise ReasonMissing("Choose a reason from the list.")
    _change(submission, event, after, reason=reason, now=now)
    if submission.early is not None and after is not State.ACCEPTED:
        end_of_release(submission.early, now=now)  # nobody hears more of it, from this moment on
    row = _write(submission, event, before, after, actor=actor, said=said, reason=reason, now=now)
    if tell:
        tell_applicant(submission=submission, event=event, words=said, link=link, now=now)
    return row


def _change(
    submission: Submission, event: Event, after: State, *, reason: Reason | Leaning | None, now: datetime
) -> None:
    submission.state = after.value
    if event in {Event.HAND_IN, Event.APPEAL, Event.REOPEN}:
        submission.submitted_at, submission.decided_at = now, None
    if event in rules.DECISIONS:
        submission.decided_at = now
    if event is Event.APPEAL:
        submission.appealed = True
    # The last refusal's reason stays to be read while an appeal is heard.
    if event is Event.REFUSE and reason is not None:
        submission.reason = reason.value
    submission.save(update_fields=["state", "submitted_at", "decided_at", "appealed", "reason"])
    if after is not State.IN_AUDIT:
        Claim.objects.filter(submission=submission).delete()
        end_question(submission, now=now)


def end_question(submission: Submission, *, now: datetime) -> None:
    """Nobody's opinion is asked any more: whoever asked has it no longer."""
    Opinion.objects.filter(submission=submission, ended_at=None).update(ended_at=now)


def _write(
    submission: Submission, event: Event, before: State, after: State, *, actor: Account, said: str,
    reason: Reason | Leaning | None, now: datetime,
) -> Step:  # fmt: skip
    row = Step.objects.create(
        submission=submission,
        number=next_number(Step.objects.filter(submission=submission)),
        event=event.value,
        before=before.value,
        after=after.value,
        actor=actor.gid,
        reason=reason.value if reason else "",
        words_sha256=hashlib.sha256(said.encode()).hexdigest() if said else "",
        at=now,
    )
    if said:
        Words.objects.create(submission=submission, number=row.number, text=said)
    return row

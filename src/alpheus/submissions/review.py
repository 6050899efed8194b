"""Decide: accept, refuse, ask, pass on; and open a decision again. Each is a row that nobody can change.

Only what was heard is accepted; what had been heard of it is kept with every decision.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from alpheus.parties.models import Account
from alpheus.shops.take_in import Claimed, take_in
from alpheus.submissions import queries
from alpheus.submissions.claim import hold
from alpheus.submissions.errors import MayNotAudit, OpinionAwaited, StillComparing, Unheard
from alpheus.submissions.hearing.keep import keep_heard
from alpheus.submissions.hearing.queries import heard_of
from alpheus.submissions.hearing.rules import unheard
from alpheus.submissions.match_again import Comparison, comparison
from alpheus.submissions.models import Submission
from alpheus.submissions.opinion import ask_opinion, give_opinion, take_back
from alpheus.submissions.publish_due import publish_if_due
from alpheus.submissions.publish_early import settle_early
from alpheus.submissions.rules import DECISIONS, Event, Kind, Leaning, Reason
from alpheus.submissions.step import locked, step
from alpheus.submissions.versions.restore import make_room


def decide(
    *,
    auditor: Account,
    gid: UUID,
    event: Event,
    words: str,
    link: str,
    now: datetime,
    reason: Reason | None = None,
    leaning: Leaning | None = None,
) -> Submission:
    """Do what an auditor chose: one of the verbs below, or of `opinion`; raises as that does."""
    if event is Event.ASK_OPINION:
        return ask_opinion(auditor=auditor, gid=gid, words=words, now=now)
    if event is Event.OPINE:
        return give_opinion(auditor=auditor, gid=gid, leaning=leaning, words=words, now=now)
    if event is Event.TAKE_BACK:
        return take_back(auditor=auditor, gid=gid, now=now)
    if event is Event.REFUSE:
        return refuse(auditor=auditor, gid=gid, reason=reason, words=words, link=link, now=now)
    if event is Event.PASS_ON:
        return pass_on(auditor=auditor, gid=gid, words=words, now=now)
    verb = {Event.ACCEPT: accept, Event.ASK: ask, Event.REOPEN: reopen}[event]
    return verb(auditor=auditor, gid=gid, words=words, link=link, now=now)


@transaction.atomic
def accept(*, auditor: Account, gid: UUID, words: str, link: str, now: datetime) -> Submission:
    """Accept a submission: what it is comes to its owner's shop, when its time has come.

    Raises:
        Unheard: this auditor did not play every track.
        StillComparing: the comparison with what is held has neither ended nor failed for good.
        OpinionAwaited: a colleague's opinion is asked.
    And as `claim.take` does.
    """
    row = _decided(auditor, gid, Event.ACCEPT, words=words, link=link, now=now)
    if row.kind == Kind.RELEASE:
        if not publish_if_due(row, now=now):
            settle_early(row, now=now)
        return row
    for track in row.tracks.select_related("recording"):
        if track.recording is not None:
            claimed = Claimed(row.artist_name, row.country, row.links)
            take_in(owner=row.account, recording=track.recording, claimed=claimed, now=now)
    return row


@transaction.atomic
def refuse(
    *, auditor: Account, gid: UUID, reason: Reason | None, words: str, link: str, now: datetime
) -> Submission:
    """Refuse a submission for a reason of the list, with a personal line.

    Raises:
        ReasonMissing: no reason was chosen.
        WordsMissing: nothing is said.
    And as `claim.take` does.
    """
    return _decided(auditor, gid, Event.REFUSE, words=words, link=link, now=now, reason=reason)


@transaction.atomic
def ask(*, auditor: Account, gid: UUID, words: str, link: str, now: datetime) -> Submission:
    """Ask the applicant something; raises WordsMissing, and as `claim.take` does."""
    return _decided(auditor, gid, Event.ASK, words=words, link=link, now=now)


@transaction.atomic
def pass_on(*, auditor: Account, gid: UUID, words: str, now: datetime) -> Submission:
    """Leave it to another auditor, because one should not decide; raises as `ask` does."""
    return _decided(auditor, gid, Event.PASS_ON, words=words, link="", now=now)


@transaction.atomic
def reopen(*, auditor: Account, gid: UUID, words: str, link: str, now: datetime) -> Submission:
    """Open a decision again: a new one is made, and the old one stays on record. What was accepted leaves its shop.

    Of a release that was published before, the former version stands again meanwhile.

    Raises:
        SubmissionUnknown: there is none.
        NotNow: it is not decided.
        MayNotAudit: it is their own.
        WordsMissing: nothing is said.
    """
    row = locked(gid)
    hindrance = queries.conflict(row, auditor)
    if hindrance is not None:
        raise MayNotAudit(hindrance)
    step(row, Event.REOPEN, actor=auditor, words=words, now=now, link=link)
    make_room(row=row, now=now)
    return row


def _decided(
    auditor: Account, gid: UUID, event: Event, *, words: str, link: str, now: datetime,
    reason: Reason | None = None,
) -> Submission:  # fmt: skip
    row = locked(gid)
    # Before it is taken: what taking it begins would be undone with a refusal, and begun anew for ever.
    compared = comparison(row)
    hold(row, auditor, now=now)
    if queries.asked_opinion(row) is not None:
        raise OpinionAwaited("A colleague's opinion is asked. Take the question back, or wait for it.")
    if event is Event.ACCEPT and compared is Comparison.UNDER_WAY:
        raise StillComparing("It is still being compared with what is here. That ends within minutes.")
    heard = heard_of(row, auditor) if event in DECISIONS else []
    left = unheard(heard) if event is Event.ACCEPT else []
    if left:
        raise Unheard([it.title for it in left])
    made = step(row, event, actor=auditor, words=words, reason=reason, now=now, link=link)
    keep_heard(made, heard)
    return row

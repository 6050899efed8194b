"""Hand a draft in: from now on it waits for a person."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from alpheus.catalogue.hold_recording import describe_held
from alpheus.parties.models import Account
from alpheus.submissions import rules
from alpheus.submissions.clashes import note_clashes
from alpheus.submissions.errors import Incomplete
from alpheus.submissions.models import Submission
from alpheus.submissions.rules import Event, Filled, Missing
from alpheus.submissions.step import own_draft, step


def filled(row: Submission) -> Filled:
    """How far a draft is filled in."""
    return Filled(
        artist_name=row.artist_name,
        country=row.country,
        title=row.title,
        has_recording=row.recording_id is not None,
        ai=row.ai,
        owns_recording=row.owns_recording,
        owns_composition=row.owns_composition,
        no_cover=row.no_cover,
    )


def missing(row: Submission) -> tuple[Missing, ...]:
    """What is left to do before a draft can be handed in."""
    return rules.missing(filled(row))


@transaction.atomic
def hand_in(*, account: Account, gid: UUID, link: str, now: datetime) -> Submission:
    """Hand a draft in.

    Args:
        account: whose it is.
        gid: the draft's.
        link: its page, for the letter.
        now: the time.

    Raises:
        SubmissionUnknown: there is none of theirs.
        NotNow: it is handed in already.
        Incomplete: something is left to do.
    """
    row = own_draft(gid, account)
    left = missing(row)
    if left or row.recording is None:
        raise Incomplete(left or (Missing.RECORDING,))
    describe_held(recording=row.recording, title=row.title, artist=row.artist_name)
    step(row, Event.HAND_IN, actor=account, now=now, link=link)
    note_clashes(row)
    return row

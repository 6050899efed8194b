"""Somebody says "this is not theirs", and staff decides: suspend or dismiss, in one step, with a reason.

A suspended recording is in no list, page or search, whoever publishes or imports it again; its plays stay counted.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from alpheus.catalogue.models import Recording, Release
from alpheus.catalogue.remove_recording import offer_again, remove_recordings
from alpheus.database.numbers import next_number
from alpheus.mail.letters import Kind
from alpheus.mail.post import post
from alpheus.parties.models import Account
from alpheus.rights import rules
from alpheus.rights.early import end_of_release
from alpheus.rights.errors import (
    DecidedAlready,
    NoticeRefused,
    NoticesFlood,
    NoticeUnknown,
    OwnNotice,
    ReasonNeeded,
)
from alpheus.rights.models import Notice, NoticeDecision, Suspension
from alpheus.rights.rules import Claim, Decision, Standing
from alpheus.values.text import line, lines

WORDS_MAX = 4000
REASON_MAX = 2000
DAY = timedelta(days=1)
OUTCOMES: Mapping[Decision, Kind] = {
    Decision.SUSPEND: Kind.NOTICE_SUSPENDED,
    Decision.DISMISS: Kind.NOTICE_DISMISSED,
}


@dataclass(frozen=True)
class Given:
    """A notice as it was typed."""

    claim: str
    words: str
    proof: str
    name: str
    email: str
    signature: str


@transaction.atomic
def give_notice(
    *, release: Release, given: Given, network: str, language: str, link: str, now: datetime
) -> Notice:
    """Take a notice in; who gave it gets a letter that says so.

    Args:
        release: what it is about.
        given: what was typed.
        network: an opaque name of where it comes from.
        language: whoever gives it reads this one.
        link: the release's page.
        now: the time.

    Raises:
        NoticeRefused: it is not whole.
        NoticesFlood: too many came from there.
    """
    fit = _fit(given)
    missing = _missing(fit)
    if missing:
        raise NoticeRefused(missing)
    today = Notice.objects.filter(network=network, given_at__gt=now - DAY).count() if network else 0
    own = Notice.objects.filter(release=release, email=fit.email, standing=Standing.OPEN).count()
    if rules.is_flood(of_network=today, of_one=own):
        raise NoticesFlood
    row = Notice.objects.create(
        release=release,
        title=release.title,
        claim=fit.claim,
        words=fit.words,
        proof=fit.proof,
        name=fit.name,
        email=fit.email,
        signature=fit.signature,
        locale=language,
        network=network,
        given_at=now,
    )
    _tell(row, Kind.NOTICE_RECEIVED, reason="", link=link, now=now)
    return row


@transaction.atomic
def decide(*, staff: Account, gid: UUID, decision: Decision, reason: str, link: str, now: datetime) -> Notice:
    """Suspend what a notice is about, or dismiss it; what was suspended by it alone is then offered again.

    Whoever gave the notice is told the reason. The shop is told by whoever knows of shops (shops.answer_notice).

    Raises:
        NoticeUnknown: there is none.
        DecidedAlready: this was decided.
        ReasonNeeded: nothing is said.
        OwnNotice: they gave it themselves.
    """
    row = Notice.objects.select_for_update(of=("self",)).select_related("release").filter(gid=gid).first()
    if row is None:
        raise NoticeUnknown
    if rules.is_givers(row.email, staff.email):
        raise OwnNotice
    said = lines(reason, limit=REASON_MAX).strip()
    before = Standing(row.standing)
    after = rules.decided(before, decision)
    if after is None:
        raise DecidedAlready
    if not said:
        raise ReasonNeeded
    row.standing = after.value
    row.save(update_fields=["standing"])
    NoticeDecision.objects.create(
        notice=row,
        number=next_number(NoticeDecision.objects.filter(notice=row)),
        decision=decision.value,
        before=before.value,
        after=after.value,
        actor=staff.gid,
        reason=said,
        at=now,
    )
    if decision is Decision.SUSPEND:
        _suspend(row, now)
    else:
        _restore(row, now)
    _tell(row, OUTCOMES[decision], reason=said, link=link, now=now)
    return row


def is_suspended(recording: Recording) -> bool:
    """Whether a notice keeps a recording from being offered."""
    return Suspension.objects.filter(recording=recording).exists()


def hold_back(*, recordings: Iterable[Recording], now: datetime) -> None:
    """Take out again what is suspended, after it was published or imported anew."""
    rows = list(recordings)
    suspended = set(Suspension.objects.filter(recording__in=rows).values_list("recording_id", flat=True))
    remove_recordings(recordings=[it for it in rows if it.pk in suspended], now=now)


def _suspend(row: Notice, now: datetime) -> None:
    recordings = list(Recording.objects.filter(tracks__medium__release=row.release).distinct())
    Suspension.objects.bulk_create(
        [Suspension(recording=it, notice=row, was_offered=it.removed_at is None) for it in recordings],
        ignore_conflicts=True,
    )
    remove_recordings(recordings=recordings, now=now)
    if row.release is not None:  # of what is to appear previews are not heard either
        end_of_release(row.release, now=now)


def _restore(row: Notice, now: datetime) -> None:
    """Offer again what nothing else keeps from it."""
    ended = list(row.suspensions.select_related("recording"))
    row.suspensions.all().delete()
    free = [it.recording for it in ended if it.was_offered and not is_suspended(it.recording)]
    offer_again(recordings=free, now=now)


def _tell(row: Notice, kind: Kind, *, reason: str, link: str, now: datetime) -> None:
    if not row.email:
        return  # it was dismissed so long ago that nobody knows any more who gave it
    values = {"title": row.title, "reason": reason, "link": link}
    post(kind=kind, to=row.email, language=row.locale, values=values, now=now)


def _fit(given: Given) -> Given:
    return Given(
        claim=given.claim if given.claim in set(Claim) else "",
        words=lines(given.words, limit=WORDS_MAX).strip(),
        proof=lines(given.proof, limit=WORDS_MAX).strip(),
        name=line(given.name, limit=300),
        email=_address(line(given.email, limit=254)),
        signature=line(given.signature, limit=300),
    )


def _address(text: str) -> str:
    try:
        validate_email(text)
    except ValidationError:
        return ""
    return text


def _missing(fit: Given) -> list[str]:
    """Names of what is not there, in the order of the page."""
    return [
        name for name in ("claim", "words", "proof", "name", "email", "signature") if not getattr(fit, name)
    ]

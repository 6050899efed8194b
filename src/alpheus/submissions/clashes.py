"""What a submission clashes with here: names and numbers that are held, and applicants who were refused before."""

from django.db.models import Q, QuerySet

from alpheus.catalogue.models import Recording
from alpheus.ingest.evidence import Finding
from alpheus.ingest.rules import wording
from alpheus.parties.details import same_as
from alpheus.parties.models import Account
from alpheus.parties.queries import known_names
from alpheus.parties.traces import Kind
from alpheus.shops.models import Shop
from alpheus.submissions.access import paid_to, payee_of
from alpheus.submissions.evidence import note
from alpheus.submissions.metadata import clashes_of, holes_and_doubles
from alpheus.submissions.models import Submission, Track
from alpheus.submissions.rules import WAITING, State
from alpheus.values.mailbox import mailbox

_LENGTH_MS = 3_000
"""Two pressings of one recording differ by less."""
_NAMED_MAX = 5


def note_clashes(submission: Submission) -> None:
    """Keep what clashes beside a submission that is handed in."""
    for track in submission.tracks.select_related("recording__asset", "asset"):
        track.submission = submission
        note(submission, [*_same_title(track), *clashes_of(track), *wording(track.title)], track=track)
    note(submission, [*holes_and_doubles(submission), *_artist(submission), *_refused(submission)])


def note_payee(account: Account) -> None:
    """Look again at what is handed in and at what was accepted, after who is paid for it gave their details."""
    decided_or_not = [*WAITING, State.INFORMATION_ASKED, State.ACCEPTED]
    rows = Submission.objects.filter(paid_to(account), state__in=decided_or_not)
    for row in rows.select_related("account", "shop__owner"):
        note(row, _same_payee(row, Submission.objects.filter(state=State.REFUSED).exclude(pk=row.pk)))


def _same_title(track: Track) -> list[Finding]:
    """Recordings of the same title: a cover's likeliest name, and as often chance."""
    rows = Recording.objects.filter(title__iexact=track.title, removed_at=None)
    rows = rows.exclude(pk=track.recording_id or 0).select_related("asset", "credit")
    own = track.recording.duration_ms if track.recording else None
    return [_named_alike(row, own) for row in rows.order_by("pk")[:_NAMED_MAX]]


def _named_alike(row: Recording, own_ms: int | None) -> Finding:
    measured: dict[str, float | int | str] = {"title": row.title, "artist": str(row.credit)}
    sure = 0.3
    if own_ms and row.duration_ms:
        measured["difference_ms"] = abs(own_ms - row.duration_ms)
        sure = 0.6 if abs(own_ms - row.duration_ms) < _LENGTH_MS else sure
    return Finding("same-title", measured, sure, other=row.asset.key if row.asset else None)


def _artist(submission: Submission) -> list[Finding]:
    """Somebody is known here by that name; of who sells under it already that says nothing."""
    own = Shop.objects.filter(owner_id=submission.account_id, artist__key=submission.artist_key)
    if own.exists() or submission.artist_id is not None or not known_names([submission.artist_name]):
        return []
    return [Finding("artist-known", {"artist": submission.artist_name}, 0.5)]


def _refused(submission: Submission) -> list[Finding]:
    """Refused before: this account, or another with the same mailbox or the same artist's name."""
    refused = Submission.objects.filter(state=State.REFUSED).exclude(pk=submission.pk)
    own = refused.filter(account_id=submission.account_id).count()
    named = refused.exclude(account_id=submission.account_id).filter(artist_key=submission.artist_key).count()
    found = [
        Finding("refused-before", {"times": own}),
        Finding("refused-mailbox", {"times": _same_mailbox(submission, refused)}, 0.9),
        Finding("refused-artist", {"times": named}, 0.5),
        *_same_payee(submission, refused),
    ]
    return [it for it in found if it.measured["times"]]


def _same_payee(submission: Submission, refused: QuerySet[Submission]) -> list[Finding]:
    """Refusals of others who gave the same account, tax number or address to be paid: that they did, never what."""
    payee = payee_of(submission)
    found = [
        Finding(
            f"refused-{kind.value}",
            {"times": refused.filter(Q(account__in=accounts) | Q(shop__owner__in=accounts)).count()},
            0.6 if kind is Kind.ADDRESS else 0.9,
        )
        for kind, accounts in (same_as(payee) if payee is not None else {}).items()
    ]
    return [it for it in found if it.measured["times"]]


def _same_mailbox(submission: Submission, refused: QuerySet[Submission]) -> int:
    """Refusals of other accounts whose letters end up where this one's do."""
    box = mailbox(submission.account.email)
    local, _, domain = box.rpartition("@")
    like = refused.exclude(account_id=submission.account_id).filter(
        account__email__istartswith=local, account__email__iendswith=f"@{domain}"
    )
    return sum(mailbox(it) == box for it in like.values_list("account__email", flat=True))

"""What an application clashes with here: names in the catalogue, and applicants who were refused before."""

from django.db.models import QuerySet

from alpheus.catalogue.models import Recording
from alpheus.ingest.evidence import Finding
from alpheus.ingest.rules import wording
from alpheus.parties.queries import known_names
from alpheus.submissions.evidence import note
from alpheus.submissions.models import Submission
from alpheus.submissions.rules import State, mailbox

_LENGTH_MS = 3_000
"""Two pressings of one recording differ by less."""
_NAMED_MAX = 5


def note_clashes(submission: Submission) -> None:
    """Keep what clashes beside a submission that is handed in."""
    found = [
        *_same_title(submission),
        *wording(submission.title),
        *_artist(submission),
        *_refused(submission),
    ]
    note(submission, found)


def _same_title(submission: Submission) -> list[Finding]:
    """Recordings of the same title: a cover's likeliest name, and as often chance."""
    rows = Recording.objects.filter(title__iexact=submission.title, removed_at=None).select_related(
        "asset", "credit"
    )
    own = submission.recording.duration_ms if submission.recording else None
    return [
        Finding(
            "same-title",
            {
                "title": row.title,
                "artist": str(row.credit),
                "difference_ms": abs((own or 0) - (row.duration_ms or 0)),
            },
            0.6 if own and row.duration_ms and abs(own - row.duration_ms) < _LENGTH_MS else 0.3,
            other=row.asset.key if row.asset else None,
        )
        for row in rows.order_by("pk")[:_NAMED_MAX]
    ]


def _artist(submission: Submission) -> list[Finding]:
    if not known_names([submission.artist_name]):
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

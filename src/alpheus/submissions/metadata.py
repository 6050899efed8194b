"""What names and numbers of a submission contradict: recordings of the catalogue, and what others handed in.

An ISRC names one recording, whoever has it: it is looked for among all that is held, drafts and what was withdrawn excepted.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.db.models import Q

from alpheus.catalogue.models import Recording
from alpheus.ingest.evidence import Finding
from alpheus.ingest.rules import Claim, clashes, numbering
from alpheus.submissions.access import of_shop
from alpheus.submissions.models import Evidence, Submission, Track
from alpheus.submissions.rules import Kind, State
from alpheus.values.errors import VocabularyError
from alpheus.values.identifiers import parse_isrc

_SAME_SOUND = ("identical-bytes", "identical-sound", "same-recording")
_HELD_MAX = 50
"""Recordings of one title or number that are looked at; more say nothing more."""
_DISC = 1000
"""A file's number is that of its disc, times this, and its own."""


@dataclass(frozen=True)
class _Held:
    """A recording that is here, and whether it is of who hands in."""

    claim: Claim
    is_own: bool


def clashes_of(track: Track) -> list[Finding]:
    """What a track contradicts; each recording is named once for each kind."""
    claim, same = _claim(track), _same_sound(track)
    held = [*_in_catalogue(track, claim, same), *_handed_in(track, claim, same)]
    found = [*clashes(claim, [it.claim for it in held], same=same), *_of_another(claim, held)]
    once = {(it.kind, it.other, it.measured.get("held_isrc")): it for it in reversed(found)}
    return list(reversed(once.values()))


def holes_and_doubles(submission: Submission) -> list[Finding]:
    """Numbers of files that are missing on a disc of a release, or that two of them have. One file alone is no medium."""
    discs: dict[int, list[int]] = defaultdict(list)
    if submission.kind == Kind.RELEASE:
        for number in submission.tracks.exclude(number=None).values_list("number", flat=True):
            discs[(number or 0) // _DISC].append((number or 0) % _DISC)
    return [
        replace(it, measured={**it.measured, "disc": disc})
        for disc, numbers in sorted(discs.items())
        if len(numbers) > 1
        for it in numbering([number for number in numbers if number])
    ]


def _of_another(claim: Claim, held: Sequence[_Held]) -> list[Finding]:
    """The number of a recording that another party has, whatever it sounds like."""
    return [
        Finding(
            "isrc-of-another",
            {"isrc": claim.isrc, "held_title": it.claim.title, "held_artist": it.claim.artist},
            other=it.claim.asset,
        )
        for it in held
        if claim.isrc and claim.isrc == it.claim.isrc and not it.is_own
    ]


def _claim(track: Track) -> Claim:
    row, recording = track.submission, track.recording
    return Claim(
        title=track.title or row.title,
        artist=track.artist_name or row.artist_name,
        isrc=_isrc(track.isrc),
        duration_ms=recording.duration_ms if recording else None,
        asset=recording.asset.key if recording and recording.asset else None,
    )


def _isrc(text: str) -> str | None:
    try:
        return parse_isrc(text) if text else None
    except VocabularyError:
        return None


def _same_sound(track: Track) -> set[str]:
    """Assets that are this sound: its own, and those that evidence calls the same."""
    found = Evidence.objects.filter(track=track, kind__in=_SAME_SOUND).exclude(other="")
    own = {track.asset.key} if track.asset else set()
    return own | set(found.values_list("other", flat=True))


def _in_catalogue(track: Track, claim: Claim, same: Iterable[str]) -> list[_Held]:
    wanted = Q(asset__key__in=same) | Q(title__iexact=claim.title, removed_at=None)
    if claim.isrc:
        wanted |= Q(isrc=claim.isrc)
    rows = Recording.objects.filter(wanted).exclude(pk=track.recording_id or 0)
    rows = rows.select_related("asset", "credit").order_by("pk")[:_HELD_MAX]
    found = list(rows)
    own = set(
        Track.objects.filter(_own_party(track.submission), recording__in=found).values_list(
            "recording", flat=True
        )
    )
    return [
        _Held(
            Claim(
                it.title, str(it.credit), it.isrc or None, it.duration_ms, it.asset.key if it.asset else None
            ),
            is_own=it.pk in own,
        )
        for it in found
    ]


def _handed_in(track: Track, claim: Claim, same: Iterable[str]) -> list[_Held]:
    """What waits, was refused or is not published yet: its numbers stand on its tracks alone."""
    wanted = Q(asset__key__in=same)
    if claim.isrc:
        wanted |= Q(isrc__in=_writings(claim.isrc))
    rows = Track.objects.filter(wanted).exclude(submission=track.submission_id)
    rows = rows.exclude(submission__state__in=[State.DRAFT, State.WITHDRAWN])
    rows = rows.select_related("submission", "recording__asset", "asset").order_by("pk")
    own = set(rows.filter(_own_party(track.submission)).values_list("pk", flat=True))
    return [_Held(_claim(it), is_own=it.pk in own) for it in rows[:_HELD_MAX]]


def _writings(isrc: str) -> list[str]:
    """An ISRC as it may be typed: with hyphens, in small letters."""
    dashed = f"{isrc[:2]}-{isrc[2:5]}-{isrc[5:7]}-{isrc[7:]}"
    return [it for plain in (isrc, dashed) for it in (plain, plain.lower())]


def _own_party(row: Submission) -> Q:
    """Tracks of what the same party handed in."""
    ours = Submission.objects.filter(of_shop(row.account, row.shop)).values("pk")
    return Q(submission__in=ours)

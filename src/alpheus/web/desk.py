"""What of an auditor's page changes while it is open: what they heard, what machines found, what came back to them.

Each part has a digest. An open page sends those it was made with, and is sent the parts that differ.
"""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from alpheus.parties.models import Account
from alpheus.submissions import queries
from alpheus.submissions.hearing.queries import heard_of
from alpheus.submissions.hearing.rules import HeardTrack, unheard
from alpheus.submissions.match_again import comparison
from alpheus.submissions.models import Evidence, Submission, Track
from alpheus.submissions.rules import WAITING, Kind
from alpheus.web.evidence_cards import Card, card, in_order
from alpheus.web.others import others
from alpheus.web.pairs import pairs

DIGEST_CHARS = 16
PARTS = ("heard", "found", "returned")
"""Each with a digest `seen_...`, sent in this order."""


@dataclass(frozen=True)
class Row:
    """One track of a release as the auditor's list shows it."""

    track: Track
    number: int
    is_chosen: bool
    looks: Mapping[str, int]
    """How many findings there are about it by what they look like: `bad` speaks against it, `warn` is worth a look."""
    previous: bool
    following: bool
    heard: HeardTrack | None


def chosen(tracks: Sequence[Track], asked: str) -> Track | None:
    """The track on the desk: the one that is asked for, else the first."""
    return next((it for it in tracks if str(it.gid) == asked), tracks[0] if tracks else None)


def parts(row: Submission, auditor: Account, *, asked: str, is_hearing: bool) -> dict[str, object]:
    """What templates draw of them, with the digest of each.

    Args:
        row: what is on the desk.
        auditor: whose page it is.
        asked: the gid of the track that they look at; the first where it names none.
        is_hearing: whether they decide it or give an opinion: what anybody else heard is of no use.
    """
    tracks = queries.tracks_of(row)
    track = chosen(tracks, asked)
    found = queries.evidence(row)
    told = heard_of(row, auditor) if is_hearing else []
    cards = in_order(_cards(found, track))
    comparing = comparison(row) if row.state in WAITING else None
    heard = {it.track: it for it in told}
    left = unheard(told)
    returned = [it for it in queries.returned_to(auditor) if it.pk != row.pk]
    return {
        "track": track,
        "tracks": _rows(tracks, found, track, heard) if row.kind == Kind.RELEASE else [],
        "heard": heard.get(track.gid) if track else None,
        "left": left,
        "left_next": _next(left, tracks, track),
        "cards": cards,
        "pairs": pairs(cards, track.recording if track else None),
        "comparing": comparing,
        "returned": returned,
        "seen_returned": _digest([it.pk for it in returned]),
        "seen_heard": _digest([(it.track, it.was_played, it.heard_ms) for it in told]),
        "seen_found": _digest([(it.pk, it.measured) for it in found] + [(0, comparing)]),
    }


def _digest(told: object) -> str:
    return hashlib.sha256(repr(told).encode()).hexdigest()[:DIGEST_CHARS]


def _next(left: Sequence[HeardTrack], tracks: Sequence[Track], track: Track | None) -> HeardTrack | None:
    """The first that is left from the one on the desk on, else the first of all."""
    places = {it.gid: place for place, it in enumerate(tracks)}
    at = places.get(track.gid, 0) if track else 0
    return next((it for it in left if places[it.track] >= at), left[0] if left else None)


def _rows(
    tracks: Sequence[Track],
    found: Sequence[Evidence],
    track: Track | None,
    heard: Mapping[UUID, HeardTrack],
) -> list[Row]:
    looks: dict[int | None, Counter[str]] = {it.pk: Counter() for it in tracks}
    for it in found:
        if it.track_id in looks:
            looks[it.track_id][card(it, {}).look] += 1
    at = list(tracks).index(track) if track else 0
    return [
        Row(it, place + 1, place == at, looks[it.pk], place == at - 1, place == at + 1, heard.get(it.gid))
        for place, it in enumerate(tracks)
    ]


def _cards(found: Sequence[Evidence], track: Track | None) -> list[Card]:
    """What was found about a track, and about who handed it in."""
    about = [it for it in found if it.track_id is None or (track and it.track_id == track.pk)]
    own = track.recording_id if track else None
    compared = others(queries.recordings_by_asset((it.other for it in about if it.other), but=own))
    return [card(it, compared) for it in about]

"""Hand a draft in: from now on it waits for a person."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from alpheus.catalogue.errors import LyricsRefused
from alpheus.catalogue.hold_recording import describe_held
from alpheus.catalogue.lrc import parse
from alpheus.database.turns import take_turn
from alpheus.parties.models import Account
from alpheus.shops.brand.queries import rostered
from alpheus.submissions import rules
from alpheus.submissions.access import refuse_who_moved, shop_of_submission
from alpheus.submissions.clashes import note_clashes
from alpheus.submissions.errors import Incomplete
from alpheus.submissions.match_again import have_matched
from alpheus.submissions.mint_upc import upc_is_taken
from alpheus.submissions.models import Submission, Track
from alpheus.submissions.rules import Event, Filled, FilledTrack, Kind, Missing, Prelisten
from alpheus.submissions.step import own_draft, step
from alpheus.values.errors import VocabularyError
from alpheus.values.identifiers import parse_gtin, parse_isrc


def filled(row: Submission) -> Filled:
    """How far a draft is filled in."""
    return Filled(
        kind=Kind(row.kind),
        artist_name=row.artist_name,
        country=row.country,
        title=row.title,
        ai=row.ai,
        owns_recording=row.owns_recording,
        owns_composition=row.owns_composition,
        no_cover=row.no_cover,
        tracks=tuple(_track(it) for it in row.tracks.all()),
        upc_fits=not row.upc or _fits(parse_gtin, row.upc),
        upc_is_free=not row.upc or not upc_is_taken(row),
        territories_fit=not row.where or bool(row.territories),
        due_fits=not row.due_local or row.due_at is not None,
        prelisten_has_due=row.prelisten == Prelisten.NEVER or bool(row.due_local),
        prelisten_fits=rules.prelisten_fits(Prelisten(row.prelisten), since=row.prelisten_at, due=row.due_at),
        artist_fits=row.shop is None or _is_rostered(row),
    )


def _is_rostered(row: Submission) -> bool:
    """A later version of what is published stays its artist's, who may have moved on since."""
    if row.shop is None or row.artist is None:
        return False
    return row.release_id is not None or rostered(row.shop, row.artist.gid) is not None


def _track(row: Track) -> FilledTrack:
    return FilledTrack(
        title=row.title,
        has_recording=row.recording_id is not None,
        isrc=row.isrc,
        isrc_fits=not row.isrc or _fits(parse_isrc, row.isrc),
        credits=row.credits,
        lyrics_fit=not row.lyrics.strip() or _fits(parse, row.lyrics),
    )


def _fits(read: Callable[[str], object], text: str) -> bool:
    try:
        read(text)
    except (VocabularyError, LyricsRefused):
        return False
    return True


def missing(row: Submission) -> tuple[Missing, ...]:
    """What is left to do about a draft as a whole before it can be handed in."""
    return rules.missing(filled(row))


def missing_in_tracks(row: Submission) -> dict[int, tuple[Missing, ...]]:
    """The same of each track of a release (by primary key) about which something is left to do."""
    if row.kind != Kind.RELEASE:
        return {}
    found = {it.pk: rules.missing_in_track(_track(it)) for it in row.tracks.all()}
    return {pk: left for pk, left in found.items() if left}


@transaction.atomic
def hand_in(*, account: Account, gid: UUID, link: str, now: datetime, tell: bool = True) -> Submission:
    """Hand a draft in.

    Args:
        account: whose it is.
        gid: the draft's.
        link: its page, for the letter.
        now: the time.
        tell: whether a letter says so; of a catalogue that is handed in at once nobody wants hundreds.

    Raises:
        SubmissionUnknown: there is none of theirs.
        NotNow: it is handed in already.
        Incomplete: something is left to do.
        ArtistMoved: its artist is on a label now.
    """
    row = own_draft(gid, account)
    if row.upc:
        take_turn("upc")  # two that say the same do not both find it free
    left = missing(row) + tuple(it for track in missing_in_tracks(row).values() for it in track)
    if left:
        raise Incomplete(left)
    shop = shop_of_submission(row) if row.kind == Kind.RELEASE and row.release_id is None else None
    if shop is not None:
        refuse_who_moved(shop)
    for track in row.tracks.select_related("recording__credit"):
        if track.recording is not None and not track.recording.tracks.exists():
            describe_held(
                recording=track.recording, title=track.title, artist=track.artist_name or row.artist_name
            )
    step(row, Event.HAND_IN, actor=account, now=now, link=link, tell=tell)
    note_clashes(row)
    have_matched(row)
    return row

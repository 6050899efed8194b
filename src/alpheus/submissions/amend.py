"""Change what is published: at once where nobody is wronged by it, and else by a new version that is heard like the first."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from alpheus.parties.models import Account
from alpheus.shops.rules import State as ShopState
from alpheus.submissions import queries, rules
from alpheus.submissions.access import shop_of_submission
from alpheus.submissions.corrections.correct import correct_release, correct_track, move_minute
from alpheus.submissions.describe import FIELDS, PRELISTEN, TRACK_FIELDS
from alpheus.submissions.errors import Incomplete, NotNow, SubmissionUnknown
from alpheus.submissions.hand_in import missing, missing_in_tracks
from alpheus.submissions.models import Evidence, Submission, Track
from alpheus.submissions.publish_due import publish
from alpheus.submissions.publish_early import settle_early
from alpheus.submissions.rules import Kind, Missing, State
from alpheus.submissions.step import own

AT_ONCE = ("notes", "genres")
AT_ONCE_OF_TRACK = ("lyrics",)
_COPIED = ("shop", "artist", "catalogue_number", "kind", "artist_name", "artist_key", "country", "links", "title", "type", "genres", "language", "notes", "upc", "disc_titles", "where", "territories", "cover", "release")  # fmt: skip
_COPIED_OF_TRACK = ("position", "disc", "title", "artist_name", "isrc", "explicit", "language", "lyrics", "composers", "lyricists", "publishers", "credits", "asset", "recording", "source_sha256")  # fmt: skip
_COPIED_OF_FINDING = ("position", "kind", "measured", "confidence", "passages", "other")


@transaction.atomic
def amend(
    *, account: Account, gid: UUID, fields: Mapping[str, str], track: UUID | None = None, now: datetime
) -> Submission:
    """Change an accepted release's notes and genres, or the lyrics of one of its tracks; what is published follows.

    Slips of the pen in titles, the catalogue number and the language are corrected likewise, and go on record. Of what
    has not appeared yet, also the minute at which it does, and from when on previews of it are heard.

    Args:
        account: whose it is.
        gid: the release's submission.
        fields: texts by name; names of what is not changed at once are passed over.
        track: the track that `fields` are about; none for the release.
        now: the time.

    Raises:
        SubmissionUnknown: there is none of theirs, or no such track in it.
        NotNow: it is not accepted, its shop is closed, or a later version stands in its place.
        Incomplete: the lyrics are none, the minute is none, or previews would begin no sooner than it appears.
        NeedsVersion: a title would be another one.
        MinutePast: it would appear at a minute that is over.
    """
    row = _accepted(account, gid)
    if track is None:
        at_once = (
            AT_ONCE if row.published_at is not None or row.release_id is not None else (*AT_ONCE, *PRELISTEN)
        )
        _change(row, {name: FIELDS[Kind.RELEASE][name](fields[name]) for name in at_once if name in fields})
        correct_release(row, fields, actor=account, now=now)
        if rules.waits(State(row.state), Kind(row.kind), is_published=row.published_at is not None):
            move_minute(row, fields, actor=account, now=now)
        _mind_prelisten(row)
    else:
        one = row.tracks.filter(gid=track).first()
        if one is None:
            raise SubmissionUnknown
        changed = {name: TRACK_FIELDS[name](fields[name]) for name in AT_ONCE_OF_TRACK if name in fields}
        correct_track(row, one, fields, actor=account, now=now)
        _change(one, changed)
        if Missing.LYRICS in missing_in_tracks(row).get(one.pk, ()):
            raise Incomplete((Missing.LYRICS,))
    if row.published_at is not None:
        publish(row, now=now)
    else:
        settle_early(row, now=now, anew=True)
    return row


@transaction.atomic
def begin_version(*, account: Account, gid: UUID, now: datetime) -> Submission:
    """Begin a new version of what is published: a draft with the same tracks. One that is under way is gone on with.

    Raises:
        SubmissionUnknown: there is none of theirs.
        NotNow: it is not published, or a later version stands in its place.
    """
    row = _accepted(account, gid)
    if row.published_at is None:
        raise NotNow(State(row.state))
    under_way = Submission.objects.filter(release=row.release, state__in=[it.value for it in rules.UNDER_WAY])
    version = under_way.first()
    if version is not None:
        return version
    told = {name: getattr(row, name) for name in _COPIED}
    version = Submission.objects.create(account=account, by_hand=True, created_at=now, changed_at=now, **told)
    for track in row.tracks.all():
        _copy(track, version)
    return version


def _copy(track: Track, version: Submission) -> None:
    """The same track of another version, with what was found about its sound."""
    told = {name: getattr(track, name) for name in _COPIED_OF_TRACK}
    copied = Track.objects.create(submission=version, former=track, **told)
    Evidence.objects.bulk_create(
        Evidence(submission=version, track=copied, **{name: getattr(it, name) for name in _COPIED_OF_FINDING})
        for it in track.evidence.all()
    )


def _accepted(account: Account, gid: UUID) -> Submission:
    row = own(gid, account)
    if row.kind != Kind.RELEASE:
        raise SubmissionUnknown
    shop = shop_of_submission(row)
    closed = row.published_at is not None and (shop is None or shop.state != ShopState.OPEN)
    if row.state != State.ACCEPTED or closed or queries.is_superseded(row):
        raise NotNow(State(row.state))
    return row


def _mind_prelisten(row: Submission) -> None:
    """See to it that previews begin before the release appears.

    Raises:
        Incomplete: they would not, or nothing says when it appears.
    """
    row.prelisten_at = rules.due(row.prelisten_local, row.zone)
    row.save(update_fields=["prelisten_at"])
    left = [it for it in missing(row) if it in {Missing.PRELISTEN, Missing.PRELISTEN_DUE}]
    if left:
        raise Incomplete(left)


def _change(row: Submission | Track, changed: Mapping[str, object]) -> None:
    for name, value in changed.items():
        setattr(row, name, value)
    row.save(update_fields=list(changed))

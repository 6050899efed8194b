"""The shapes of applications: what an applicant sends and sees, and what an auditor does."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from alpheus.api.shapes import Given, Text
from alpheus.parties.models import Account
from alpheus.rights.early import early_of
from alpheus.rights.rules import Standing, Where
from alpheus.submissions import queries
from alpheus.submissions.hand_in import missing, missing_in_tracks
from alpheus.submissions.hearing.queries import HeardBefore, heard_of
from alpheus.submissions.match_again import Comparison
from alpheus.submissions.models import Evidence, Submission, Track, Upload
from alpheus.submissions.rules import Ai, Event, Kind, Leaning, Missing, Prelisten, Reason, State
from alpheus.submissions.step import WORDS_MAX
from alpheus.submissions.versions.queries import changed_by
from alpheus.submissions.versions.rules import What

Words = Annotated[Text, Field(max_length=WORDS_MAX)]


class DraftIn(Given):
    """Fields of a draft; those left out stay as they are."""

    artist_name: Annotated[Text, Field(max_length=500)] | None = None
    artist: UUID | None = Field(default=None, description="of the label's roster, whose release it is")
    catalogue_number: Annotated[Text, Field(max_length=100)] | None = None
    country: Annotated[Text, Field(max_length=2)] | None = None
    links: list[Annotated[Text, Field(max_length=500)]] | None = Field(default=None, max_length=10)
    title: Annotated[Text, Field(max_length=1000)] | None = None
    statement: Annotated[Text, Field(max_length=4000)] | None = None
    ai: Ai | None = None
    owns_recording: bool | None = None
    owns_composition: bool | None = None
    no_cover: bool | None = None
    type: Literal["", "single", "ep", "album"] | None = None
    genres: Annotated[Text, Field(max_length=500)] | None = None
    language: Annotated[Text, Field(max_length=16)] | None = None
    notes: Annotated[Text, Field(max_length=20_000)] | None = None
    upc: Annotated[Text, Field(max_length=40)] | None = None
    disc_titles: list[Annotated[Text, Field(max_length=500)]] | None = Field(
        default=None, max_length=99, description="of each disc, the first's first; empty where one has none"
    )
    where: Where | None = Field(
        default=None,
        description="where it is offered: empty is everywhere; only or except name `territories`",
    )
    territories: list[Annotated[Text, Field(max_length=2)]] | None = Field(
        default=None, max_length=249, description="ISO 3166-1 alpha-2"
    )
    due_local: Annotated[Text, Field(max_length=16)] | None = Field(
        default=None, description="when it shall appear, by the clocks of `zone`, such as 2026-12-01T18:00"
    )
    zone: Annotated[Text, Field(max_length=64)] | None = Field(
        default=None, description="a time zone's name, such as Asia/Tokyo"
    )
    prelisten: Prelisten | None = Field(
        default=None,
        description="from when on previews are heard before it appears: empty is never; accepted, or from `prelisten_local`",
    )
    prelisten_local: Annotated[Text, Field(max_length=16)] | None = Field(
        default=None, description="by the clocks of `zone`, as `due_local`"
    )

    def fields(self) -> dict[str, str]:
        """As the room takes them."""
        told = self.model_dump(exclude_none=True)
        return {name: _text(value) for name, value in told.items()}


class TrackIn(Given):
    """Fields of a track of a release's draft; those left out stay as they are."""

    title: Annotated[Text, Field(max_length=1000)] | None = None
    artist_name: Annotated[Text, Field(max_length=1000)] | None = None
    disc: int | None = Field(default=None, ge=1, le=99)
    isrc: Annotated[Text, Field(max_length=40)] | None = None
    explicit: bool | None = None
    language: Annotated[Text, Field(max_length=16)] | None = None
    lyrics: Annotated[Text, Field(max_length=100_000)] | None = None
    composers: list[Annotated[Text, Field(max_length=300)]] | None = Field(default=None, max_length=40)
    lyricists: list[Annotated[Text, Field(max_length=300)]] | None = Field(default=None, max_length=40)
    publishers: list[Annotated[Text, Field(max_length=300)]] | None = Field(default=None, max_length=40)
    credits: list[Annotated[Text, Field(max_length=400)]] | None = Field(
        default=None, max_length=100, description="a role, a colon and a name, such as drums: Mei"
    )

    def fields(self) -> dict[str, str]:
        """As the room takes them."""
        told = self.model_dump(exclude_none=True)
        return {name: _text(value) for name, value in told.items()}


class ChangeIn(Given):
    """What is changed at once: of the release its notes and genres, of one of its tracks the lyrics; slips of the pen.

    Of what has not appeared yet, also when it appears, and from when on previews of it are heard.
    """

    track: UUID | None = None
    notes: Annotated[Text, Field(max_length=20_000)] | None = None
    genres: Annotated[Text, Field(max_length=500)] | None = None
    lyrics: Annotated[Text, Field(max_length=100_000)] | None = None
    title: Annotated[Text, Field(max_length=1000)] | None = Field(
        default=None, description="the release's or the track's: two letters and a fifth of it may differ"
    )
    disc_titles: list[Annotated[Text, Field(max_length=500)]] | None = Field(default=None, max_length=99)
    language: Annotated[Text, Field(max_length=16)] | None = None
    catalogue_number: Annotated[Text, Field(max_length=100)] | None = None
    due_local: Annotated[Text, Field(max_length=16)] | None = None
    zone: Annotated[Text, Field(max_length=64)] | None = None
    prelisten: Prelisten | None = None
    prelisten_local: Annotated[Text, Field(max_length=16)] | None = None

    def fields(self) -> dict[str, str]:
        """As the room takes them."""
        told = self.model_dump(exclude_none=True, exclude={"track"})
        return {name: _text(value) for name, value in told.items()}


class MoveIn(Given):
    """Where a track goes."""

    after: UUID | None = Field(description="the track that it follows; null: it is the first")


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "on" if value else ""
    return "\n".join(str(it) for it in value) if isinstance(value, list) else str(value)


class WordsIn(Given):
    """A sentence or more."""

    words: Words


class DecisionIn(Given):
    """What an auditor decides; a refusal has a reason, and all but an acceptance has words.

    A second opinion is asked for, given and taken back in the same way; what is given says what its author would do.
    """

    event: Literal["accept", "refuse", "ask", "pass_on", "reopen", "ask_opinion", "opine", "take_back"]
    reason: Reason | None = None
    leaning: Leaning | None = Field(default=None, description="of `opine`")
    words: Words = ""


class UploadOut(Schema):
    """How far an application's file is."""

    gid: UUID
    state: Upload.State
    trouble: str
    filename: str
    length: int
    phase: str
    fraction: float


class HeardThenOut(Schema):
    """What whoever decided had heard of a track by then."""

    track: UUID
    needed: bool = Field(description="whether it had to be heard: not what a version leaves as it is")
    played: bool
    heard_ms: int | None = Field(description="null: how long was not known yet")


class HeardOut(Schema):
    """What the caller heard of a track since it was handed in."""

    needed: bool = Field(description="whether it is accepted only once they played it")
    played: bool
    heard_ms: int | None = Field(description="as far as the key log told; null: it told nothing")


class StepOut(Schema):
    """What happened, and what was said with it."""

    number: int
    event: Event
    before: State
    after: State
    reason: str
    words: str
    by: str
    at: datetime
    heard: list[HeardThenOut] = Field(
        description="of a decision, what had been heard by then; to auditors only"
    )


class EvidenceOut(Schema):
    """What a machine found; it decides nothing."""

    track: UUID | None = Field(description="what it is about; null: about who handed it in")
    kind: str
    measured: dict[str, float | int | str]
    confidence: float
    passages: list[tuple[int, int, int]]
    other: str


class TrackOut(Schema):
    """One track of what is handed in."""

    gid: UUID
    position: int
    disc: int
    title: str
    artist_name: str
    isrc: str
    explicit: bool
    language: str
    lyrics: str
    composers: list[str]
    lyricists: list[str]
    publishers: list[str]
    credits: list[str]
    recording: UUID | None
    duration_ms: int | None


class AuditedTrackOut(TrackOut):
    """One track as an auditor sees it."""

    heard: HeardOut


class OwnTrackOut(TrackOut):
    """One track as its owner sees it."""

    missing: list[Missing]
    upload: UploadOut | None


class SubmissionOut(Schema):
    """An application, or a release."""

    gid: UUID
    kind: Kind
    state: State
    artist_name: str
    country: str
    links: list[str]
    title: str
    statement: str
    ai: str
    owns_recording: bool
    owns_composition: bool
    no_cover: bool
    recording: UUID | None = Field(description="an application's; a release has tracks")
    type: str
    genres: str
    language: str
    notes: str
    upc: str
    disc_titles: list[str] = Field(description="of each disc, the first's first; empty where one has none")
    where: Where
    territories: list[str]
    cover: str = Field(description="the digest that its images are found by; empty without a cover")
    due_at: datetime | None
    zone: str
    prelisten: Prelisten
    prelisten_at: datetime | None
    published_at: datetime | None
    release: UUID | None = Field(description="what came of it, once it was published")
    appealed: bool
    reason: str
    created_at: datetime
    submitted_at: datetime | None
    decided_at: datetime | None


class EarlyOut(Schema):
    """What listeners hear of a release before it appears: previews."""

    release: UUID = Field(description="as `GET /releases/{release}` shows it")
    since: datetime
    until: datetime


class OwnSubmissionOut(SubmissionOut):
    """What is handed in as its owner sees it."""

    tracks: list[OwnTrackOut]
    due_local: str
    prelisten_local: str
    early: EarlyOut | None = Field(description="null while no previews are heard before it appears")
    missing: list[Missing]
    upload: UploadOut | None
    steps: list[StepOut]
    usual_wait_seconds: int | None


class OwnSubmissionsOut(Schema):
    """An account's applications, the latest first."""

    items: list[SubmissionOut]
    usual_wait_seconds: int | None


class HeldOut(Schema):
    """On whose desk something is."""

    auditor: str
    until: datetime
    yours: bool


class ChangeOut(Schema):
    """One difference between a new version and the one that listeners hear."""

    what: What
    track: UUID | None = Field(
        description="the new version's track, or of one that was taken out the former's; null: the release"
    )
    before: str = Field(
        description="the former; of `audio`, `added` and `removed` a recording's gid, of `cover` a digest"
    )
    after: str


class NoticeOnRecordOut(Schema):
    """A notice against a release of theirs."""

    gid: UUID
    title: str
    standing: Standing
    given_at: datetime


class RecordOut(Schema):
    """What came of all that an applicant, and the label they hand in for, handed in before."""

    accepted: int
    refused: int
    withdrawn: int
    decisions_reversed: int = Field(description="about any of it, this one included")
    notices: list[NoticeOnRecordOut] = Field(description="suspended: upheld")


class AuditedOut(SubmissionOut):
    """What is handed in as an auditor sees it."""

    former: UUID | None = Field(
        description="the submission that listeners hear; null: it is the first version"
    )
    changes: list[ChangeOut] = Field(description="what this version changes about it")
    tracks: list[AuditedTrackOut]
    steps: list[StepOut]
    evidence: list[EvidenceOut]
    comparison: Comparison = Field(
        description="how far it is compared with what is held: what is under way is not accepted yet"
    )
    earlier: list[SubmissionOut] = Field(description="of the applicant, and of the label it is handed in for")
    record: RecordOut
    hindrance: str
    held: HeldOut | None
    opinion_asked: bool = Field(description="whether a colleague's opinion is asked and did not come yet")


class AuditorOut(Schema):
    """What one auditor decided in the last 90 days."""

    name: str
    accepted: int
    refused: int
    reversed: int


class AuditOut(Schema):
    """The queue of who asks, and how auditing fares."""

    items: list[SubmissionOut] = Field(description="what came back with an opinion first")
    opinions_asked: list[SubmissionOut] = Field(description="what colleagues ask the caller's opinion about")
    opinions_awaited: list[SubmissionOut] = Field(description="what the caller asked, and waits for")
    nobody_s: list[UUID] = Field(
        description="what waits though no auditor may decide it: an operator names another"
    )
    waiting: int
    usual_wait_seconds: int | None
    longest_since: datetime | None
    auditors: list[AuditorOut]


class NextOut(Schema):
    """What was taken; null where nothing waits."""

    submission: UUID | None


def shown(row: Submission) -> dict[str, object]:
    """A submission's own values."""
    names = ["gid", "state", "artist_name", "country", "title", "statement", "ai", "owns_recording"]
    names += [
        "owns_composition",
        "no_cover",
        "appealed",
        "reason",
        "created_at",
        "submitted_at",
        "decided_at",
    ]
    names += [
        "kind",
        "type",
        "genres",
        "language",
        "notes",
        "upc",
        "due_at",
        "due_local",
        "prelisten",
        "prelisten_local",
        "prelisten_at",
        "zone",
        "published_at",
    ]
    return {name: getattr(row, name) for name in names} | {
        "links": row.links.splitlines(),
        "where": row.where,
        "territories": row.territories.split(),
        "disc_titles": row.disc_titles.split("\n") if row.disc_titles else [],
        "recording": _sound(row),
        "cover": row.cover.digest if row.cover else "",
        "release": row.release.gid if row.release else None,
    }


_LISTS = ("composers", "lyricists", "publishers", "credits")
_PLAIN = ("gid", "position", "disc", "title", "artist_name", "isrc", "explicit", "language", "lyrics")


def track_shown(row: Track) -> dict[str, object]:
    """A track's own values."""
    lists = {name: getattr(row, name).splitlines() for name in _LISTS}
    return (
        {name: getattr(row, name) for name in _PLAIN}
        | lists
        | {
            "recording": row.recording.gid if row.recording else None,
            "duration_ms": row.recording.duration_ms if row.recording else None,
        }
    )


def own_tracks(row: Submission, tracks: Sequence[Track]) -> list[dict[str, object]]:
    """Its tracks as their owner sees them; what is left to do only while it is a draft."""
    lacking = missing_in_tracks(row) if row.state == State.DRAFT else {}
    uploads = {it.pk: queries.upload_of(it) for it in tracks}
    return [
        track_shown(it)
        | {
            "missing": lacking.get(it.pk, ()),
            "upload": UploadOut.from_orm(uploads[it.pk]) if uploads[it.pk] else None,
        }
        for it in tracks
    ]


def found(row: Evidence) -> dict[str, object]:
    """What a machine found, as it travels."""
    names = ("kind", "measured", "confidence", "passages", "other")
    return {name: getattr(row, name) for name in names} | {"track": row.track.gid if row.track else None}


def differences(row: Submission) -> dict[str, object]:
    """What a version changes about the one that listeners hear."""
    changed = changed_by(row)
    return {
        "former": changed.former.gid if changed else None,
        "changes": [
            {"what": it.what, "track": it.track or None, "before": it.before, "after": it.after}
            for it in (changed.changes if changed else ())
        ],
    }


def _sound(row: Submission) -> UUID | None:
    """An application's recording; a release has tracks."""
    if row.kind == Kind.RELEASE:
        return None
    return next((it.recording.gid for it in row.tracks.all() if it.recording), None)


def steps(row: Submission, *, for_applicant: bool) -> list[dict[str, object]]:
    """What happened; what auditors do among themselves is theirs, and who they are too."""
    return [
        {
            "number": it.step.number, "event": it.step.event, "before": it.step.before, "after": it.step.after,
            "reason": it.step.reason, "words": it.words, "at": it.step.at,
            "by": it.by if it.is_applicant or not for_applicant else "",
            "heard": [] if for_applicant or it.heard is None else [_heard_then(one) for one in it.heard.tracks],
        }
        for it in queries.happened(row)
        if not (for_applicant and it.is_among_auditors)
    ]  # fmt: skip


def _heard_then(it: HeardBefore) -> HeardThenOut:
    return HeardThenOut(track=it.track, needed=it.was_needed, played=it.was_played, heard_ms=it.heard_ms)


def audited_tracks(row: Submission, auditor: Account) -> list[dict[str, object]]:
    """Its tracks with what an auditor heard of each."""
    heard = {it.track: it for it in heard_of(row, auditor)}
    return [
        track_shown(it)
        | {
            "heard": HeardOut(
                needed=heard[it.gid].is_needed,
                played=heard[it.gid].was_played,
                heard_ms=heard[it.gid].heard_ms,
            )
        }
        for it in queries.tracks_of(row)
    ]


def heard_early(row: Submission, *, now: datetime) -> EarlyOut | None:
    """What listeners hear of it before it appears."""
    found = early_of(row.early.gid, now=now) if row.early else None
    return EarlyOut(release=found.release.gid, since=found.since, until=found.until) if found else None


def left(row: Submission) -> list[Missing]:
    """What a draft lacks; nothing where it is handed in."""
    return list(missing(row)) if row.state == State.DRAFT else []

"""How a submission goes from a draft to a decision, who may audit it, and what may be uploaded. Pure decisions."""

import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from alpheus.values.identifiers import gtin_check_digit


class Kind(StrEnum):
    """What is handed in."""

    APPLICATION = "application"
    RELEASE = "release"


class State(StrEnum):
    """Where a submission stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    IN_AUDIT = "in_audit"
    INFORMATION_ASKED = "information_asked"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Event(StrEnum):
    """What can happen to one."""

    HAND_IN = "hand_in"
    WITHDRAW = "withdraw"
    ANSWER = "answer"
    APPEAL = "appeal"
    TAKE = "take"
    LEAVE = "leave"
    ASK = "ask"
    ACCEPT = "accept"
    REFUSE = "refuse"
    PASS_ON = "pass_on"  # noqa: S105 - an event's name
    ASK_OPINION = "ask_opinion"
    """Of a colleague; it stays the asker's to decide."""
    OPINE = "opine"
    """A colleague says what they think of it, and decides nothing."""
    TAKE_BACK = "take_back"
    """The question to colleagues."""
    REOPEN = "reopen"
    CORRECT = "correct"
    """A slip of the pen, at once."""
    MOVE_MINUTE = "move_minute"
    """When it appears."""


class Side(StrEnum):
    """Who makes it happen."""

    APPLICANT = "applicant"
    AUDITOR = "auditor"


TABLE: Mapping[tuple[State, Event], State] = {
    (State.DRAFT, Event.HAND_IN): State.SUBMITTED,
    (State.SUBMITTED, Event.TAKE): State.IN_AUDIT,
    (State.SUBMITTED, Event.WITHDRAW): State.WITHDRAWN,
    (State.IN_AUDIT, Event.TAKE): State.IN_AUDIT,  # from an auditor whose lease is over
    (State.IN_AUDIT, Event.LEAVE): State.SUBMITTED,
    (State.IN_AUDIT, Event.PASS_ON): State.SUBMITTED,
    (State.IN_AUDIT, Event.ASK_OPINION): State.IN_AUDIT,
    (State.IN_AUDIT, Event.OPINE): State.IN_AUDIT,
    (State.IN_AUDIT, Event.TAKE_BACK): State.IN_AUDIT,
    (State.IN_AUDIT, Event.ASK): State.INFORMATION_ASKED,
    (State.IN_AUDIT, Event.ACCEPT): State.ACCEPTED,
    (State.IN_AUDIT, Event.REFUSE): State.REFUSED,
    (State.IN_AUDIT, Event.WITHDRAW): State.WITHDRAWN,
    (State.INFORMATION_ASKED, Event.ANSWER): State.SUBMITTED,
    (State.INFORMATION_ASKED, Event.WITHDRAW): State.WITHDRAWN,
    (State.REFUSED, Event.APPEAL): State.SUBMITTED,
    # A decision is never undone: who doubts it opens it again, and a new one is made.
    (State.REFUSED, Event.REOPEN): State.SUBMITTED,
    (State.ACCEPTED, Event.REOPEN): State.SUBMITTED,
    (State.ACCEPTED, Event.CORRECT): State.ACCEPTED,
    # Only while it waits for its minute (may_withdraw, waits): what is out is not taken back by a press.
    (State.ACCEPTED, Event.MOVE_MINUTE): State.ACCEPTED,
    (State.ACCEPTED, Event.WITHDRAW): State.WITHDRAWN,
}
"""What an event leads to; what does not stand here cannot happen."""

SIDES: Mapping[Event, Side] = {
    Event.HAND_IN: Side.APPLICANT,
    Event.WITHDRAW: Side.APPLICANT,
    Event.ANSWER: Side.APPLICANT,
    Event.APPEAL: Side.APPLICANT,
    Event.TAKE: Side.AUDITOR,
    Event.LEAVE: Side.AUDITOR,
    Event.ASK: Side.AUDITOR,
    Event.ACCEPT: Side.AUDITOR,
    Event.REFUSE: Side.AUDITOR,
    Event.PASS_ON: Side.AUDITOR,
    Event.ASK_OPINION: Side.AUDITOR,
    Event.OPINE: Side.AUDITOR,
    Event.TAKE_BACK: Side.AUDITOR,
    Event.REOPEN: Side.AUDITOR,
    Event.CORRECT: Side.APPLICANT,
    Event.MOVE_MINUTE: Side.APPLICANT,
}

DECISIONS = frozenset({Event.ACCEPT, Event.REFUSE})
AMONG_AUDITORS = frozenset(
    {Event.TAKE, Event.LEAVE, Event.PASS_ON, Event.ASK_OPINION, Event.OPINE, Event.TAKE_BACK}
)
"""What auditors do among themselves: nothing changed for who waits, and it is not told them."""
NEED_WORDS = frozenset(
    {
        Event.ASK,
        Event.ANSWER,
        Event.REFUSE,
        Event.PASS_ON,
        Event.ASK_OPINION,
        Event.OPINE,
        Event.APPEAL,
        Event.REOPEN,
        Event.CORRECT,
        Event.MOVE_MINUTE,
    }
)
"""What nobody understands without a sentence of whoever did it."""
UNDER_WAY = frozenset({State.DRAFT, State.SUBMITTED, State.IN_AUDIT, State.INFORMATION_ASKED})
"""An account has one application in these states at a time; of releases it may have several."""
WAITING = frozenset({State.SUBMITTED, State.IN_AUDIT})
"""What the auditors' queue holds."""
AUDITED = WAITING | {State.INFORMATION_ASKED}
"""What is being judged: what is heard of it now counts as heard."""


class Reason(StrEnum):
    """Why an application is refused: the list, of which one is chosen."""

    COVER = "cover"
    NOT_OWNER = "not_owner"
    HELD_ALREADY = "held_already"
    BORROWED_PARTS = "borrowed_parts"
    AI_UNDECLARED = "ai_undeclared"
    MISLEADING = "misleading"
    UNFIT = "unfit"


class Leaning(StrEnum):
    """What a colleague would do, whose opinion is asked."""

    ACCEPT = "would_accept"
    REFUSE = "would_refuse"
    UNSURE = "unsure"


class Ai(StrEnum):
    """How much of a piece a machine made, as its applicant declares it."""

    NONE = "none"
    ASSISTED = "assisted"
    GENERATED = "generated"


class Prelisten(StrEnum):
    """From when on previews of a release are heard before it appears."""

    NEVER = ""
    ACCEPTED = "accepted"
    """As soon as it is accepted."""
    FROM = "from"
    """From a minute of its own."""


def prelisten_fits(chosen: Prelisten, *, since: datetime | None, due: datetime | None) -> bool:
    """Whether previews would be heard for a while before the release appears."""
    if chosen is not Prelisten.FROM:
        return True
    return since is not None and (due is None or since < due)


def is_heard_early(chosen: Prelisten, *, since: datetime | None, due: datetime | None, now: datetime) -> bool:
    """Whether previews of what is accepted are heard now: from its minute on all of it is."""
    if chosen is Prelisten.NEVER or due is None or now >= due:
        return False
    return chosen is Prelisten.ACCEPTED or (since is not None and since <= now)


def after(state: State, event: Event) -> State | None:
    """Where an event leads from a state; None where it cannot happen."""
    return TABLE.get((state, event))


def waits(state: State, kind: Kind, *, is_published: bool) -> bool:
    """Whether a release was accepted and did not appear yet. An accepted application founded its shop that moment."""
    return state is State.ACCEPTED and kind is Kind.RELEASE and not is_published


def may_withdraw(state: State, kind: Kind, *, is_published: bool) -> bool:
    """Whether its musician may take it back: before it is decided, and a release until it appears."""
    if state is State.ACCEPTED:
        return waits(state, kind, is_published=is_published)
    return after(state, Event.WITHDRAW) is not None


class Missing(StrEnum):
    """What a draft lacks before it can be handed in."""

    ARTIST_NAME = "artist_name"
    ARTIST = "artist"
    """Of the label's roster."""
    COUNTRY = "country"
    TITLE = "title"
    RECORDING = "recording"
    TRACKS = "tracks"
    UPC = "upc"
    UPC_TAKEN = "upc_taken"
    """Another release has it."""
    DUE = "due"
    PRELISTEN_DUE = "prelisten_due"
    """Previews are heard until it appears, and nothing says when that is."""
    PRELISTEN = "prelisten"
    """They would begin no sooner than it appears."""
    TERRITORIES = "territories"
    ISRC = "isrc"
    ISRC_TWICE = "isrc_twice"
    CREDITS = "credits"
    LYRICS = "lyrics"
    AI = "ai"
    OWNS_RECORDING = "owns_recording"
    OWNS_COMPOSITION = "owns_composition"
    NO_COVER = "no_cover"


@dataclass(frozen=True)
class FilledTrack:
    """How far a track is filled in."""

    title: str
    has_recording: bool
    isrc: str = ""
    isrc_fits: bool = True
    credits: str = ""
    lyrics_fit: bool = True


@dataclass(frozen=True)
class Filled:
    """How far a draft is filled in."""

    kind: Kind
    artist_name: str
    country: str
    title: str
    ai: str
    owns_recording: bool
    owns_composition: bool
    no_cover: bool
    tracks: Sequence[FilledTrack]
    upc_fits: bool = True
    upc_is_free: bool = True
    due_fits: bool = True
    prelisten_has_due: bool = True
    prelisten_fits: bool = True
    territories_fit: bool = True
    artist_fits: bool = True
    """Of a label's release, whether its artist is on the roster."""


def missing(draft: Filled) -> tuple[Missing, ...]:
    """What is left to do about a draft as a whole, in the order of the page."""
    isrcs = [it.isrc for it in draft.tracks if it.isrc]
    is_release = draft.kind is Kind.RELEASE
    there = {
        Missing.TRACKS: not is_release or bool(draft.tracks),
        Missing.RECORDING: is_release or any(it.has_recording for it in draft.tracks),
        Missing.ARTIST_NAME: draft.artist_name or not draft.artist_fits,
        Missing.ARTIST: draft.artist_fits,
        Missing.COUNTRY: is_release or draft.country,
        Missing.TITLE: draft.title,
        Missing.UPC: draft.upc_fits,
        Missing.UPC_TAKEN: draft.upc_is_free,
        Missing.DUE: draft.due_fits,
        Missing.PRELISTEN_DUE: draft.prelisten_has_due,
        Missing.PRELISTEN: draft.prelisten_fits,
        Missing.TERRITORIES: draft.territories_fit,
        Missing.ISRC_TWICE: len(set(isrcs)) == len(isrcs),
        Missing.AI: draft.ai,
        Missing.OWNS_RECORDING: draft.owns_recording,
        Missing.OWNS_COMPOSITION: draft.owns_composition,
        Missing.NO_COVER: draft.no_cover,
    }
    return tuple(it for it, is_there in there.items() if not is_there)


def missing_in_track(track: FilledTrack) -> tuple[Missing, ...]:
    """What is left to do about one track of a release, in the order of its page."""
    there = {
        Missing.RECORDING: track.has_recording,
        Missing.TITLE: track.title,
        Missing.ISRC: track.isrc_fits,
        Missing.CREDITS: credits_fit(track.credits),
        Missing.LYRICS: track.lyrics_fit,
    }
    return tuple(it for it, is_there in there.items() if not is_there)


def roles_of(text: str) -> tuple[tuple[str, str], ...]:
    """Who did what, of one credit a line: "drums: Mei" gives ("drums", "Mei"); a full-width colon does too."""
    parts = (row.replace("：", ":").partition(":") for row in text.splitlines())
    return tuple((role.strip(), name.strip()) for role, _, name in parts if role.strip() and name.strip())


def credits_fit(text: str) -> bool:
    """Whether every line that says something is a role and a name."""
    return len(roles_of(text)) == sum(bool(row.strip()) for row in text.splitlines())


def gtins_under(prefix: str, *, after: str | None) -> Iterator[str]:
    """GTIN-13s under a GS1 company prefix, in order; none where all are behind `after`, the last that was given.

    What the prefix leaves of twelve digits numbers the release, and the thirteenth proves the others.
    """
    places = 12 - len(prefix)
    first = int(after[:12][len(prefix) :] or "0") + 1 if after else 0
    for number in range(first, 10**places):
        twelve = f"{prefix}{number:0{places}}" if places else prefix
        yield twelve + gtin_check_digit(twelve)


def due(local: str, zone: str) -> datetime | None:
    """The moment that clocks of a zone show `2026-12-01T18:00`; None where that is no time or no zone.

    An hour that clocks skip is the one after it; of one that they show twice it is the first.
    """
    try:
        shown = datetime.fromisoformat(local)
        if shown.tzinfo is not None:
            return None
        return shown.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    except (ValueError, OSError, ZoneInfoNotFoundError, OverflowError):
        return None


LEASE = timedelta(minutes=15)
"""How long a submission stays on an auditor's desk without a sign of them: longer than most pieces play."""


OPINION_LEASE = timedelta(days=7)
"""How long it stays its asker's while it waits for an opinion: longer than colleagues are away."""
RETURNED_LEASE = timedelta(days=1)
"""How long it stays theirs once the opinion came, until they look."""


class Hindrance(StrEnum):
    """Why an auditor may not decide."""

    OWN = "own"
    SAME_ARTIST = "same_artist"
    REFUSED_BEFORE = "refused_before"
    PASSED_ON = "passed_on"


@dataclass(frozen=True)
class Standing:
    """How an auditor stands to a submission."""

    is_own: bool
    shares_artist: bool
    """They applied themselves under the same artist's name."""
    refused_it: bool
    passed_it_on: bool


def hindrance(standing: Standing, *, appealed: bool) -> Hindrance | None:
    """Why an auditor may not decide; None when they may. An appeal is heard by another than who refused."""
    if standing.is_own:
        return Hindrance.OWN
    if standing.shares_artist:
        return Hindrance.SAME_ARTIST
    if appealed and standing.refused_it:
        return Hindrance.REFUSED_BEFORE
    if standing.passed_it_on:
        return Hindrance.PASSED_ON
    return None


USUAL_LEAST = 5
"""Decisions that it takes to say what is usual."""


def usual_wait(waits: Sequence[timedelta]) -> timedelta | None:
    """The median of recent waits; None where there were too few to say."""
    if len(waits) < USUAL_LEAST:
        return None
    return timedelta(seconds=statistics.median(wait.total_seconds() for wait in waits))


class UploadRefusal(StrEnum):
    """Why an upload may not begin."""

    LENGTH = "length"
    TOO_LARGE = "too_large"
    QUOTA = "quota"


TRACKS_MAX = 100
"""Tracks of one release."""
UPLOADS_AT_ONCE = TRACKS_MAX
"""Unfinished uploads of one account: a release, not ten thousand small files."""


def upload_refusal(
    length: int, *, bytes_max: int, held_bytes: int, account_bytes_max: int, held_count: int
) -> UploadRefusal | None:
    """Why an upload of so many bytes may not begin; None when it may."""
    if length < 1:
        return UploadRefusal.LENGTH
    if length > bytes_max:
        return UploadRefusal.TOO_LARGE
    if held_bytes + length > account_bytes_max or held_count >= UPLOADS_AT_ONCE:
        return UploadRefusal.QUOTA
    return None

"""The shapes that travel: what the API takes and gives. docs/api.md shows each by example."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Schema
from pydantic import AfterValidator, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

from alpheus.api.reasons import HOLDS_NUL
from alpheus.api.token import LIFETIME_MAX_DAYS, Scope
from alpheus.catalogue.lists import ArtistSort, GenreSort, RecordingSort, ReleaseSort
from alpheus.catalogue.models import Asset, Lyrics, Release
from alpheus.insight.radio import NUMBER_MAX
from alpheus.insight.seeds import SeedKind
from alpheus.listening.queue import QUEUE_MAX


def _without_nul(text: str) -> str:
    if "\0" in text:
        raise PydanticCustomError(HOLDS_NUL, "holds the character U+0000")  # `reasons` says it to people
    return text


Text = Annotated[str, AfterValidator(_without_nul)]
"""What may reach the database: PostgreSQL keeps every character but one."""
Rendition = Literal["aac-64", "aac-128", "aac-256", "flac"]
Gids = Annotated[list[UUID], Field(max_length=QUEUE_MAX)]
FewGids = Annotated[list[UUID], Field(max_length=50)]
DAY_MS = 24 * 60 * 60 * 1000


class Given(Schema):
    """What a caller sends: a field that is not known is a mistake, and said so."""

    model_config = ConfigDict(extra="forbid")


class Named(Schema):
    """A thing by its gid and title."""

    gid: UUID
    title: str
    language: str


class CreditLineOut(Schema):
    """Who did what."""

    role: str
    artist: "ArtistOut"


class WorkOut(Named):
    """A composition, and who made it."""

    iswc: str | None
    credits: list[CreditLineOut]


class CreditedArtistOut(Schema):
    """One artist of a credit, by the name used there."""

    gid: UUID
    name: str
    language: str
    join_phrase: str


class CreditOut(Schema):
    """How artists are named together."""

    name: str
    artists: list[CreditedArtistOut]


class CoverOut(Schema):
    """Artwork: `url` is the JPEG that everything reads; other sizes replace the width, others formats the ending."""

    digest: str
    hue: float
    chroma: float
    placeholder: str
    widths: list[int]
    url: str


class LoudnessOut(Schema):
    """Integrated loudness and true peak (EBU R128), of the recording and of its release."""

    track_lufs: float | None
    track_peak_dbtp: float | None
    album_lufs: float | None
    album_peak_dbtp: float | None


class RecordingOut(Schema):
    """A recording, with all that a player shows and needs."""

    gid: UUID
    title: str
    language: str
    credit: CreditOut
    release: Named | None
    duration_ms: int | None
    rate_hz: int | None
    samples: int | None
    loudness: LoudnessOut
    cover: CoverOut | None
    peaks: str | None = Field(description="400 bytes in base64: the waveform's peaks")
    has_lyrics: bool
    speech: bool = Field(description="whether a genre of its releases is spoken: audiobook, podcast, lecture")
    explicit: bool
    available: bool = Field(
        description="whether it is offered where the caller is, or theirs; lists and searches hold only what is"
    )
    appears_at: datetime | None = Field(
        default=None,
        description="when it appears: until then everybody hears its preview alone; null: it is out",
    )
    state: Asset.State
    renditions: list[str]


class RecordingDetailOut(RecordingOut):
    """A recording whole."""

    isrc: str | None
    quality: str = Field(description='of the source: "FLAC 24 bit 96 kHz"')
    range_lu: float | None = Field(description="loudness range (EBU Tech 3342)")
    credits: list[CreditLineOut]
    works: list[WorkOut]
    releases: list["ReleaseOut"] = Field(description="that it is on")
    versions: list["RecordingOut"] = Field(
        description="other recordings of the same works, the first fifty; all: `GET /recordings/{recording}/versions`"
    )


class RecordingsOut(Schema):
    """Recordings in the order asked for; those that are not here are left out."""

    items: list[RecordingOut]


class RecordingPage(RecordingsOut):
    """A page of recordings."""

    next: str | None = Field(description="the next page's cursor; null at the end")


class LyricsOut(Schema):
    """A recording's words."""

    form: Lyrics.Form
    language: str
    lines: list["LineOut"]


class WordOut(Schema):
    """A word and when it is sung."""

    start_ms: int | None = None
    text: str


class LineOut(Schema):
    """A line and when it is sung."""

    start_ms: int | None = None
    text: str
    words: list[WordOut] = Field(default_factory=list)


class ReleaseOut(Schema):
    """A release as lists show it."""

    gid: UUID
    title: str
    language: str
    type: Release.Type
    compilation: bool
    credit: CreditOut
    date: str = Field(description="YYYY, YYYY-MM or YYYY-MM-DD; empty where unknown")
    cover: CoverOut | None
    available: bool = Field(
        description="whether it is offered where the caller is; lists and searches hold only what is"
    )
    appears_at: datetime | None = Field(
        default=None,
        description="when it appears: until then previews are heard of it, and no list holds it; null: it is out",
    )


class ReleasePage(Schema):
    """A page of releases."""

    items: list[ReleaseOut]
    next: str | None = Field(description="the next page's cursor; null at the end")


class TrackOut(Schema):
    """A recording's place on a medium, with the title and credit printed there."""

    position: int
    title: str
    credit: CreditOut
    recording: RecordingOut


class MediumOut(Schema):
    """One disc, or the digital whole."""

    position: int
    title: str
    tracks: list[TrackOut]


class ReleaseDetailOut(ReleaseOut):
    """A release whole."""

    upc: str | None
    label: str = Field(description="as the release prints it")
    label_gid: UUID | None
    catalogue_number: str
    lossy: list[str] = Field(
        description="lossy files that any of its tracks were made from, such as MP3 128 kbit/s: FLAC will not sound better"
    )
    loudness_lufs: float | None
    true_peak_dbtp: float | None
    genres: list[str]
    genre_slugs: list[str] = Field(description="the same, as `GET /releases?genre=` wants them")
    credits: list[CreditLineOut] = Field(description="of all its recordings, each once")
    notes: str
    media: list[MediumOut]


class ArtistOut(Schema):
    """An artist as lists show them."""

    gid: UUID
    name: str
    sort_name: str
    language: str
    disambiguation: str


class ArtistDetailOut(ArtistOut):
    """An artist whole."""

    biography: str
    aliases: list[str]
    releases: list[ReleaseOut] = Field(description="their own: albums, EPs, singles, the newest first")
    appears_on: list[ReleaseOut] = Field(description="those of others that they are heard on")
    recordings: int = Field(description="how many recordings credit them")


class ArtistPage(Schema):
    """A page of artists."""

    items: list[ArtistOut]
    next: str | None = Field(description="the next page's cursor; null at the end")


class LabelOut(Schema):
    """A label."""

    gid: UUID
    name: str
    sort_name: str
    language: str


class CountedLabelOut(LabelOut):
    """A label as lists show it."""

    releases: int


class LabelPage(Schema):
    """A page of labels."""

    items: list[CountedLabelOut]
    next: str | None = Field(description="the next page's cursor; null at the end")


class GenreOut(Schema):
    """A genre."""

    slug: str
    name: str
    releases: int


class GenrePage(Schema):
    """A page of genres."""

    items: list[GenreOut]
    next: str | None = Field(description="the next page's cursor; null at the end")


class YearOut(Schema):
    """A year."""

    year: int
    releases: int


class YearPage(Schema):
    """A page of years."""

    items: list[YearOut]
    next: str | None = Field(description="the next page's cursor; null at the end")


class WhyOut(Schema):
    """Why something was chosen."""

    kind: Literal["seed", "listeners", "artist", "credit", "genre", "era"]
    name: str = Field(description="what or who is shared, or whose listeners it was")
    text: str = Field(description="one sentence in the reader's language")


class TunedOut(Schema):
    """A recording of a radio, and why."""

    recording: RecordingOut
    why: WhyOut


class RadioOut(Schema):
    """A queue made from something."""

    kind: SeedKind
    name: str = Field(description="what it begins from")
    number: int
    by: Literal["listeners", "tags"] = Field(
        description="what it mostly goes by: who heard what together, or tags while too few are known to have"
    )
    items: list[TunedOut]


class SimilarOut(Schema):
    """A similar artist, and why."""

    artist: ArtistOut
    why: WhyOut


class SimilarsOut(Schema):
    """Similar artists, the most similar first."""

    items: list[SimilarOut]
    next: str | None = Field(description="the next page's cursor; null at the end")


class StationOut(Schema):
    """A radio to start: `GET /radio/{kind}/{key}`."""

    kind: SeedKind
    key: str
    name: str
    language: str


class MadeForOut(Schema):
    """Radios made for the caller."""

    of: Literal["plays", "nothing"] = Field(description="from what they played, or from nothing yet")
    by: Literal["listeners", "tags"]
    items: list[StationOut]


class SungOut(Schema):
    """A line that was found, and the recording that it is sung in."""

    recording: RecordingOut
    line: int = Field(description="its place among the lines of the lyrics, from 0")
    text: str
    start_ms: int | None


class ShopOut(Schema):
    """A shop as lists show it."""

    handle: str = Field(description="its page is /@handle")
    name: str
    country: str = Field(description="ISO 3166-1 alpha-2")
    artist: UUID | None = Field(description="an independent's; null for a label's shop")
    label: UUID | None = Field(description="a label's; null for an independent's")
    kind: Literal["independent", "brand"] = Field(description="a musician's own, or a label's")
    opened_at: datetime


class PageIn(Schema):
    """Which page of a list."""

    cursor: str = Field("", description="`next` of the page before; empty for the first")
    limit: int = Field(50, ge=1, le=100, description="rows of a page")


class NarrowedIn(PageIn):
    """Which page of a list, of what is found by words."""

    q: Text = Field(
        "", max_length=200, description="words that it is found by, as in search; each may be begun only"
    )


class StartedIn(NarrowedIn):
    """Which page of a list, of what is found by words, from where on."""

    start: Text = Field(
        "",
        max_length=8,
        description="where the first page begins: a letter, kana or hangul initial in lists by name or title, a year in those by date",
    )


class ReleasesIn(StartedIn):
    """Which releases, in which order."""

    sort: ReleaseSort = "newest"
    type: Literal["", "single", "ep", "album"] = ""
    genre: Text = Field("", max_length=80, description="a genre's slug")
    year: int | None = Field(None, ge=1, le=9999)
    label: UUID | None = Field(None, description="a label's gid")
    artist: UUID | None = Field(None, description="whose own releases")
    appears: UUID | None = Field(None, description="who is heard or credited on releases of others")


class SimilarIn(PageIn):
    """Which page of similar artists."""

    limit: int = Field(12, ge=1, le=100, description="rows of a page")


class HeardMostIn(PageIn):
    """Which page of an artist's recordings that are heard most."""

    explicit: Literal["show", "hide"] | None = Field(
        None, description="whether explicit ones are among them; left out, as the account has it"
    )


class RecordingsIn(StartedIn):
    """Which recordings, in which order."""

    sort: RecordingSort = "newest"
    artist: UUID | None = Field(None, description="whose")
    explicit: Literal["show", "hide"] | None = Field(
        None, description="whether explicit ones are among them; left out, as the account has it"
    )


class ArtistsIn(StartedIn):
    """Which artists, in which order."""

    sort: ArtistSort = "name"


class GenresIn(StartedIn):
    """Which genres, in which order."""

    sort: GenreSort = "most"


class RadioIn(Schema):
    """Which radio of a seed, how long."""

    n: int = Field(0, ge=0, le=NUMBER_MAX, description="the same number is the same radio")
    limit: int = Field(50, ge=1, le=100)
    explicit: Literal["show", "hide"] | None = Field(
        None, description="whether explicit ones are among them; left out, as the account has it"
    )


class SomeIn(Schema):
    """Which recordings, by repeating `gid`."""

    gid: FewGids


class SearchIn(Schema):
    """What to look for."""

    q: str = Field(
        min_length=1, max_length=200, description="in any script; a space at its end finishes its last word"
    )
    kind: Literal["artist", "release", "recording", "lyrics", "playlist", "shop"] | None = Field(
        None, description="this kind alone, page by page"
    )
    cursor: str | None = Field(None, description="the last answer's `next`, with its `q` and `kind`")
    limit: int = Field(10, ge=1, le=50, description="of each kind")
    exactly: bool = Field(False, description="whether a text that finds nothing stays as it is")
    explicit: Literal["show", "hide"] | None = Field(
        None, description="whether explicit ones are among them; left out, as the account has it"
    )


class PlayedIn(Schema):
    """How many."""

    limit: int = Field(50, ge=1, le=100)


class ContinuesIn(Given):
    """A stream whose edge does not answer, and the last sequence that it answered with a batch; -1 for none."""

    stream: UUID
    sequence: int = Field(-1, ge=-1, lt=2**53)


class GrantOut(Schema):
    """web's word that a stream may hear a recording; `token` is for the edge."""

    id: str
    token: str
    recording: UUID
    preview: bool
    window_ms: tuple[int, int]
    expires_at: datetime


class GrantsOut(Schema):
    """Grants in the order asked for; those that were renewed come first."""

    grants: list[GrantOut]
    recordings: dict[str, RecordingOut] = Field(description="by gid, those that were granted anew")


class GrantsIn(Given):
    """More recordings to grant, and grants to renew."""

    recordings: FewGids = Field(default_factory=list)
    renew: FewGids = Field(default_factory=list)


class CancelIn(Given):
    """Grants of what will not be heard after all."""

    grants: FewGids


class MeOut(Schema):
    """Who calls, and on what terms they hear."""

    account: UUID | None
    name: str
    email: str
    operator: bool
    access: Literal["open", "members", "by_right"]
    hears: Literal["whole", "preview"] = Field(description="how much, without plan or purchase")


class SettingsOut(Schema):
    """What an account chose."""

    name: str
    language: str = Field(description="of pages and letters; empty follows Accept-Language")
    hides_explicit: bool


class SettingsIn(Given):
    """What of it to change; null or left out stays as it is."""

    name: Annotated[Text, StringConstraints(strip_whitespace=True, max_length=120)] | None = None
    language: Annotated[Text, StringConstraints(max_length=16)] | None = None
    hides_explicit: bool | None = None


class SignInOut(Schema):
    """One browser that is signed in."""

    id: int
    began_at: datetime
    address: str = Field(description="the network address that it signed in from")
    user_agent: str
    device: UUID | None = Field(description="the device that plays there, once something was heard")
    current: bool = Field(description="whether it is the one that asks")


class SignInsOut(Schema):
    """An account's sign-ins, the asking one first, then the latest."""

    items: list[SignInOut]


class ExportOut(Schema):
    """An account's data as one file, from when it was asked for until its time is over."""

    gid: UUID
    ready: bool
    size_bytes: int
    asked_at: datetime
    until: datetime


class DeletionIn(Given):
    """The password, so that a token alone deletes nothing."""

    password: Annotated[str, StringConstraints(max_length=4096)]


class DeletionOut(Schema):
    """When the account will be erased, unless it signs in before."""

    erase_at: datetime


Address = Annotated[Text, StringConstraints(strip_whitespace=True, to_lower=True, max_length=254)]
Password = Annotated[Text, StringConstraints(max_length=4096)]


class AccountIn(Given):
    """Open an account."""

    email: Address
    password: Password


class AccountOpenedOut(Schema):
    """What comes next."""

    confirm_first: bool = Field(description="whether it signs in only once the letter's link was opened")


class AddressIn(Given):
    """Whom to write to."""

    email: Address


class TokenIn(Given):
    """Make a token: with e-mail and password, or without both when signed in on the page."""

    email: Address = ""
    password: Annotated[str, StringConstraints(max_length=4096)] = ""
    code: Annotated[Text, StringConstraints(strip_whitespace=True, max_length=64)] = Field(
        "", description="of an account with a second factor: from its authenticator app, or a recovery code"
    )
    name: Annotated[Text, StringConstraints(strip_whitespace=True, max_length=120)] = ""
    scopes: list[Scope] = Field(default=[Scope.READ, Scope.LISTEN], min_length=1)
    days: int = Field(90, ge=1, le=LIFETIME_MAX_DAYS)


class TokenOut(Schema):
    """A token without its secret."""

    id: int
    name: str
    scopes: list[Scope]
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None


class NewTokenOut(TokenOut):
    """A new token: `token` is shown this once."""

    token: str


class TokensOut(Schema):
    """Tokens that hold, the newest first."""

    items: list[TokenOut]


class KeyLogFaultOut(Schema):
    """Damage in an edge's key log."""

    edge: str
    segment: str
    offset: int
    reason: str
    noticed_at: datetime


class OfficeOut(Schema):
    """What the operator asks of listening."""

    listening_now: int = Field(description="streams that hold a grant")
    key_log_faults: list[KeyLogFaultOut]


class ProblemError(Schema):
    """One fault of what was sent."""

    at: str = Field(description='a JSON pointer into the body, or "query.limit"')
    reason: str


class ProblemOut(Schema):
    """An error (RFC 9457)."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    errors: list[ProblemError] | None = None

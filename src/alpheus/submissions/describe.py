"""Save what is typed into a draft, field by field: whoever typed last, on whatever device, is right.

What does not fit its field's form is kept as it was typed, and the page says how to mend it (rules.missing).
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from alpheus.catalogue.models import Release
from alpheus.parties.know_artist import artist_key
from alpheus.parties.models import Account
from alpheus.rights.rules import Where
from alpheus.shops.brand.queries import rostered
from alpheus.submissions import rules
from alpheus.submissions.models import Submission, Track
from alpheus.submissions.rules import Ai, Kind, Prelisten
from alpheus.submissions.step import own_draft, own_track
from alpheus.values.language import language_from_tag
from alpheus.values.links import web_addresses
from alpheus.values.territory import CODES
from alpheus.values.text import line, lines

STATEMENT_MAX = 4000
NOTES_MAX = 20_000
LYRICS_MAX = 100_000
NAMES_MAX = 4000
DISCS_MAX = 99
DISC_TITLE_MAX = 500

Field = Callable[[str], str | bool | int]


def _country(text: str) -> str:
    code = text.strip().upper()
    return code if code in CODES else ""


def _flag(text: str) -> bool:
    return text == "on"


def _one(limit: int) -> Field:
    return lambda text: line(text, limit=limit)


def _several(limit: int) -> Field:
    return lambda text: lines(text, limit=limit).strip()


def _language(text: str) -> str:
    return language_from_tag(text)[:16]


def _disc(text: str) -> int:
    return min(max(int(text), 1), 99) if text.isascii() and text.isdigit() and len(text) < 4 else 1


def _disc_titles(text: str) -> str:
    """A title a disc. Empty lines before one stay: the second line is of the second disc."""
    rows = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")[:DISCS_MAX]
    return "\n".join(line(it, limit=DISC_TITLE_MAX) for it in rows).rstrip("\n")


def _territories(text: str) -> str:
    """Codes with spaces or commas between, in any case; kept are those that exist, each once."""
    codes = text.upper().replace(",", " ").split()
    return " ".join(sorted({it for it in codes if it in CODES}))


_DECLARED: Mapping[str, Field] = {
    "artist_name": _one(500),
    "title": _one(1000),
    "statement": _several(STATEMENT_MAX),
    "ai": lambda text: text if text in set(Ai) else "",
    "owns_recording": _flag,
    "owns_composition": _flag,
    "no_cover": _flag,
}
FIELDS: Mapping[Kind, Mapping[str, Field]] = {
    Kind.APPLICATION: {**_DECLARED, "country": _country, "links": web_addresses},
    Kind.RELEASE: {
        **_DECLARED,
        "type": lambda text: text if text in set(Release.Type) else "",
        "genres": _one(500),
        "language": _language,
        "notes": _several(NOTES_MAX),
        "upc": _one(40),
        "disc_titles": _disc_titles,
        "where": lambda text: text if text in set(Where) else "",
        "territories": _territories,
        "catalogue_number": _one(100),
        "due_local": _one(16),
        "prelisten": lambda text: text if text in set(Prelisten) else "",
        "prelisten_local": _one(16),
        "zone": _one(64),
    },
}
"""What may be saved of each kind, and how it is made fit."""
PRELISTEN = ("prelisten", "prelisten_local")
"""What says from when on previews are heard before it appears."""
MOMENTS = ("due_at", "prelisten_at")
"""What follows from what is typed of a day, a time and a zone."""
TRACK_FIELDS: Mapping[str, Field] = {
    "title": _one(1000),
    "artist_name": _one(1000),
    "disc": _disc,
    "isrc": _one(40),
    "explicit": _flag,
    "language": _language,
    "lyrics": _several(LYRICS_MAX),
    "composers": _several(NAMES_MAX),
    "lyricists": _several(NAMES_MAX),
    "publishers": _several(NAMES_MAX),
    "credits": _several(NAMES_MAX),
}
"""The same of a track of a release."""


@transaction.atomic
def describe(*, account: Account, gid: UUID, fields: Mapping[str, str], now: datetime) -> Submission:
    """Save some fields of a draft; names that are no field of its kind are passed over.

    Args:
        account: whose draft it is.
        gid: the draft's.
        fields: texts by name; a declaration is "on" or something else.
        now: the time.

    Raises:
        SubmissionUnknown: there is none of theirs.
        NotNow: it is handed in.
    """
    row = own_draft(gid, account)
    known = FIELDS[Kind(row.kind)]
    changed = {name: known[name](text) for name, text in fields.items() if name in known}
    if row.shop is not None:
        changed.pop("artist_name", None)  # it follows from whom of the roster it is by
    if row.release_id is not None:
        for name in PRELISTEN:  # what is out is heard
            changed.pop(name, None)
    for name, value in changed.items():
        setattr(row, name, value)
    if row.shop is not None and "artist" in fields:
        _choose_artist(row, fields["artist"])
    if "artist_name" in changed:
        row.artist_key = artist_key(row.artist_name)
    if changed.keys() & {"due_local", "zone"}:
        row.due_at = rules.due(row.due_local, row.zone)
    if changed.keys() & {"prelisten_local", "zone"}:
        row.prelisten_at = rules.due(row.prelisten_local, row.zone)
    row.changed_at = now
    row.save(update_fields=[*changed, "artist", "artist_name", "artist_key", *MOMENTS, "changed_at"])
    if "title" in changed and row.kind == Kind.APPLICATION:
        row.tracks.update(title=row.title)
    return row


def _choose_artist(row: Submission, text: str) -> None:
    """Whose of the roster it is, by gid; anything else is nobody. What is published stays its artist's."""
    if row.shop is None or row.release_id is not None:
        return
    try:
        chosen = rostered(row.shop, UUID(text)) if text else None
    except ValueError:
        chosen = None
    row.artist = chosen.artist if chosen else None
    row.artist_name = row.artist.name if row.artist else ""
    row.artist_key = row.artist.key if row.artist else ""


@transaction.atomic
def describe_track(
    *, account: Account, gid: UUID, track: UUID, fields: Mapping[str, str], now: datetime
) -> Track:
    """Save some fields of a track of a release's draft; names that are no field are passed over.

    Raises:
        SubmissionUnknown: there is none of theirs, or no such track in it.
        NotNow: it is handed in.
    """
    row = own_track(gid, track, account)
    changed = {name: TRACK_FIELDS[name](text) for name, text in fields.items() if name in TRACK_FIELDS}
    for name, value in changed.items():
        setattr(row, name, value)
    row.save(update_fields=list(changed))
    Submission.objects.filter(pk=row.submission_id).update(changed_at=now)
    return row

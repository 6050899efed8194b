"""Save what is typed into a draft, field by field: whoever typed last, on whatever device, is right."""

from collections.abc import Callable, Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from alpheus.parties.know_artist import artist_key
from alpheus.parties.models import Account
from alpheus.submissions.models import Submission
from alpheus.submissions.rules import Ai
from alpheus.submissions.step import own_draft
from alpheus.values.links import web_addresses
from alpheus.values.territory import CODES
from alpheus.values.text import line, lines

STATEMENT_MAX = 4000


def _country(text: str) -> str:
    code = text.strip().upper()
    return code if code in CODES else ""


def _flag(text: str) -> bool:
    return text == "on"


FIELDS: Mapping[str, Callable[[str], str | bool]] = {
    "artist_name": lambda text: line(text, limit=500),
    "country": _country,
    "links": web_addresses,
    "title": lambda text: line(text, limit=1000),
    "statement": lambda text: lines(text, limit=STATEMENT_MAX).strip(),
    "ai": lambda text: text if text in set(Ai) else "",
    "owns_recording": _flag,
    "owns_composition": _flag,
    "no_cover": _flag,
}
"""What may be saved, and how it is made fit."""


@transaction.atomic
def describe(*, account: Account, gid: UUID, fields: Mapping[str, str], now: datetime) -> Submission:
    """Save some fields of a draft; names that are no field are passed over.

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
    changed = {name: FIELDS[name](text) for name, text in fields.items() if name in FIELDS}
    for name, value in changed.items():
        setattr(row, name, value)
    if "artist_name" in changed:
        row.artist_key = artist_key(row.artist_name)
    row.changed_at = now
    row.save(update_fields=[*changed, "artist_key", "changed_at"])
    return row

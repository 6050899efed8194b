"""Change what a playlist is called, what it says of itself, and who may see it."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from alpheus.database.collated import collate
from alpheus.listening.library import changing
from alpheus.listening.library.errors import AccountNeeded, TitleMissing
from alpheus.listening.library.models import Playlist, PlaylistRevision
from alpheus.listening.library.rules import DESCRIPTION_MAX, TITLE_MAX, Action, needs_account
from alpheus.listening.models import Listener
from alpheus.values.collation import sort_keys
from alpheus.values.sort_names import sort_name
from alpheus.values.text import line, lines


@dataclass(frozen=True)
class Description:
    """What a playlist says of itself; None is left as it is."""

    title: str | None = None
    description: str | None = None
    visibility: str | None = None


@dataclass(frozen=True)
class Whole:
    """A description in which nothing is left open."""

    title: str
    description: str
    visibility: str


def checked(described: Description, listener: Listener, *, now: Playlist | None = None) -> Whole:
    """Make a description fit to keep.

    Raises:
        TitleMissing: it has no title.
        AccountNeeded: a guest cannot publish.
    """
    known = Whole(now.title, now.description, now.visibility) if now else Whole("", "", "private")
    whole = replace(
        known,
        title=line(described.title, limit=TITLE_MAX) if described.title is not None else known.title,
        description=lines(described.description, limit=DESCRIPTION_MAX)
        if described.description is not None
        else known.description,
        visibility=Playlist.Visibility(described.visibility or known.visibility).value,
    )
    if not whole.title:
        raise TitleMissing("A playlist needs a title. Give it one of at least a letter.")
    if needs_account(visibility=whole.visibility) and listener.account_id is None:
        raise AccountNeeded("Sign in to publish a playlist.")
    return whole


@transaction.atomic
def describe_playlist(
    *, listener: Listener, gid: UUID, described: Description, now: datetime, seen: int | None = None
) -> Playlist:
    """Describe a playlist anew. Of two at once the later counts, unless one says what it saw (`seen`).

    Raises:
        PlaylistUnknown, NotYours, ChangedMeanwhile: as `changing.begin`.
        TitleMissing: it would have no title.
        AccountNeeded: a guest cannot publish.
    """
    playlist = changing.begin(listener=listener, gid=gid, action=Action.DESCRIBE, seen=seen)
    whole = checked(described, listener, now=playlist)
    before = {"title": playlist.title, "description": playlist.description, "visibility": playlist.visibility}
    if Whole(**before) == whole:
        return playlist
    changing.note(playlist, by=listener, kind=PlaylistRevision.Kind.DESCRIBE, now=now, **before)
    put(playlist, whole)
    return playlist


def put(playlist: Playlist, whole: Whole) -> None:
    """Write a description down, and tell search."""
    playlist.title, playlist.description = whole.title, whole.description
    playlist.visibility, playlist.sort_title = whole.visibility, sort_name(whole.title)
    keys = sort_keys(whole.title)
    collate(playlist, keys)
    playlist.save(update_fields=["title", "description", "visibility", "sort_title", *keys.columns])
    changing.tell_search(playlist)

"""Keep a recording, a release, an artist or another's playlist, and let it go again."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.db import transaction
from django.db.models import Model

from alpheus.catalogue.errors import NotInCatalogue
from alpheus.catalogue.models import Recording, Release
from alpheus.listening.library.errors import PlaylistUnknown
from alpheus.listening.library.models import Keep, Playlist
from alpheus.listening.library.rules import KEPT_AGAIN_WITHIN, seen_by_anybody
from alpheus.listening.models import Listener
from alpheus.parties.models import Artist
from alpheus.search.tokens import folded
from alpheus.values.sort_names import sort_name

_NAME_MAX, _WORDS_MAX = 400, 900


class Kind(StrEnum):
    """What can be kept."""

    RECORDING = "recording"
    RELEASE = "release"
    ARTIST = "artist"
    PLAYLIST = "playlist"
    """Another's, that anybody may see; one's own are in the library anyway."""


Thing = Recording | Release | Artist | Playlist


@transaction.atomic
def keep(*, listener: Listener, kind: Kind, gid: UUID, now: datetime) -> Keep:
    """Keep something; what is kept already stays as it is, what was let go a moment ago has its old place.

    Raises:
        NotInCatalogue: it is not there.
        PlaylistUnknown: it is no playlist that anybody may see, or is their own.
    """
    thing = _playlist(listener, gid) if kind is Kind.PLAYLIST else _thing(kind, gid)
    kept, is_new = Keep.objects.select_for_update().get_or_create(
        listener=listener, **{kind.value: thing}, defaults={"kept_at": now, **_names(thing)}
    )
    if is_new or kept.let_go_at is None:
        return kept
    if now - kept.let_go_at > KEPT_AGAIN_WITHIN:
        kept.kept_at = now
    kept.let_go_at = None
    kept.save(update_fields=["kept_at", "let_go_at"])
    return kept


def let_go(*, listener: Listener, kind: Kind, gid: UUID, now: datetime) -> bool:
    """Let something go. Returns False when it was not kept."""
    kept = Keep.objects.filter(listener=listener, let_go_at=None, **{f"{kind.value}__gid": gid})
    return bool(kept.update(let_go_at=now))


def _thing(kind: Kind, gid: UUID) -> Recording | Release | Artist:
    models: dict[Kind, type[Model]] = {
        Kind.RECORDING: Recording,
        Kind.RELEASE: Release,
        Kind.ARTIST: Artist,
    }
    offered = {} if kind is Kind.ARTIST else {"removed_at": None}
    thing = models[kind]._default_manager.filter(gid=gid, **offered).first()  # noqa: SLF001 - of any model
    if not isinstance(thing, Recording | Release | Artist):
        raise NotInCatalogue("There is no such thing to keep; it may have been removed.")
    return thing


def _playlist(listener: Listener, gid: UUID) -> Playlist:
    seen = seen_by_anybody(Playlist.Visibility.values)
    others = Playlist.objects.exclude(owner=listener).select_related("owner__account")
    playlist = others.filter(gid=gid, deleted_at=None, visibility__in=seen).first()
    if playlist is None:
        raise PlaylistUnknown("There is no such playlist to keep. It may have been deleted, or is your own.")
    return playlist


def _names(thing: Thing) -> dict[str, str]:
    if isinstance(thing, Artist):
        return {"name": thing.sort_name[:_NAME_MAX], "words": folded(thing.name)[:_WORDS_MAX]}
    by = _whose(thing)
    return {
        "name": (sort_name(thing.title) if isinstance(thing, Recording) else thing.sort_title)[:_NAME_MAX],
        "by": sort_name(by)[:_NAME_MAX],
        "words": f"{folded(thing.title)[:_NAME_MAX]} {folded(by)[:_NAME_MAX]}",
    }


def _whose(thing: Recording | Release | Playlist) -> str:
    if not isinstance(thing, Playlist):
        return thing.credit.name
    return thing.owner.account.name if thing.owner.account else ""

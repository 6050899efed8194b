"""Clear what the catalogue does not name any more: rows of assets and covers, and objects of the store.

Nothing goes at once. A row that nothing names is marked, and goes a grace later if nothing names it then: who is still
listening has long stopped. Objects go when no row names them and all of their folder is older than the grace. Rows go
before their objects, objects in the reverse of the order in which they were written, each folder in a turn of
its own that an import waits for: a crash anywhere leaves only what the next run clears.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from alpheus.catalogue.cover_store import cover_of
from alpheus.catalogue.models import Asset, Cover, Recording, Release
from alpheus.database.turns import take_turn
from alpheus.packaging.errors import IndexCorrupt
from alpheus.packaging.rendition import read_index
from alpheus.packaging.rules import asset_of, stray_packs, takedown, untouched
from alpheus.storage.blobs import Blobs, Stored
from alpheus.storage.errors import StorageError
from alpheus.values.cleared import Cleared

SHARDS = tuple(f"{number:02x}" for number in range(256))
"""Assets and covers lie in folders by the first two digits of their names."""


@dataclass(frozen=True)
class Terms:
    """What may go, and how to know that it may.

    `removed` is how long a removed recording keeps its renditions, None for ever. `named_above` gives the keys of
    asset rows that rooms above the catalogue name, `covers_above` those of covers' rows; `import_under_way` tells
    whether an import is at work.
    """

    blobs: Blobs
    grace: timedelta
    removed: timedelta | None
    named_above: Callable[[], "QuerySet[Any, int | None]"]
    covers_above: Callable[[], "QuerySet[Any, int]"]
    import_under_way: Callable[[], bool]


def clear_objects(*, terms: Terms, now: datetime, dry_run: bool) -> Cleared:
    """Clear assets, renditions and covers that nothing names. Counts objects, with their bytes.

    While an import is under way nothing goes.

    Raises:
        StoreUnavailable: the object store failed; what went is gone, the rest goes next time.
    """
    if terms.import_under_way():
        return Cleared()
    if not dry_run:
        _mark(terms, now=now)
    going = _going(terms, now=now)
    if not dry_run:
        going = _forget(terms, now=now)
    sweep = _Sweep(terms, now - terms.grace, dry_run=dry_run)
    cleared = sum((sweep.assets(shard, going[0]) for shard in SHARDS), Cleared())
    return cleared + sum((sweep.covers(shard, going[1]) for shard in SHARDS), Cleared())


def clear_drafts(*, blobs: Blobs, before: datetime, dry_run: bool) -> Cleared:
    """Clear half-written objects of processes that were killed."""
    cleared = Cleared()
    for draft in list(blobs.drafts()):
        if draft.written_at < before:
            if not dry_run:
                blobs.discard(draft)
            cleared += Cleared(1, draft.size_bytes)
    return cleared


def _unnamed_assets(terms: Terms, *, now: datetime) -> QuerySet[Asset]:
    offered = Q(removed_at=None)
    if terms.removed is None:
        offered = Q()
    else:
        offered |= Q(removed_at__gt=now - terms.removed)
    named = Exists(Recording.objects.filter(offered, asset=OuterRef("pk")))
    return Asset.objects.filter(~named).exclude(pk__in=terms.named_above())


def _unnamed_covers(terms: Terms) -> QuerySet[Cover]:
    named = Exists(Release.objects.filter(cover=OuterRef("pk")))
    return Cover.objects.filter(~named).exclude(pk__in=terms.covers_above())


@transaction.atomic
def _mark(terms: Terms, *, now: datetime) -> None:
    """Write down since when rows are unnamed, and that others are named again."""
    take_turn("catalogue")
    assets, covers = _unnamed_assets(terms, now=now), _unnamed_covers(terms)
    Asset.objects.exclude(unnamed_since=None).exclude(pk__in=assets.values("pk")).update(unnamed_since=None)
    Cover.objects.exclude(unnamed_since=None).exclude(pk__in=covers.values("pk")).update(unnamed_since=None)
    assets.filter(unnamed_since=None).update(unnamed_since=now)
    covers.filter(unnamed_since=None).update(unnamed_since=now)


def _going(terms: Terms, *, now: datetime) -> tuple[set[str], set[str]]:
    """Keys of assets and digests of covers that were unnamed for a grace and still are."""
    due = Q(unnamed_since__lte=now - terms.grace)
    assets = _unnamed_assets(terms, now=now).filter(due).values_list("key", flat=True)
    return set(assets), set(_unnamed_covers(terms).filter(due).values_list("digest", flat=True))


@transaction.atomic
def _forget(terms: Terms, *, now: datetime) -> tuple[set[str], set[str]]:
    """Delete the rows that are due, unless an import has begun meanwhile. Returns whose they were."""
    take_turn("catalogue")
    if terms.import_under_way():
        return set(), set()
    assets, covers = _going(terms, now=now)
    for key in assets:
        Asset.objects.get(key=key).delete()  # its renditions with it; what it was the sound of stays, removed
    for digest in covers:
        Cover.objects.get(digest=digest).delete()
    return assets, covers


@dataclass(frozen=True)
class _Sweep:
    """One walk through the store."""

    terms: Terms
    before: datetime
    dry_run: bool

    def assets(self, shard: str, going: Collection[str]) -> Cleared:
        """Clear a shard's assets that have no row, and stray packs of the others."""
        folders = _folders(self.terms.blobs.stored(f"assets/{shard}"), asset_of)
        rows = Asset.objects.filter(key__startswith=shard).values_list("key", flat=True)
        named = set(rows) - set(going)
        cleared = Cleared()
        for asset, objects in folders.items():
            if asset in named:
                cleared += self._delete(self._stray(asset, objects))
            elif untouched(objects, since=self.before):
                cleared += self._take_down(takedown(objects), Asset.objects.filter(key=asset))
        return cleared

    def covers(self, shard: str, going: Collection[str]) -> Cleared:
        """Clear a shard's covers that have no row."""
        folders = _folders(self.terms.blobs.stored(f"covers/{shard}"), cover_of)
        rows = Cover.objects.filter(digest__startswith=shard).values_list("digest", flat=True)
        named = set(rows) - set(going)
        cleared = Cleared()
        for digest, objects in folders.items():
            if digest not in named and untouched(objects, since=self.before):
                cleared += self._take_down(objects, Cover.objects.filter(digest=digest))
        return cleared

    def _stray(self, asset: str, objects: list[Stored]) -> list[Stored]:
        def packs_of(rendition: str) -> Collection[str] | None:
            try:
                index = read_index(self.terms.blobs, asset, rendition)
            except (StorageError, IndexCorrupt):
                return None
            return index.pack_path(0), index.pack_path(1)

        return stray_packs(objects, packs_of=packs_of, since=self.before)

    def _take_down(self, objects: list[Stored], namers: QuerySet[Asset] | QuerySet[Cover]) -> Cleared:
        """Delete a folder's objects in a turn that an import waits for, unless one has begun or a row is there now."""
        if self.dry_run:
            return _counted(objects)
        with transaction.atomic():
            take_turn("catalogue")
            if namers.exists() or self.terms.import_under_way():
                return Cleared()
            return self._delete(objects)

    def _delete(self, objects: list[Stored]) -> Cleared:
        if not self.dry_run:
            for each in objects:
                self.terms.blobs.delete(each.path)
        return _counted(objects)


def _counted(objects: Collection[Stored]) -> Cleared:
    return Cleared(len(objects), sum(each.size_bytes for each in objects))


def _folders(objects: Iterable[Stored], owner: Callable[[str], str | None]) -> dict[str, list[Stored]]:
    """Objects by whose they are; others' are left out."""
    folders: dict[str, list[Stored]] = {}
    for each in objects:
        name = owner(each.path)
        if name is not None:
            folders.setdefault(name, []).append(each)
    return folders

"""Which objects of an asset nobody needs, and in which order to take them away. Pure.

The order is the reverse of the one in which ingest writes them, so that what a crash leaves half gone is to ingest what
a crash of its own would have left: it begins again where the objects end.
"""

import re
from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from typing import Protocol, TypeVar

_PLACE = re.compile(r"assets/[0-9a-f]{2}/([0-9a-f]{32})/([^/]+)\Z")
_PACK = re.compile(r"([a-z0-9-]+)\.([0-9a-f]{32})\.([ab])\Z")
_INDEX = re.compile(r"(?!manifest-)[a-z0-9-]+\.json\Z")
_FINGERPRINT = re.compile(r"fingerprint-[a-z0-9-]+\Z")
_MANIFESTS = (
    "manifest-recognise.json",
    "manifest-examine.json",
    "manifest-measure.json",
    "manifest-decode.json",
    "manifest-probe.json",
)


class Stored(Protocol):
    """What is known of an object: where it lies and when it was written."""

    @property
    def path(self) -> str:
        """Its name in the store."""

    @property
    def written_at(self) -> datetime:
        """When it was put there."""


S = TypeVar("S", bound=Stored)


def asset_of(path: str) -> str | None:
    """The asset that an object belongs to; None for what is no object of an asset's."""
    match = _PLACE.match(path)
    return match[1] if match else None


def untouched(objects: Iterable[Stored], *, since: datetime) -> bool:
    """Whether all of some objects were written before a time: nobody is at work there."""
    return all(each.written_at < since for each in objects)


def takedown(objects: Iterable[S]) -> list[S]:
    """An asset's objects in the order in which they go; what we did not write there is left out and stays."""
    known = [each for each in objects if _turn(each.path) is not None]
    return sorted(known, key=lambda each: (_turn(each.path) or 0, each.path))


def stray_packs(
    objects: Collection[S], *, packs_of: Callable[[str], Collection[str] | None], since: datetime
) -> list[S]:
    """Packs of an asset that no index names, because a writer was killed before it published.

    Args:
        objects: all of one asset's.
        packs_of: the names of packs in a rendition's index, or None when its index cannot be read: then
            nothing is known, and its packs stay. It is asked only where there are more packs than an index names.
        since: packs written since then may belong to a writer at work.
    """
    indexes = {_name(each.path).removesuffix(".json") for each in objects if _INDEX.match(_name(each.path))}
    packs: dict[str, list[S]] = {}
    for each in objects:
        match = _PACK.match(_name(each.path))
        if match:
            packs.setdefault(match[1], []).append(each)
    stray: list[S] = []
    for rendition, found in packs.items():
        named: Collection[str] | None = ()
        if rendition in indexes:
            named = packs_of(rendition) if len(found) > 2 else None  # a published index has both its packs
        if named is not None:
            stray += [each for each in found if each.path not in named and each.written_at < since]
    return stray


def _name(path: str) -> str:
    return path.rpartition("/")[2]


def _turn(path: str) -> int | None:
    name = _name(path)
    if _INDEX.match(name):
        return 0
    if _PACK.match(name):
        return 1
    if _FINGERPRINT.match(name):
        return 3  # written before the manifest that tells of it
    if name not in _MANIFESTS:
        return None
    at = _MANIFESTS.index(name)
    return 2 + at if at == 0 else 3 + at

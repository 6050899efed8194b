"""What a new version of a release changes, told apart field by field. Pure decisions."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum


class What(StrEnum):
    """What can differ between two versions, in the order in which it is told."""

    TITLE = "title"
    ARTIST = "artist"
    TYPE = "type"
    COVER = "cover"
    """The digests that the images are found by."""
    AUDIO = "audio"
    """The gids of the recordings that are heard."""
    ADDED = "added"
    REMOVED = "removed"
    PLACE = "place"
    """Disc and number: 1.2; told of tracks that changed places with others, not of those that only moved up."""
    COMPOSERS = "composers"
    LYRICISTS = "lyricists"
    PUBLISHERS = "publishers"
    CREDITS = "credits"
    AI = "ai"
    TERRITORIES = "territories"
    """rights' Where and ISO 3166-1 codes: only CN JP; empty is everywhere."""
    ISRC = "isrc"
    UPC = "upc"
    CATALOGUE_NUMBER = "catalogue_number"
    DUE = "due"
    """Since when the former is heard, and when the new one takes its place (ISO 8601)."""
    DISC_TITLES = "disc_titles"
    EXPLICIT = "explicit"
    LANGUAGE = "language"
    GENRES = "genres"
    LYRICS = "lyrics"
    NOTES = "notes"


@dataclass(frozen=True)
class Told:
    """One track of a version, and what is told of it."""

    key: str
    """Its gid."""
    former: str
    """The gid of the track that it was copied from; empty where it was not."""
    recording: str
    """The gid of what is heard; empty where there is no sound."""
    place: str
    fields: Mapping[What, str]


@dataclass(frozen=True)
class Version:
    """A version of a release: what is told of the whole, and its tracks in order."""

    fields: Mapping[What, str]
    tracks: Sequence[Told]


@dataclass(frozen=True)
class Change:
    """One difference: the former beside the new."""

    what: What
    before: str
    after: str
    track: str = ""
    """The gid of the new version's track, of one that was taken out the former's; empty: the release as a whole."""


def changes(former: Version, new: Version) -> list[Change]:
    """All differences: the release's own, then its tracks' in their new order, then those that were taken out."""
    pairs = _pairs(former.tracks, new.tracks)
    moved = _moved(former.tracks, new.tracks, pairs)
    found = [*_of_fields(former.fields, new.fields)]
    for track in new.tracks:
        before = pairs.get(track.key)
        if before is None:
            found.append(Change(What.ADDED, "", track.recording, track.key))
            continue
        found += _of_track(before, track, has_moved=track.key in moved)
    kept = {it.key for it in pairs.values()}
    gone = (it for it in former.tracks if it.key not in kept)
    return [*found, *(Change(What.REMOVED, it.recording, "", it.key) for it in gone)]


def _of_fields(before: Mapping[What, str], after: Mapping[What, str], track: str = "") -> list[Change]:
    asked = ((it, before.get(it, ""), after.get(it, "")) for it in What)
    return [Change(what, old, new, track) for what, old, new in asked if old != new]


def _of_track(before: Told, after: Told, *, has_moved: bool) -> list[Change]:
    found = []
    if before.recording != after.recording:
        found.append(Change(What.AUDIO, before.recording, after.recording, after.key))
    if has_moved:
        found.append(Change(What.PLACE, before.place, after.place, after.key))
    return [*found, *_of_fields(before.fields, after.fields, after.key)]


def _pairs(former: Sequence[Told], new: Sequence[Told]) -> dict[str, Told]:
    """The former's track of each of the new one's, by its gid: copied from it, or heard as it, or copied as it was."""
    left = list(former)
    found: dict[str, Told] = {}
    for is_same in _SAME:
        for track in new:
            match = None if track.key in found else next((it for it in left if is_same(it, track)), None)
            if match is not None:
                found[track.key] = match
                left.remove(match)
    return found


_SAME: Sequence[Callable[[Told, Told], bool]] = (
    lambda old, new: new.former == old.key,
    lambda old, new: bool(new.recording) and new.recording == old.recording,
    lambda old, new: bool(new.former) and new.former == old.former,
)
"""What makes two tracks the same, the surest first."""


def _moved(former: Sequence[Told], new: Sequence[Told], pairs: Mapping[str, Told]) -> set[str]:
    """Which kept tracks changed places with others, or went to another disc."""
    kept = {it.key for it in pairs.values()}
    before = [it.key for it in former if it.key in kept]
    after = [pairs[it.key].key for it in new if it.key in pairs]
    stayed = {
        key
        for block in SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks()
        for key in before[block.a : block.a + block.size]
    }
    return {
        it.key
        for it in new
        if it.key in pairs
        and (pairs[it.key].key not in stayed or _disc(pairs[it.key].place) != _disc(it.place))
    }


def _disc(place: str) -> str:
    return place.partition(".")[0]

"""Nothing that is named ever goes; what nothing names goes after its grace, also after a crash half-way."""

import os
import shutil
import tempfile
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import music
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alpheus.catalogue.clear_objects import Terms, clear_drafts, clear_objects
from alpheus.catalogue.cover_store import cover_path
from alpheus.catalogue.models import Asset, Cover, Recording, Release, Rendition
from alpheus.packaging.boxes import Packet
from alpheus.packaging.layout import Layout
from alpheus.packaging.rendition import RenditionWriter, asset_folder, read_index
from alpheus.storage.blobs import Blobs
from alpheus.storage.errors import StoreUnavailable
from alpheus.values.cleared import Cleared

pytestmark = pytest.mark.django_db

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
OLD = NOW - 30 * DAY
MANIFESTS = (
    "manifest-probe.json",
    "manifest-decode.json",
    "manifest-measure.json",
    "manifest-examine.json",
    "fingerprint-landmarks-1",
    "manifest-recognise.json",
)


class Store:
    """A folder of blobs whose ages a test sets."""

    def __init__(self, folder):
        self.folder = folder
        self.blobs = Blobs.open(folder.as_uri())

    def put(self, path, *, written=OLD):
        self.blobs.put(path, path.encode())
        self.age(path, written)

    def age(self, path, written):
        os.utime(self.folder / path, (written.timestamp(), written.timestamp()))

    def asset(self, key, *, written=OLD):
        """An asset with one rendition; its paths."""
        for name in MANIFESTS:
            self.blobs.put(f"{asset_folder(key)}/{name}", name.encode())
        with RenditionWriter(
            self.blobs, kek=bytes(32), asset=key, name="flac", mime="audio/mp4", delay_samples=0, init=b"",
            layout=Layout(rate_hz=44_100, frame_samples=10, frames_per_chunk=2),
        ) as out:  # fmt: skip
            out.add(Packet(b"a" * 9, 10), Packet(b"b" * 9, 10))
            out.finish(samples=10)
        paths = {path for path, _ in self.blobs.listing(asset_folder(key))}
        for path in paths:
            self.age(path, written)
        return paths

    def cover(self, digest, *, written=OLD):
        paths = {cover_path(digest, 96, extension) for extension in ("avif", "webp", "jpg")}
        for path in paths:
            self.put(path, written=written)
        return paths

    def paths(self):
        return {path for path, _ in self.blobs.listing("")}


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "objects")


def terms_of(store, **changes):
    usual = Terms(
        blobs=store.blobs,
        grace=DAY,
        removed=180 * DAY,
        named_above=lambda: Asset.objects.none().values_list("pk", flat=True),
        covers_above=lambda: Cover.objects.none().values_list("pk", flat=True),
        import_under_way=lambda: False,
    )
    return replace(usual, **changes)


def clean(store, *, now=NOW, dry_run=False, **changes):
    return clear_objects(terms=terms_of(store, **changes), now=now, dry_run=dry_run)


def test_what_a_recording_or_release_names_stays_for_ever(store):
    row = music.recording()
    cover = Cover.objects.create(digest="c" * 64, hue=1, chroma=0.01, placeholder="")
    music.release(cover=cover)
    paths = store.asset(row.asset.key) | store.cover("c" * 64)
    for days in range(0, 900, 100):
        assert clean(store, now=NOW + days * DAY) == Cleared()
    assert paths <= store.paths()


def test_objects_without_a_row_go_when_all_of_their_folder_is_older_than_the_grace(store):
    gone = store.asset("a" * 32) | store.cover("a" * 64)
    young = store.asset("b" * 32) | store.cover("b" * 64)
    store.age(f"{asset_folder('b' * 32)}/flac.json", NOW)
    store.age(cover_path("b" * 64, 96, "jpg"), NOW)
    size = sum(size for path, size in store.blobs.listing("") if path in gone)
    assert clean(store) == Cleared(len(gone), size)
    assert store.paths() == young


def test_a_dry_run_tells_the_same_and_changes_nothing(store):
    row = music.recording()
    Recording.objects.all().delete()
    store.asset(row.asset.key)
    store.asset("a" * 32)
    Asset.objects.update(unnamed_since=NOW - 2 * DAY)
    before, marks = store.paths(), list(Asset.objects.values())
    told = clean(store, dry_run=True)
    assert (store.paths(), list(Asset.objects.values())) == (before, marks)
    assert clean(store) == told
    assert told.things == len(before)


def test_a_row_that_nothing_names_is_marked_first_and_goes_a_grace_later(store):
    row = music.recording()
    store.asset(row.asset.key)
    Recording.objects.update(asset=None)
    assert clean(store) == Cleared(), "who listens to it now goes on"
    assert clean(store, now=NOW + DAY / 2) == Cleared()
    assert clean(store, now=NOW + DAY).things == len(MANIFESTS) + 3
    assert not Asset.objects.exists()
    assert not Rendition.objects.exists()
    assert store.paths() == set()


def test_a_row_that_is_named_again_meanwhile_begins_anew(store):
    row = music.recording()
    store.asset(row.asset.key)
    Recording.objects.update(asset=None)
    clean(store)
    Recording.objects.update(asset=row.asset)
    clean(store, now=NOW + DAY)
    Recording.objects.update(asset=None)
    assert clean(store, now=NOW + 2 * DAY) == Cleared()
    assert Asset.objects.get().unnamed_since == NOW + 2 * DAY


def test_what_a_room_above_names_stays(store):
    row = music.recording()
    paths = store.asset(row.asset.key)
    Recording.objects.update(asset=None)
    for days in (0, 2, 4):
        clean(store, now=NOW + days * DAY, named_above=lambda: Asset.objects.values_list("pk", flat=True))
    assert store.paths() == paths


def test_renditions_of_a_removed_recording_go_after_their_time_and_the_recording_stays(store):
    row = music.recording()
    paths = store.asset(row.asset.key)
    Recording.objects.update(removed_at=NOW)
    for days in (1, 2, 179):
        clean(store, now=NOW + days * DAY)
    assert store.paths() == paths
    clean(store, now=NOW + 180 * DAY, removed=None)
    assert Asset.objects.get().unnamed_since is None, "for ever, when that is the setting"
    clean(store, now=NOW + 180 * DAY)
    clean(store, now=NOW + 181 * DAY)
    assert store.paths() == set()
    assert Recording.objects.get().asset is None


def test_while_an_import_is_under_way_nothing_goes(store):
    row = music.recording()
    Recording.objects.update(asset=None)
    Asset.objects.update(unnamed_since=OLD)
    paths = store.asset(row.asset.key) | store.asset("a" * 32)
    assert clean(store, import_under_way=lambda: True) == Cleared()
    begun = iter([False, *[True] * 9])
    assert clean(store, import_under_way=lambda: next(begun)).things == 0, "also one that begins just then"
    assert store.paths() == paths
    assert Asset.objects.exists()


def test_packs_that_no_index_names_go_and_those_it_names_stay(store):
    row = music.recording()
    paths = store.asset(row.asset.key)
    left = {f"{asset_folder(row.asset.key)}/{name}.{'9' * 32}.a" for name in ("flac", "aac-64")}
    for path in left:
        store.put(path)
    store.put(f"{asset_folder(row.asset.key)}/aac-256.{'8' * 32}.a", written=NOW)
    assert clean(store).things == 2
    assert store.paths() - paths == {f"{asset_folder(row.asset.key)}/aac-256.{'8' * 32}.a"}
    assert read_index(store.blobs, row.asset.key, "flac")


def test_what_we_did_not_write_stays(store):
    store.put("backup/notes.txt")
    store.put(f"{asset_folder('a' * 32)}/notes.txt")
    store.put("covers/readme")
    paths = store.paths()
    assert clean(store) == Cleared()
    assert store.paths() == paths


def test_half_written_objects_go_when_they_are_old(store):
    for name, written in (("old", OLD), ("young", NOW)):
        (store.folder / f"{name}#123").write_bytes(b"half")
        os.utime(store.folder / f"{name}#123", (written.timestamp(), written.timestamp()))
    assert clear_drafts(blobs=store.blobs, before=NOW - DAY, dry_run=True) == Cleared(1, 4)
    assert clear_drafts(blobs=store.blobs, before=NOW - DAY, dry_run=False) == Cleared(1, 4)
    assert [path.name for path in store.folder.iterdir()] == ["young#123"]


class Dying(Blobs):
    """A store that fails after so many deletions: a crash half-way."""

    left = 0

    def delete(self, path):
        if not self.left:
            raise StoreUnavailable("gone")
        self.left -= 1
        super().delete(path)


@pytest.mark.parametrize("deletions", range(9))
def test_a_crash_half_way_leaves_a_sound_store_that_the_next_run_finishes(store, deletions):
    kept, lost = music.recording("Kept"), music.recording("Lost")
    Recording.objects.filter(title="Lost").delete()
    paths = store.asset(kept.asset.key)
    store.asset(lost.asset.key)
    store.cover("a" * 64)
    Asset.objects.filter(pk=lost.asset.pk).update(unnamed_since=OLD)
    dying = Dying.open(store.folder.as_uri())
    dying.left = deletions
    with pytest.raises(StoreUnavailable):
        clean(store, blobs=dying)
    assert Asset.objects.get() == kept.asset, "rows go first: none tells of what is half gone"
    rest = {path.rpartition("/")[2] for path, _ in store.blobs.listing(asset_folder(lost.asset.key))}
    assert "flac.json" not in rest or len(rest) == len(MANIFESTS) + 3, "what has an index is whole"
    assert "manifest-probe.json" in rest or "manifest-decode.json" not in rest, "ingest can begin again"
    clean(store)
    assert store.paths() == paths


@dataclass(frozen=True)
class Lot:
    """What one asset and its cover are like."""

    row: bool
    named: bool
    removed_days: int | None
    unnamed_days: float | None
    age_days: float
    strays: int


LOTS = st.lists(
    st.builds(
        Lot,
        row=st.booleans(),
        named=st.booleans(),
        removed_days=st.none() | st.sampled_from([1, 400]),
        unnamed_days=st.none() | st.sampled_from([0.5, 3]),
        age_days=st.sampled_from([0.2, 5]),
        strays=st.integers(0, 2),
    ),
    max_size=6,
)


@pytest.mark.slow
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lots=LOTS)
def test_over_random_sets_nothing_named_goes_and_all_that_is_due_does(lots):
    for model in (Recording, Release, Asset, Cover):
        model.objects.all().delete()
    folder = Path(tempfile.mkdtemp(prefix="alpheus-clean-"))
    try:
        store = Store(folder)
        stays = set().union(*(furnish(store, number, lot) for number, lot in enumerate(lots)))
        everything = store.paths()
        told = clean(store, dry_run=True)
        assert store.paths() == everything
        assert clean(store) == told
        assert store.paths() == stays
        assert told.things == len(everything - stays)
        assert clean(store) == Cleared()
    finally:
        shutil.rmtree(folder)


def furnish(store, number, lot):
    """Put a lot into the store and the catalogue; gives the paths that must stay, by the rules as they are stated."""
    written = NOW - lot.age_days * DAY
    key, digest = f"{number:032x}", f"{number:064x}"
    paths, images = store.asset(key, written=written), store.cover(digest, written=written)
    strays = {f"{asset_folder(key)}/flac.{digit:032x}.a" for digit in range(lot.strays)}
    for path in strays:
        store.put(path, written=written)
    young = lot.age_days < 1
    if not lot.row:
        return paths | images | strays if young else set()
    marked = None if lot.unnamed_days is None else NOW - lot.unnamed_days * DAY
    asset = Asset.objects.create(key=key, source_sha256=key * 2, unnamed_since=marked)
    cover = Cover.objects.create(digest=digest, hue=1, chroma=0, placeholder="", unnamed_since=marked)
    if lot.named:
        Release.objects.create(title="t", sort_title="t", credit=music.credit(), type="album", cover=cover)
        removed = None if lot.removed_days is None else NOW - lot.removed_days * DAY
        Recording.objects.create(title="t", credit=music.credit(), asset=asset, removed_at=removed)
    due = lot.unnamed_days is not None and lot.unnamed_days >= 1 and not young
    forgotten = due and (not lot.named or lot.removed_days == 400)
    kept = set() if forgotten else paths | (strays if young else set())
    return kept | (set() if due and not lot.named else images)


def test_every_relation_to_an_asset_or_cover_is_thought_of():
    """A new table that names assets or covers must be told to cleaning."""
    named = {relation.get_accessor_name() for relation in Asset._meta.related_objects}
    assert named == {"renditions", "recordings", "files"}
    assert {relation.get_accessor_name() for relation in Cover._meta.related_objects} == {"releases"}

"""Which objects of an asset may go."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from alpheus.packaging.rules import asset_of, stray_packs, takedown, untouched

ASSET = "ab" * 16
FOLDER = f"assets/ab/{ASSET}"
NOW = datetime(2027, 3, 1, tzinfo=UTC)
SINCE = NOW - timedelta(hours=24)
NAMES = ("aac-128", "flac")


@dataclass(frozen=True)
class Object:
    path: str
    written_at: datetime = NOW - timedelta(days=9)


def packs(name, digit, **more):
    return [Object(f"{FOLDER}/{name}.{digit * 32}.{variant}", **more) for variant in "ab"]


def test_an_object_tells_its_asset_and_other_objects_none():
    assert asset_of(f"{FOLDER}/flac.json") == ASSET
    for other in ("doctor/probe", "assets/ab/short/flac.json", f"{FOLDER}/deeper/flac.json", f"{FOLDER}"):
        assert asset_of(other) is None


def test_it_goes_in_the_reverse_of_the_order_in_which_it_was_written():
    manifests = [f"manifest-{name}.json" for name in ("probe", "decode", "measure", "examine", "recognise")]
    names = (*manifests, "fingerprint-landmarks-1", "flac.json", "notes.txt")
    objects = [*(Object(f"{FOLDER}/{name}") for name in names), *packs("flac", "1")]
    order = [each.path.removeprefix(f"{FOLDER}/").replace("1" * 32, "…") for each in takedown(objects)]
    assert order == [
        "flac.json",
        "flac.….a",
        "flac.….b",
        "manifest-recognise.json",
        "fingerprint-landmarks-1",
        "manifest-examine.json",
        "manifest-measure.json",
        "manifest-decode.json",
        "manifest-probe.json",
    ], "and what we did not write stays"


def test_packs_of_an_index_that_cannot_be_read_stay():
    objects = [Object(f"{FOLDER}/flac.json"), *packs("flac", "1"), *packs("flac", "2")]
    assert stray_packs(objects, packs_of=lambda _: None, since=SINCE) == []


def test_one_young_object_means_somebody_is_at_work():
    assert untouched(packs("flac", "1"), since=SINCE)
    assert not untouched([*packs("flac", "1"), Object(f"{FOLDER}/x", NOW)], since=SINCE)


@given(
    st.lists(
        st.tuples(st.sampled_from(NAMES), st.sampled_from("123"), st.booleans()), unique_by=lambda it: it[:2]
    ),
    st.dictionaries(st.sampled_from(NAMES), st.sampled_from("123")),
)
def test_no_named_and_no_young_pack_is_stray_and_all_others_are(written, indexed):
    objects = [
        each
        for name, digit, young in written
        for each in packs(name, digit, written_at=NOW if young else NOW - timedelta(days=2))
    ]
    for name, digit in indexed.items():  # a published index has its packs
        objects = [it for it in objects if f"/{name}.{digit}" not in it.path] + packs(name, digit)
        objects.append(Object(f"{FOLDER}/{name}.json"))
    named = {pack.path for name, digit in indexed.items() for pack in packs(name, digit)}

    stray = stray_packs(objects, packs_of=lambda name: [p for p in named if f"/{name}." in p], since=SINCE)

    expected = {
        it.path
        for it in objects
        if it.written_at < SINCE and not it.path.endswith(".json") and it.path not in named
    }
    assert {it.path for it in stray} == expected

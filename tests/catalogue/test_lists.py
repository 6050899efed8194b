"""Lists are narrowed to words by search's own tokens, and begun at an initial or a year; page by page, losing nothing."""

import music
import pytest

from alpheus.catalogue import lists
from alpheus.catalogue.indexing import index_recording, index_release
from alpheus.catalogue.models import Genre, Recording
from alpheus.parties.know_label import know_label
from alpheus.search import narrow
from alpheus.values.collation import INITIALS, READERS, begins, sort_keys
from alpheus.values.sort_names import sort_name

pytestmark = pytest.mark.django_db

TITLES = ("夜曲", "夜に駆ける", "Yellow", "봄날", "あいみょん", "カノン", "Nocturne", "Ebb", "88")


@pytest.fixture
def titled():
    for title in TITLES:
        row = music.recording(title, by="Tide")
        row.sort_title = sort_name(title)
        row.save()
        index_recording(row)


def whole(ask, size=2):
    """All rows of a list, read page by page."""
    found, cursor = [], None
    while True:
        page = ask(cursor=cursor, size=size)
        found += page.rows
        if page.next is None:
            return found
        cursor = page.next


@pytest.fixture(params=["named", "sifted"])
def way(request, monkeypatch):
    """Both ways to narrow: few are named, of many the list is walked in short stretches."""
    if request.param == "sifted":
        monkeypatch.setattr(narrow, "FEW", 0)
        monkeypatch.setattr(lists, "STRETCH", 2)


@pytest.mark.usefixtures("titled", "way")
@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("ye", {"夜曲", "夜に駆ける", "Yellow"}),
        ("夜", {"夜曲", "夜に駆ける"}),
        ("yequ", {"夜曲"}),
        ("ㅂㄴ", {"봄날"}),
        ("kanon", {"カノン"}),
        ("カノ", {"カノン"}),
        ("tide eb", {"Ebb"}),
        ("tide", set(TITLES)),
        ("nothing is called so", set()),
        ("?!", set()),
        ("  ", set(TITLES)),
    ],
)
@pytest.mark.parametrize("sort", ["title", "newest"])
def test_recordings_by_words(words, found, sort):
    rows = whole(lambda **given: lists.recordings(sort=sort, words=words, **given))
    assert {row.title for row in rows} == found
    assert len(rows) == len(found)
    every = [row.pk for row in whole(lambda **given: lists.recordings(sort=sort, **given))]
    assert [row.pk for row in rows] == [pk for pk in every if pk in {row.pk for row in rows}]


@pytest.mark.usefixtures("way")
def test_releases_and_artists_by_words():
    for title, by in (("夜曲集", "周杰倫"), ("Estuary", "Tide"), ("Yes", "Tove")):
        index_release(music.release(title, by=by))
    assert {row.title for row in whole(lambda **it: lists.releases(words="ye", **it))} == {"夜曲集", "Yes"}
    assert {row.title for row in whole(lambda **it: lists.releases(words="zhou", **it))} == {"夜曲集"}
    assert {row.name for row in whole(lambda **it: lists.artists(words="zhoujie", **it))} == {"周杰倫"}
    only = lists.Filter(artist=lists.Artist.objects.get(name="Tove").gid)
    assert [row.title for row in whole(lambda **it: lists.releases(words="ye", only=only, **it))] == ["Yes"]


def test_labels_genres_and_years_by_words():
    release = music.release(label=know_label(name="夜航船"), year=1998, released=19980101)
    release.genres.add(Genre.objects.create(name="夜曲", slug="nocturne", **sort_keys("夜曲").columns))
    music.release("Other", label=know_label(name="Saltmarsh"), year=2021, released=20210101)
    assert [row.name for row in lists.labels(words="ye").rows] == ["夜航船"]
    assert [row.name for row in lists.genres(words="ye").rows] == ["夜曲"]
    assert lists.genres(words="salt").rows == []
    assert [[row.year for row in lists.years(words=it).rows] for it in ("19", "2", "１９９８", "x", "")] == [
        [1998], [2021], [1998], [], [2021, 1998],
    ]  # fmt: skip


@pytest.mark.usefixtures("titled")
@pytest.mark.parametrize(
    ("reader", "start", "found"),
    [
        ("en", "n", ["Nocturne", "Yellow"]),
        ("zh", "y", ["夜曲", "Yellow"]),
        ("ja", "あ", ["あいみょん", "カノン"]),
        ("ja", "か", ["カノン"]),
        ("ja", "漢", ["夜に駆ける", "夜曲"]),
        ("ja", "n", ["Nocturne", "Yellow"]),
        ("ko", "가", ["봄날"]),
        ("ko", "n", ["Nocturne"]),
        ("en", "か", ["カノン"]),
        ("zh", "마", ["봄날"]),
    ],
)
def test_a_list_begins_at_an_initial_of_whose_order_it_is(reader, start, found):
    rows = whole(lambda **it: lists.recordings(sort="title", start=start, reader=reader, **it))
    titles = [row.title for row in rows]
    assert [title for title in titles if title in found] == found
    whose, key = begins(start, reader)
    column = "sort_title" if whose == "en" else f"sort_{whose}"
    assert all(getattr(row, column) >= key for row in rows)
    left = Recording.objects.exclude(pk__in=[row.pk for row in rows])
    assert all(getattr(row, column) < key for row in left)
    assert titles


def test_every_initial_begins_somewhere_and_in_order():
    for reader in READERS:
        keys = [begins(initial, reader)[1] for initial in INITIALS[reader]]
        assert keys == sorted(keys)
        assert {begins(initial, reader)[0] for initial in INITIALS[reader]} == {reader}
    assert begins("ab", "en") is begins("", "en") is begins("é", "en") is None


def test_a_list_by_date_begins_at_a_year():
    for year in (1998, 2005, 2021):
        music.release(str(year), year=year, released=year * 10_000 + 1231)
    found = whole(lambda **it: lists.releases(sort="date", start="2005", **it), size=1)
    assert [row.title for row in found] == ["2005", "1998"]
    assert [row.title for row in lists.releases(sort="date", start="x").rows] == ["2021", "2005", "1998"]
    assert len(lists.releases(sort="newest", start="2005").rows) == 3

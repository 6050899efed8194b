import uuid

import pytest

from alpheus.search import find, index
from alpheus.search.index import Entry
from alpheus.search.models import Document
from alpheus.values import cursor as cursors
from alpheus.values.errors import CursorInvalid

pytestmark = pytest.mark.django_db


def put(name, *, kind="artist", popularity=0, beside=(), aliases=()):
    gid = uuid.uuid4()
    index.put(kind, gid, [name, *aliases], beside=beside, popularity=popularity)
    return gid


def first(text, kind="artist"):
    return find.search(text, [kind], 10, exactly=True).gids[kind]


@pytest.mark.parametrize(
    ("name", "queries"),
    [
        ("周杰倫", ["zjl", "zhou jie lun", "周杰倫", "周杰伦", "ZhouJie", "周"]),
        ("Beyoncé", ["beyonce", "Beyoncé", "BEY"]),
        ("夜", ["ye", "yè", "夜"]),
        ("!!!", ["!!!"]),
        ('Robert "Bobby" Tables\'); DROP', ['"bobby"', "tables'); drop", "robert"]),
    ],
)
def test_a_name_is_found_by_what_people_type(name, queries):
    gid = put(name)
    put("Somebody Else")
    for query in queries:
        assert first(query) == [gid], query


def test_whole_names_come_first_then_beginnings_then_the_popular():
    inside = put("Late Night Owls", popularity=1000)
    begins = put("Night Shift", popularity=10)
    whole = put("Night")
    assert first("night") == [whole, begins, inside]


def test_the_popular_come_first():
    few, many, none = put("Aa one", popularity=3), put("Aa two", popularity=3000), put("Aa three")
    assert first("aa") == [many, few, none]
    index.set_popularity("artist", none, 10**6)
    assert first("aa") == [none, many, few]


def test_kinds_are_apart():
    artist, release = put("Night"), put("Night", kind="release")
    assert find.search("night", ["release", "artist", "recording"], 5).gids == {
        "release": [release],
        "artist": [artist],
        "recording": [],
    }


def test_texts_beside_a_name_find_it_too():
    gid = put("Blue", kind="recording", beside=["Joni Mitchell"])
    put("Blue", kind="recording", beside=["Somebody"])
    assert first("joni blue", "recording") == [gid]


def test_a_document_put_again_is_replaced():
    gid = put("Old Name")
    index.put("artist", gid, ["New Name"])
    assert first("old") == []
    assert first("new") == [gid]
    assert Document.objects.count() == 1


def test_a_document_taken_out_is_not_found():
    gid, other = put("Night"), put("Night too")
    index.remove("artist", [gid, uuid.uuid4()])
    assert first("night") == [other]
    third = put("Night three")
    assert set(first("night")) == {other, third}


def test_many_at_once():
    entries = [Entry("artist", uuid.uuid4(), [f"Name {n}"], popularity=n) for n in range(300)]
    index.put_many(entries)
    index.put_many(entries)
    assert Document.objects.count() == 300
    assert first("name")[0] == entries[-1].gid


@pytest.mark.parametrize("text", ["", " ", "*", '"', "AND", "NOT x", "(", "kind_artist", "\x00", "a" * 5000])
def test_any_text_is_a_query(text):
    put("Night")
    first(text)


def test_all_of_a_kind_are_found_page_by_page_each_once():
    made = {put(f"Night {number}", popularity=number) for number in range(25)}
    put("Nightingale", kind="release")
    cursor, pages = None, []
    while cursor or not pages:
        page, mended = find.of_kind("night", "artist", cursor=cursor, size=10)
        pages.append(page.rows)
        cursor = page.next
        assert mended == ""
    assert [len(page) for page in pages] == [10, 10, 5]
    assert {gid for page in pages for gid in page} == made
    assert pages[0] == first("night"), "in the order of a search for all kinds"


def test_a_page_of_another_list_or_of_none_is_refused():
    put("Night")
    elsewhere = cursors.encode("search-release", (10,))
    for cursor in (elsewhere, "nonsense"):
        with pytest.raises(CursorInvalid):
            find.of_kind("night", "artist", cursor=cursor, size=10)
    beyond = find.of_kind("night", "artist", cursor=cursors.encode("search-artist", (-5,)), size=10)
    assert len(beyond[0].rows) == 1
    assert (
        find.of_kind("night", "artist", cursor=cursors.encode("search-artist", (10**9,)), size=10)[0].rows
        == []
    )


def test_nobody_goes_deeper_than_is_said(monkeypatch):
    monkeypatch.setattr(find, "DEEPEST", 15)
    for number in range(20):
        put(f"Night {number}")
    page, _ = find.of_kind("night", "artist", cursor=None, size=10)
    page, _ = find.of_kind("night", "artist", cursor=page.next, size=10)
    assert (len(page.rows), page.next) == (5, None)

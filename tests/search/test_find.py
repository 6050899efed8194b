import uuid

import pytest

from alpheus.search import find, index
from alpheus.search.index import Entry
from alpheus.search.models import Document

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

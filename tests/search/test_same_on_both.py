"""What is found, and in which order, is the same on SQLite and PostgreSQL: both must equal a plain search by hand."""

import random
import uuid

import pytest

from alpheus.search import find, index
from alpheus.search.index import Entry
from alpheus.search.models import Document
from alpheus.search.tokens import folded, query_terms

pytestmark = pytest.mark.django_db

WORDS = [
    "night",
    "nightingale",
    "owl",
    "Élan",
    "周杰倫",
    "夜曲",
    "ヨル",
    "밤",
    "AC/DC",
    "it's",
    "Ñandú",
    "99",
    "a_b",
    "back\\slash",
]
QUERIES = [
    *WORDS,
    "n",
    "ni ow",
    "zjl",
    "ye",
    "yequ",
    "周",
    "夜",
    "elan",
    "nandu",
    "yoru",
    "bam",
    "'",
    "\\",
    "9",
    "n 9",
    "its",
    "acdc",
]


def by_hand(text, limit):
    terms, name = query_terms(text), folded(text)

    def has(document):
        tokens = document.tokens.split()
        return all(
            any(it == term.text or (term.prefix and it.startswith(term.text)) for it in tokens)
            for term in terms
        )

    found = [row for row in Document.objects.filter(kind="artist") if has(row) or row.name.startswith(name)]
    found.sort(key=lambda row: (row.name == name, row.name.startswith(name), row.rank), reverse=True)
    return [row.gid for row in found[:limit]] if terms else []


def test_found_and_ordered_as_by_hand():
    chance = random.Random(7)
    entries = [
        Entry(
            chance.choice(["artist", "artist", "release"]),
            uuid.UUID(int=chance.getrandbits(128)),
            [" ".join(chance.sample(WORDS, chance.randint(1, 3)))],
            beside=chance.sample(WORDS, chance.randint(0, 2)),
            popularity=chance.choice([0, 0, 1, 5, 80, 80, 3000]),
        )
        for _ in range(150)
    ]
    index.put_many(entries)
    index.remove(entries[0].kind, [entries[0].gid])
    for entry in entries[1:40]:
        index.set_popularity(entry.kind, entry.gid, chance.choice([0, 7, 500]))
    for entry in entries[40:60]:
        index.put(entry.kind, entry.gid, [chance.choice(WORDS)], popularity=entry.popularity)
    for query in QUERIES:
        assert find.search(query, ["artist"], 30)["artist"] == by_hand(query, 30), query

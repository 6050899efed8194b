import random

import music
import pytest
from django.db import connection

from alpheus.catalogue import lists
from alpheus.catalogue.models import Genre, Recording, Release
from alpheus.parties.models import Artist, Label
from alpheus.search.models import Document

pytestmark = pytest.mark.django_db

NAMES = [
    "Zoo",
    "apple",
    "Éa",
    "_x",
    "-y",
    "a b",
    "ab",
    "B",
    "ß",
    "北京",
    "ああ",
    "\U0001f3b5",
    "10",
    "9",
    "é",
]


def test_lists_go_by_bytes_and_cursors_miss_nobody():
    for name in random.Random(1).sample(NAMES, len(NAMES)):
        music.release(name, by=name, tracks=("Ebb",))
    seen, cursor = [], None
    while True:
        page = lists.artists(size=4, cursor=cursor)
        seen += [artist.sort_name for artist in page.rows]
        cursor = page.next
        if cursor is None:
            break
    assert seen == sorted(NAMES)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite orders by bytes unasked")
@pytest.mark.parametrize(
    ("model", "column"),
    [
        (Artist, "sort_name"),
        (Release, "sort_title"),
        (Genre, "name"),
        (Recording, "sort_title"),
        (Label, "sort_name"),
        (Document, "name"),
    ],
)
def test_columns_that_lists_go_by_are_collated_so(model, column):
    """A later migration that alters one of them must say so again: PostgreSQL forgets it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT collation_name FROM information_schema.columns WHERE table_name = %s AND column_name = %s",
            [model._meta.db_table, column],
        )
        assert cursor.fetchone() == ("C",)

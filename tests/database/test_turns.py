"""On PostgreSQL several write at once; on SQLite its write lock is the turn, so there is nothing to see."""

import threading
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.db import connection, transaction

from alpheus.catalogue.models import Artist
from alpheus.database.turns import take_turn
from alpheus.parties.know_artist import know_artist
from alpheus.search import find, index
from alpheus.search.models import Document

pytestmark = [
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite's write lock is the turn"),
    pytest.mark.django_db(transaction=True),
]


def at_once(count, work):
    """Let threads do the same thing at the same time, each with a connection of its own."""
    start = threading.Barrier(count)

    def one(number):
        try:
            start.wait(10)
            return work(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


def test_a_turn_lasts_until_the_transaction_ends():
    taken, order = threading.Event(), []

    def first():
        with transaction.atomic():
            take_turn("test")
            taken.set()
            order.append("first")
            second.join(0.3)  # long enough for the other to come in if nothing kept it out
            order.append("first is done")
        connection.close()

    def next_one():
        with transaction.atomic():
            taken.wait(10)
            take_turn("test")
            order.append("second")
        connection.close()

    second = threading.Thread(target=next_one)
    second.start()
    first()
    second.join(10)
    assert order == ["first", "first is done", "second"]


def test_turns_of_other_names_do_not_wait():
    with transaction.atomic():
        take_turn("one")
        at_once(1, lambda _: take_turn("another"))


def test_a_new_name_met_by_many_is_one_artist():
    made = at_once(6, lambda _: know_artist(name="Nobody Yet").pk)
    assert len(set(made)) == 1
    assert Artist.objects.count() == 1


def test_a_document_put_by_many_is_one_document():
    gid = uuid4()
    at_once(6, lambda number: index.put("artist", gid, ["Night"], popularity=number))
    document = Document.objects.get()
    assert document.rank & (2**40 - 1) == document.pk
    assert find.search("night", ["artist"], 5).gids["artist"] == [gid]


def test_many_documents_put_at_once_all_arrive():
    at_once(6, lambda number: [index.put("artist", uuid4(), [f"Night {number} {n}"]) for n in range(10)])
    assert Document.objects.count() == 60
    assert len(find.search("night", ["artist"], 100).gids["artist"]) == 60

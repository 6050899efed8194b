"""SQLite as it really runs: its log is written ahead, and a transaction takes the write lock when it begins."""

import sqlite3

import pytest
from django.db.utils import ConnectionHandler

from alpheus.config.database import database_of


@pytest.fixture
def connection(tmp_path, django_db_blocker):
    """To a file of its own: tests' database lies in memory, where nothing is written ahead."""
    handler = ConnectionHandler({"default": database_of("", data=tmp_path)})
    with django_db_blocker.unblock():
        yield handler["default"]
        handler["default"].close()


def asked(connection, pragma):
    with connection.cursor() as cursor:
        return cursor.execute(f"PRAGMA {pragma}").fetchone()[0]


def test_readers_and_a_writer_do_not_wait_for_each_other_and_what_was_answered_is_on_disk(connection):
    assert asked(connection, "journal_mode") == "wal"
    assert asked(connection, "synchronous") == 2, "FULL"
    assert asked(connection, "foreign_keys") == 1
    assert asked(connection, "busy_timeout") == 30_000


def test_a_transaction_has_the_write_lock_from_its_beginning(connection):
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE things (name TEXT)")
    other = sqlite3.connect(connection.settings_dict["NAME"], timeout=0, isolation_level=None)
    connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    try:
        # It has not written anything yet; one that began by reading could fail when it comes to writing.
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
        assert other.execute("SELECT count(*) FROM things").fetchone() == (0,), "but whoever reads may"
    finally:
        connection.rollback()
        connection.set_autocommit(True)
    other.execute("BEGIN IMMEDIATE")
    other.close()

"""SQLite connections that outlive their thread: used again, never across a file, a fork or a failure."""

import os
import sqlite3
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db.utils import OperationalError, ProgrammingError

from alpheus.database.sqlite import base
from alpheus.database.sqlite.base import DatabaseWrapper


@pytest.fixture
def wrapper(tmp_path, django_db_blocker):
    base._close_all()
    made = DatabaseWrapper(settings(tmp_path / "one.sqlite3"))
    with django_db_blocker.unblock():
        made.ensure_connection()
        yield made
    made.close()
    base._close_all()


def settings(path):
    options = {"transaction_mode": "IMMEDIATE", "init_command": "PRAGMA journal_mode=WAL"}
    kept = {"TIME_ZONE": None, "CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": False, "AUTOCOMMIT": True}
    return {"ENGINE": "alpheus.database.sqlite", "NAME": path, "OPTIONS": options, "USER": "", **kept}


def ask(wrapper, text, *parameters):
    with wrapper.cursor() as cursor:
        cursor.execute(text, parameters)
        return cursor.fetchall() if cursor.description else None


def test_another_thread_goes_on_with_it(wrapper):
    first = wrapper.connection
    ask(wrapper, "CREATE TABLE things (name TEXT)")
    wrapper.close()

    def there():
        other = DatabaseWrapper(wrapper.settings_dict)
        ask(other, "INSERT INTO things VALUES (%s)", "shrimp")
        used = other.connection
        other.close()
        return used

    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(there).result() is first
    assert ask(wrapper, "SELECT name FROM things") == [("shrimp",)]


def test_two_at_once_have_one_each(wrapper):
    other = DatabaseWrapper(wrapper.settings_dict)
    other.ensure_connection()
    assert other.connection is not wrapper.connection
    other.close()


def test_what_was_not_committed_is_gone(wrapper):
    ask(wrapper, "CREATE TABLE things (name TEXT)")
    wrapper.set_autocommit(False)
    ask(wrapper, "INSERT INTO things VALUES ('half')")
    wrapper.close()
    wrapper.connect()
    assert ask(wrapper, "SELECT count(*) FROM things") == [(0,)]
    assert ask(wrapper, "PRAGMA foreign_keys") == [(1,)]


def test_a_file_that_was_put_in_its_place_is_another_database(wrapper, tmp_path):
    ask(wrapper, "CREATE TABLE things (name TEXT)")
    wrapper.close()
    (tmp_path / "two.sqlite3").touch()
    (tmp_path / "two.sqlite3").replace(tmp_path / "one.sqlite3")
    with pytest.raises(OperationalError, match="no such table"):
        ask(wrapper, "SELECT count(*) FROM things")


def test_an_old_one_is_not_kept(wrapper, monkeypatch):
    first = wrapper.connection
    wrapper.close()
    monkeypatch.setattr(base, "AGE_SECONDS_MAX", -1.0)
    wrapper.ensure_connection()
    assert wrapper.connection is not first
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        first.execute("SELECT 1")


def test_no_more_wait_than_are_needed(wrapper):
    many = [DatabaseWrapper(wrapper.settings_dict) for _ in range(base.IDLE_MAX + 3)]
    for one in many:
        one.ensure_connection()
    for one in many:
        one.close()
    assert len(base._IDLE) == base.IDLE_MAX


def test_one_that_failed_is_not_used_again(wrapper):
    first = wrapper.connection
    with pytest.raises((OperationalError, ProgrammingError)):
        ask(wrapper, "SELECT * FROM nowhere")
    wrapper.errors_occurred = True
    wrapper.close()
    wrapper.ensure_connection()
    assert wrapper.connection is not first


def test_a_child_gets_none_of_them(wrapper):
    wrapper.close()
    assert len(base._IDLE) == 1
    child = os.fork()
    if child == 0:
        os._exit(len(base._IDLE))
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert len(base._IDLE) == 1

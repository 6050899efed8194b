"""The rules together: shown, asked, applied; and the daily turn of the worker."""

import os
import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from rich.console import Console

from alpheus.config import clean_console, cleaning
from alpheus.config.clear_logs import clear_logs
from alpheus.config.settings import Settings
from alpheus.exchange.folder import journal
from alpheus.storage.blobs import Blobs
from alpheus.tasks import schedule
from alpheus.tasks.clear_tasks import clear_tasks
from alpheus.values.cleared import Cleared
from alpheus.web.clear_sessions import clear_sessions

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
ORPHAN = f"assets/aa/{'a' * 32}/manifest-probe.json"


@pytest.fixture
def house(tmp_path, monkeypatch):
    """Settings with a store that holds one orphan, written long ago."""
    blobs = Blobs.open((tmp_path / "objects").as_uri())
    blobs.put(ORPHAN, b"{}")
    os.utime(tmp_path / "objects" / ORPHAN, (1, 1))
    monkeypatch.setattr(cleaning.wiring, "blobs", lambda: blobs)
    return Settings(data=tmp_path)


def gone(house):
    return not (house.data / "objects" / ORPHAN).exists()


def outcome(house, what, *, now=None):
    found = cleaning.clean(house, now=now or timezone.now(), dry_run=False)
    return next(each for each in found if each.rule.what == what)


@pytest.mark.django_db
class TestRules:
    def test_a_dry_run_changes_nothing_and_tells_the_same(self, house):
        told = list(cleaning.clean(house, now=timezone.now(), dry_run=True))
        assert not gone(house)
        done = list(cleaning.clean(house, now=timezone.now(), dry_run=False))
        assert [each.cleared for each in done] == [each.cleared for each in told]
        assert gone(house)

    def test_objects_wait_for_an_import_that_is_under_way_and_others_go(self, house, tmp_path):
        folder = journal.open_folder(tmp_path, now=timezone.now())
        left = outcome(house, "objects")
        assert "an import is under way" in left.trouble
        assert outcome(house, "sessions").trouble == ""
        assert not gone(house)
        folder.finished_at = timezone.now()
        folder.save()
        assert outcome(house, "objects").cleared == Cleared(1, 2)

    def test_an_import_that_was_killed_is_waited_for_no_longer_than_a_day(self, house, tmp_path):
        journal.open_folder(tmp_path, now=timezone.now() - 2 * DAY)
        assert outcome(house, "objects").cleared == Cleared(1, 2)

    def test_grants_and_guests_wait_for_folding(self, house):
        edge = house.data / "keylog" / "edge-1"
        edge.mkdir(parents=True)
        (edge / f"{1:020}.log").write_bytes(b"x" * 100)
        os.utime(edge / f"{1:020}.log", (1, 1))
        for what in ("grants", "guests"):
            assert "wait to be folded" in outcome(house, what).trouble


@pytest.mark.django_db
class TestConsole:
    @pytest.mark.parametrize(("answer", "goes"), [(True, True), (False, False)])
    def test_it_shows_then_asks(self, house, monkeypatch, answer, goes):
        monkeypatch.setattr(clean_console.typer, "confirm", lambda *_, **__: answer)
        console = Console(record=True, width=120)
        assert clean_console.run(house, console=console, dry_run=False, ask=True) == 0
        text = console.export_text()
        assert "would go" in text
        assert "2 bytes" in text
        assert gone(house) is goes

    def test_a_dry_run_asks_nothing(self, house, monkeypatch):
        monkeypatch.delattr(clean_console.typer, "confirm")
        assert clean_console.run(house, console=Console(quiet=True), dry_run=True, ask=True) == 0
        assert not gone(house)

    def test_yes_asks_nothing(self, house, monkeypatch):
        monkeypatch.delattr(clean_console.typer, "confirm")
        assert clean_console.run(house, console=Console(quiet=True), dry_run=False, ask=False) == 0
        assert gone(house)


def test_the_worker_cleans_daily_and_does_not_wait_for_it(house, monkeypatch):
    done = threading.Event()
    monkeypatch.setattr(schedule, "_schedules", {})
    monkeypatch.setattr(cleaning, "_clean", lambda settings: settings is house and done.set())
    cleaning.schedule(house)
    (item,) = schedule.registered()
    assert item.seconds == 24 * 3600
    item.run()
    assert done.wait(20)


def test_rotated_logs_go_and_running_ones_stay(tmp_path):
    for name in ("web.log", "web.log.1", "web.log.2", "notes.txt"):
        (tmp_path / name).write_text("line")
        os.utime(tmp_path / name, (1, 1))
    os.utime(tmp_path / "web.log.1")
    before = NOW.fromtimestamp(10, tz=UTC)
    assert clear_logs(folder=tmp_path, before=before, dry_run=True) == Cleared(1, 4)
    assert clear_logs(folder=tmp_path, before=before, dry_run=False) == Cleared(1, 4)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["notes.txt", "web.log", "web.log.1"]
    assert clear_logs(folder=tmp_path / "nowhere", before=before, dry_run=False) == Cleared()


@pytest.mark.django_db
def test_expired_sessions_go():
    for name, days in (("old", -1), ("new", 1)):
        Session.objects.create(session_key=name, session_data="", expire_date=NOW + days * DAY)
    assert clear_sessions(now=NOW, dry_run=True) == Cleared(1)
    assert clear_sessions(now=NOW, dry_run=False) == Cleared(1)
    assert Session.objects.get().session_key == "new"


@pytest.mark.django_db
def test_finished_tasks_go_and_waiting_ones_stay():
    usual = {"args_kwargs": {"args": [], "kwargs": {}}, "task_path": "x.y", "backend_name": "default"}
    for status, days in (("SUCCESSFUL", 20), ("FAILED", 20), ("SUCCESSFUL", 1), ("READY", 20)):
        ended = None if status == "READY" else NOW - days * DAY
        DBTaskResult.objects.create(status=status, finished_at=ended, run_after=NOW, **usual)
    assert clear_tasks(before=NOW - 14 * DAY, dry_run=True) == Cleared(2)
    assert clear_tasks(before=NOW - 14 * DAY, dry_run=False) == Cleared(2)
    assert DBTaskResult.objects.count() == 2

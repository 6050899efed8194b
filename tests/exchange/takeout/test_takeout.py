"""An account's data: complete, without what opens anything, for its owner alone and for a while."""

import io
import json
import zipfile
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import music
import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from details_of import PERSON
from letters import delivered

from alpheus.api import token
from alpheus.api.token import Scope
from alpheus.exchange.playlists import m3u8, xspf
from alpheus.exchange.takeout import ask
from alpheus.exchange.takeout.errors import ExportUnknown
from alpheus.exchange.takeout.models import Export
from alpheus.listening.library.models import Playlist, PlaylistItem
from alpheus.listening.models import Device, Grant, Listener, Play
from alpheus.parties import details
from alpheus.parties.models import Account

NOW = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)
WEEK = timedelta(days=7)
PAGE = "https://music.example/account/export"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_memory(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture
def wren():
    account = Account.objects.create_user("wren@example.com", "a long password", name="Wren 冬", locale="ko")
    listener = Listener.objects.create(account=account)
    device = Device.objects.create(listener=listener, name="Kitchen")
    recording = music.recording("夜 <b>")
    grant = Grant.objects.create(
        stream=uuid4(), edge="edge-1", gate=listener.gid, listener=listener, device=device, recording=recording,
        window_start=0, window_end=1, issued_at=NOW, expires_at=NOW + timedelta(minutes=10),
    )  # fmt: skip
    Play.objects.create(
        listener=listener, recording=recording, grant=grant, stream=grant.stream, ordinal=0, started_at=NOW
    )
    Authenticator.objects.create(user=account, type="totp", data={"secret": "SESAME"})
    UserSession.objects.create(user=account, session_key="OPENSESAME", ip="192.0.2.7", user_agent="Firefox")
    playlist = Playlist.objects.create(owner=listener, title="Night", sort_title="night")
    PlaylistItem.objects.create(playlist=playlist, position="a", recording=recording, added_by=listener)
    token.issue(account=account, name="script", scopes=[Scope.READ], days=1, now=NOW)
    return account


def exported(account, now=NOW):
    export = ask.ask(account=account, page=PAGE, lasts=WEEK, now=now)
    assert ask.make(export=export.pk, title="Alpheus", now=now)
    return export


def opened(archive):
    zipped = zipfile.ZipFile(io.BytesIO(archive))
    return {name: zipped.read(name).decode() for name in zipped.namelist()}


def test_all_of_it_is_there(wren):
    files = opened(ask.load(account=wren, gid=exported(wren).gid, now=NOW))
    account = json.loads(files["account.json"])
    assert (account["email"], account["name"]) == ("wren@example.com", "Wren 冬")
    assert json.loads(files["listening.device.json"])[0]["name"] == "Kitchen"
    (play,) = json.loads(files["listening.play.json"])
    assert json.loads(files["recordings.json"])[str(play["recording"])]["title"] == "夜 <b>"
    (playlist,) = json.loads(files["listening.playlist.json"])
    (item,) = json.loads(files["listening.playlistitem.json"])
    assert (playlist["title"], item["playlist"], item["recording"]) == (
        "Night",
        playlist["id"],
        play["recording"],
    )
    assert json.loads(files["usersessions.usersession.json"])[0]["ip"] == "192.0.2.7"
    assert json.loads(files["api.token.json"])[0]["name"] == "script"
    assert json.loads(files["mfa.authenticator.json"])[0]["type"] == "totp"
    assert "README.txt" in files


def test_playlists_are_files_that_other_programs_and_we_read(wren):
    listener = Listener.objects.get(account=wren)
    Playlist.objects.create(owner=listener, title='../夜:*?"<b>\u202e', sort_title="n")
    Playlist.objects.create(owner=listener, title="gone", sort_title="g", deleted_at=NOW)
    files = opened(ask.load(account=wren, gid=exported(wren).gid, now=NOW))
    names = sorted(name for name in files if name.startswith("playlists/"))
    assert names == [
        "playlists/0001 Night.m3u8",
        "playlists/0001 Night.xspf",
        "playlists/0002 夜_____b.m3u8",
        "playlists/0002 夜_____b.xspf",
    ]
    for sheet in (m3u8.read(files[names[0]]), xspf.read(files[names[1]].encode())):
        (track,) = sheet.tracks
        assert (sheet.title, track.title, track.artist) == ("Night", "夜 <b>", "Tide")
        assert track.location.startswith("https://music.example/recording/")
        assert track.gid == Play.objects.get().recording.gid


def test_of_sealed_details_it_is_told_that_there_are_some(wren):
    details.give(account=wren, fields=PERSON, now=NOW)
    files = opened(ask.load(account=wren, gid=exported(wren).gid, now=NOW))
    (told,) = json.loads(files["parties.details.json"])
    assert told.keys() == {"id", "account", "changed_at"}


def test_nothing_in_it_opens_anything(wren):
    text = "".join(opened(ask.load(account=wren, gid=exported(wren).gid, now=NOW)).values())
    for secret in ("SESAME", "OPENSESAME", wren.password, wren.api_tokens.get().digest):
        assert secret not in text


def test_another_account_cannot_load_it(wren):
    export = exported(wren)
    heron = Account.objects.create_user("heron@example.com")
    with pytest.raises(ExportUnknown):
        ask.load(account=heron, gid=export.gid, now=NOW)


def test_its_time_ends(wren):
    export = exported(wren)
    ask.load(account=wren, gid=export.gid, now=NOW + WEEK - timedelta(seconds=1))
    with pytest.raises(ExportUnknown):
        ask.load(account=wren, gid=export.gid, now=NOW + WEEK)
    assert ask.forget_old(now=NOW + WEEK) == 1


def test_one_that_is_not_made_yet_cannot_be_loaded(wren):
    export = ask.ask(account=wren, page=PAGE, lasts=WEEK, now=NOW)
    with pytest.raises(ExportUnknown):
        ask.load(account=wren, gid=export.gid, now=NOW)


def test_a_letter_in_the_owners_language_leads_there(wren):
    exported(wren)
    (letter,) = delivered()
    assert letter.to == ["wren@example.com"]
    assert PAGE in letter.body
    assert "2027년 3월 8일" in letter.body


def test_asked_again_at_once_the_same_is_given_and_later_a_new_one(wren):
    first = exported(wren)
    assert ask.ask(account=wren, page=PAGE, lasts=WEEK, now=NOW + timedelta(minutes=9)).gid == first.gid
    later = ask.ask(account=wren, page=PAGE, lasts=WEEK, now=NOW + timedelta(minutes=11))
    assert later.gid != first.gid
    assert Export.objects.count() == 1


def test_a_task_that_runs_twice_writes_one_letter(wren):
    export = exported(wren)
    assert not ask.make(export=export.pk, title="Alpheus", now=NOW)
    assert len(delivered()) == 1

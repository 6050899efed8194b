"""An erased account leaves no trace of its owner in any table, and every play that musicians are paid by."""

import base64
from datetime import timedelta
from uuid import uuid4

import music
import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.models import ProtectedError
from letters import delivered

from alpheus.api import token
from alpheus.api.token import Scope
from alpheus.exchange.takeout import ask as takeout
from alpheus.listening import erase, queue, session
from alpheus.listening.library.models import Keep, Playlist, PlaylistItem
from alpheus.listening.models import Device, Grant, Listener, Play, PlaybackSession
from alpheus.parties import deletion
from alpheus.parties.models import Account

EMAIL, NAME, AGENT = "ottilie.wren@listener.example", "Ottilie Wren", "Ottilies-Phone/1.0"
OTHER_EMAIL, HANDLE = "other.wren@listener.example", "ottilie-at-line"
NEEDLES = (EMAIL, NAME, AGENT, OTHER_EMAIL, HANDLE, "Ottilie", "wren")
GRACE = timedelta(days=14)
UNREADABLE = {"search_tokens"}
"""Vocabularies of FTS5 that SQLite reads by word only; they hold words of the catalogue."""

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_memory(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


def everything():
    """Every value of every table, as text; what sessions hold is decoded."""
    with connection.cursor() as cursor:
        for table in set(connection.introspection.table_names(cursor)) - UNREADABLE:
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                for value in row:
                    raw = (
                        bytes(value).decode("latin-1")
                        if isinstance(value, bytes | memoryview)
                        else str(value)
                    )
                    yield table, raw
    for row in Session.objects.all():
        yield "decoded sessions", str(row.get_decoded())


def traces():
    found = set()
    for table, value in everything():
        found |= {(table, needle) for needle in NEEDLES if needle.lower() in value.lower()}
    return found


def heard(listener, device, now, *, title="Ebb"):
    grant = Grant.objects.create(
        stream=uuid4(),
        edge="edge-1",
        gate=listener.gid,
        listener=listener,
        device=device,
        recording=music.recording(title),
        window_start=0,
        window_end=44_100,
        issued_at=now,
        expires_at=now + timedelta(minutes=10),
    )
    return Play.objects.create(
        listener=listener,
        recording=grant.recording,
        grant=grant,
        stream=grant.stream,
        ordinal=0,
        started_at=now,
        heard_ms=31_000,
        qualified=True,
    )


@pytest.fixture
def ottilie(now):
    """An account with something in every table that can be about it."""
    account = Account.objects.create_user(EMAIL, "a long password", name=NAME, locale="ja")
    EmailAddress.objects.create(user=account, email=EMAIL, primary=True, verified=True)
    EmailAddress.objects.create(user=account, email=OTHER_EMAIL)
    Authenticator.objects.create(
        user=account, type="webauthn", data={"name": f"{NAME}'s key", "credential": {}}
    )
    SocialAccount.objects.create(user=account, provider="line", uid=HANDLE, extra_data={"name": NAME})
    token.issue(account=account, name=f"{NAME}'s script", scopes=[Scope.READ], days=1, now=now)
    listener = Listener.objects.create(account=account)
    device = Device.objects.create(listener=listener, name=f"{NAME}'s phone", user_agent=AGENT)
    play = heard(listener, device, now)
    kept = session.lock(listener)
    kept.entry = queue.replace(kept, recordings=[play.recording.gid], index=0, seed="a" * 24).gid
    kept.device = device
    session.keep(kept, now=now)
    Playlist.objects.create(owner=listener, title=f"{NAME}'s list", sort_title="x")
    Keep.objects.create(listener=listener, recording=play.recording, name="ebb", by=NAME)
    for signed_in in (True, False):  # one that allauth noted, and one that is older than that
        store = SessionStore()
        store["_auth_user_id"], store["account_verified_email"] = str(account.pk), EMAIL
        store.create()
        if signed_in:
            UserSession.objects.create(
                user=account, session_key=store.session_key, ip="192.0.2.7", user_agent=AGENT
            )
    export = takeout.ask(account=account, page="https://music.example/", lasts=GRACE, now=now)
    takeout.make(export=export.pk, title="Alpheus", now=now)
    return account


def test_before_it_is_erased_there_are_traces_everywhere(ottilie):
    tables = {table for table, _ in traces()}
    assert len(tables) >= 9, tables


def test_nothing_names_an_erased_owner_and_every_play_stays(ottilie, terms, now):
    stranger = Account.objects.create_user("heron@listener.example", name="Heron")
    theirs = Listener.objects.create(account=stranger)
    shared = Playlist.objects.create(owner=theirs, title="Together", sort_title="together")
    added = PlaylistItem.objects.create(
        playlist=shared, position="a", title="Missing", added_by=Listener.objects.get(account=ottilie)
    )
    heard(theirs, None, now, title="Flood")
    deletion.ask(account=ottilie, grace=GRACE, sign_in_url="https://music.example/", now=now)
    assert erase.erase_due(terms=terms, now=now + GRACE - timedelta(seconds=1)) == 0
    assert erase.erase_due(terms=terms, now=now + GRACE) == 1
    *_, last = delivered()
    assert last.to == [EMAIL]
    assert "消去" in last.subject
    assert traces() == set()
    plays = Play.objects.order_by("pk")
    assert [(it.heard_ms, it.qualified) for it in plays] == [(31_000, True)] * 2
    nobody = plays[0].listener
    assert nobody.account is None
    assert not Device.objects.filter(listener=nobody).exists()
    assert not PlaybackSession.objects.filter(listener=nobody).exists()
    assert list(Playlist.objects.values_list("title", flat=True)) == ["Together"]
    added.refresh_from_db()
    assert added.added_by is None
    assert plays[1].listener.account == stranger
    assert erase.erase_due(terms=terms, now=now + GRACE) == 0


def test_who_signs_in_meanwhile_is_kept(ottilie, terms, now):
    deletion.ask(account=ottilie, grace=GRACE, sign_in_url="https://music.example/", now=now)
    assert deletion.cancel(
        account=ottilie, account_url="https://music.example/", now=now + timedelta(days=13)
    )
    assert erase.erase_due(terms=terms, now=now + 2 * GRACE) == 0
    assert Account.objects.filter(email=EMAIL).exists()


def test_asking_twice_does_not_put_the_day_off(ottilie, now):
    first = deletion.ask(account=ottilie, grace=GRACE, sign_in_url="", now=now)
    again = deletion.ask(account=ottilie, grace=GRACE, sign_in_url="", now=now + timedelta(days=5))
    assert again == first == now + GRACE


def test_an_account_cannot_go_and_take_plays_along(ottilie):
    with pytest.raises(ProtectedError):
        ottilie.delete()
    assert Play.objects.count() == 1


def test_every_table_of_a_listener_is_kept_by_name_or_goes():
    """A new table that hangs on a listener is erased unless it is listed: nobody forgets one by accident."""
    names = {it.related_model.__name__ for it in Listener._meta.related_objects}
    kept = {it.__name__ for it in erase.KEPT}
    assert kept == {"Play", "Grant", "Listener"}
    assert {"Device", "PlaybackSession"} <= names - kept


def test_one_that_cannot_be_erased_stops_no_other(ottilie, terms, now, monkeypatch):
    other = Account.objects.create_user("heron@listener.example")
    for account in (ottilie, other):
        deletion.ask(account=account, grace=GRACE, sign_in_url="", now=now)
    whole = erase.erase

    def failing(*, account, now):
        if account.pk == ottilie.pk:
            raise RuntimeError("the disk is full")
        whole(account=account, now=now)

    monkeypatch.setattr(erase, "erase", failing)
    assert erase.erase_due(terms=terms, now=now + GRACE) == 1
    assert list(Account.objects.values_list("email", flat=True)) == [EMAIL]


def test_the_data_zip_of_the_erased_is_gone_too(ottilie, terms, now):
    archive = base64.b64encode(bytes(ottilie.exports.get().archive))
    assert archive
    deletion.ask(account=ottilie, grace=timedelta(), sign_in_url="", now=now)
    erase.erase_due(terms=terms, now=now)
    assert not takeout.Export.objects.exists()

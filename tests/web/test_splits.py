"""Splits by their pages: proposed with what is wrong said beside it, answered by a letter's link."""

import re

import pytest
from applying import account
from django.test import Client
from django.utils import timezone
from opened_shop import accepted, opened

from alpheus.mail.models import Letter
from alpheus.parties.models import Account, StaffRole
from alpheus.shops.splits.models import Split

pytestmark = pytest.mark.django_db


@pytest.fixture
def tide(db):
    made = account("tide")
    opened(made, account("owl", StaffRole.Role.AUDITOR))
    return made


@pytest.fixture
def studio(tide):
    return as_(tide)


def as_(who):
    client = Client()
    client.force_login(who)
    return client


def form(tide, **given):
    people = given.pop("people", [("Reed", "reed@example.com", "40")])
    names, emails, shares = zip(*people, strict=True)
    return {
        "recording": [str(tide.shops.get().pieces.first().recording.gid)],
        "own": "60",
        "from_date": timezone.now().date().isoformat(),
        "name": names,
        "email": emails,
        "share": shares,
    } | given


def text(answered):
    return answered.content.decode()


def test_proposed_answered_and_shown_to_both(studio, tide):
    assert "all of it is the shop" in text(studio.get("/studio/splits"))
    assert studio.post("/studio/splits", form(tide)).status_code == 302
    link = re.search(r"/split/[\w-]+", Letter.objects.get(kind="split_proposed").text)[0]
    guest = Client()
    assert "Sign in to answer" in text(guest.get(link))
    guest.post(link, {"answer": "accept"})
    assert Split.objects.get().state == "proposed", "nobody is nobody"
    reed = as_(account("reed"))
    assert "40%" in text(reed.get(link))
    assert reed.post(link, {"answer": "accept"})["Location"] == "/studio/splits"
    assert "Shared with you" in text(reed.get("/studio/splits"))
    assert "It waits for no answer" in text(reed.get(link))
    assert "shared</span>" in text(studio.get("/studio/splits"))
    assert as_(account("thief")).post(link, {"answer": "decline"}).status_code == 409


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"own": "50"}, "exactly 100%"),
        ({"own": "much"}, "Write your own share in percent"),
        ({"recording": []}, "Choose at least one recording"),
        ({"recording": ["00000000-0000-0000-0000-000000000000"]}, "Choose at least one recording"),
        ({"from_date": "soon"}, "Choose from which day"),
        ({"from_date": "2020-01-01"}, "Choose today or a later day"),
        ({"people": [("", "", "")], "own": "100"}, "Name at least one other person"),
        ({"people": [("Reed", "reed", "40")]}, "no e-mail address"),
        ({"people": [("", "reed@example.com", "40")]}, "Say who this is"),
        ({"people": [("Reed", "reed@example.com", "x")]}, "Write the share in percent"),
        ({"people": [("Reed", "tide@example.com", "40")]}, "Everyone has one share"),
    ],
)
def test_what_cannot_be_is_said_and_what_was_typed_stays(studio, tide, given, said):
    answered = studio.post("/studio/splits", form(tide, **given))
    assert answered.status_code == 422
    assert said in text(answered)
    assert f'value="{given.get("own", "60")}"' in text(answered)
    assert not Split.objects.exists()


def test_a_line_more_keeps_what_was_typed(studio, tide):
    answered = studio.post("/studio/splits", form(tide, more="1"))
    assert answered.status_code == 200
    assert "reed@example.com" in text(answered)
    assert "Person 2" in text(answered)
    assert not Split.objects.exists()


def test_answered_and_taken_back_in_the_studio(studio, tide):
    reed = as_(account("reed"))
    studio.post("/studio/splits", form(tide))
    gid = Split.objects.get().gid
    assert "Accept this share" in text(reed.get("/studio/splits"))
    assert (
        as_(account("magpie")).post(f"/studio/splits/{gid}/answer", {"answer": "accept"}).status_code == 404
    )
    assert as_(account("heron")).post(f"/studio/splits/{gid}/withdraw").status_code == 404
    reed.post(f"/studio/splits/{gid}/answer", {"answer": "decline"})
    assert Split.objects.get().state == "declined"
    studio.post("/studio/splits", form(tide))
    later = Split.objects.exclude(gid=gid).get()
    studio.post(f"/studio/splits/{later.gid}/withdraw")
    later.refresh_from_db()
    assert later.state == "withdrawn"


def test_every_track_of_an_album_can_be_shared(studio, tide):
    accepted(tide, Account.objects.get(name="owl"), title="晨雾")
    tide.shops.get().pieces.update(release=tide.shops.get().pieces.first().release, position=0)
    both = [str(it.recording.gid) for it in tide.shops.get().pieces.all()]
    assert "晨雾" in text(studio.get("/studio/splits"))
    assert studio.post("/studio/splits", form(tide, recording=both)).status_code == 302
    assert Split.objects.get().recordings.count() == 2


def test_who_has_nothing_to_share_is_told(db):
    assert "Nothing to share yet" in text(as_(account("heron")).get("/studio/splits"))

"""Labels' shops by their pages: founded in the office, joined by a letter's link, marked as such everywhere, prices locked with a reason."""

from datetime import timedelta

import pytest
from applying import account, release_of
from django.test import Client
from django.utils import timezone
from labels import CNY, Letters, join, label_of, open_label

from alpheus.mail.models import Letter
from alpheus.parties.models import StaffRole
from alpheus.shops.brand.invite import invite
from alpheus.shops.brand.models import Invitation, Member
from alpheus.shops.brand.roster import add_artist
from alpheus.shops.brand.rules import Terms
from alpheus.shops.models import Piece, Shop
from alpheus.shops.publish import artist_for
from alpheus.shops.rules import Role
from alpheus.values.money import Money

pytestmark = pytest.mark.django_db


def as_(who):
    client = Client()
    client.force_login(who)
    return client


def text(answered):
    return answered.content.decode()


def today():
    return timezone.now().date()


@pytest.fixture
def boss():
    return account("boss")


@pytest.fixture
def shop(boss):
    return open_label(boss, now=timezone.now(), terms=Terms(Money(80, CNY), today(), today() + timedelta(30)))


GIVEN = {"label": "海风", "country": "CN", "email": "boss@example.com", "price": "0.80", "until": ""}


def test_an_operator_founds_a_shop_and_what_is_wrong_is_said_beside_it():
    office = as_(account("ops2", StaffRole.Role.OPERATOR))
    given = GIVEN | {"from_date": today().isoformat()}
    for field, value, said in (
        ("email", "x", "This is no e-mail address."),
        ("price", "free", "Write the amount in digits, such as CNY"),
        ("price", "0", "Say how much."),
        ("from_date", "2020-01-01", "Choose today or a later day"),
        ("until", "2020-01-01", "It does not end before it begins."),
        ("until", "soon", "Choose a day."),
        ("label", " ", "A label needs a name and a country."),
    ):
        refused = office.post("/office/labels", given | {field: value})
        assert refused.status_code == 422
        assert said in text(refused), field
    assert not Shop.objects.exists()
    made = office.post("/office/labels", given)
    page = text(office.get(made["Location"]))
    assert "0.80" in page
    assert "boss@example.com" in page
    assert "This label has a brand shop already." in text(office.post("/office/labels", given))
    path = made["Location"]
    assert office.post(f"{path}/agreement", given | {"price": "1.00"}).status_code == 302
    assert office.post(f"{path}/agreement", given | {"price": "x"}).status_code == 422
    assert office.post(f"{path}/owner", {"email": "boss@example.com"}).status_code == 302
    assert office.post(f"{path}/owner", {"email": "x"}).status_code == 422
    assert Letter.objects.filter(kind="shop_invitation").count() == 2
    assert Invitation.objects.filter(state="waiting").count() == 1


def test_what_a_letters_link_shows_to_whom(boss, shop, guest):
    letters, now = Letters(), timezone.now()
    row = invite(by=boss, shop=shop.gid, email="new@example.com", role=Role.EDITOR, answer=letters, now=now)
    path = f"/join/{letters.secrets[0]}"
    page = text(guest.get(path))
    assert "Sign in as new@example.com" in page
    assert f"next={path}" in page
    assert guest.get("/join/nothing").status_code == 404
    other, new = as_(account("else")), as_(account("new"))
    assert "you are signed in as else@example.com" in text(other.get(path))
    assert other.post(path, {"answer": "accept"}).status_code == 409
    assert "Accept the invitation" in text(new.get(path))
    Invitation.objects.filter(pk=row.pk).update(until=now)
    assert "This invitation ran out." in text(new.get(path))
    assert new.post(path, {"answer": "accept"}).status_code == 409
    Invitation.objects.filter(pk=row.pk).update(until=now + timedelta(days=1))
    assert new.post(path, {"answer": "accept"})["Location"] == "/studio"
    assert "Welcome. You work for 海风 here now." in text(new.get("/studio"))
    assert "This invitation was accepted." in text(new.get(path))


def test_the_members_page_invites_and_keeps_what_was_done(boss, shop):
    studio = as_(boss)
    editor = account("editor")
    join(shop, boss, editor, "editor", now=timezone.now())
    assert studio.post("/studio/members", {"email": "x", "role": "editor"}).status_code == 422
    assert studio.post("/studio/members", {"email": editor.email, "role": "editor"}).status_code == 422
    assert studio.post("/studio/members", {"email": "n@example.com", "role": "editor"}).status_code == 302
    page = text(studio.get("/studio/members"))
    assert "n@example.com" in page
    assert "Accepted the invitation" in page
    own = Member.objects.get(shop=shop, account=boss)
    assert studio.post(f"/studio/members/{own.gid}/role", {"role": "editor"}).status_code == 409
    assert "A shop is never without an owner." in text(studio.post("/studio/members/leave"))
    edits = text(as_(editor).get("/studio/members"))
    assert "Invite by letter" not in edits


def test_prices_are_locked_with_the_reason(boss, shop):
    studio = as_(boss)
    add_artist(by=boss, shop=shop.gid, name="小雨", now=timezone.now())
    recording = release_of(boss, ["雨"], shop=shop.gid).tracks.get().recording
    Piece.objects.create(shop=shop, recording=recording, position=0)
    page = text(studio.get("/studio/prices"))
    assert "Your agreement of" in page
    assert "0.80 until" in page
    assert f'value="{recording.gid}" disabled aria-describedby="fixed"' in page
    refused = studio.post("/studio/prices", {"which": "tracks", "kind": "fixed", "amount": "2"})
    assert refused.status_code == 422
    assert text(refused).count("Your agreement of") == 2


def test_a_labels_shop_is_marked_as_such(boss, shop, guest):
    add_artist(by=boss, shop=shop.gid, name="小雨", now=timezone.now())
    artist = shop.roster.get().artist
    page = text(guest.get("/@haifeng"))
    assert "Label" in page
    assert "小雨" in page
    assert "on 海风" in text(guest.get(f"/artist/{artist.gid}"))
    assert "@haifeng" in text(guest.get("/shops?kind=brand"))
    assert "@haifeng" not in text(guest.get("/shops?kind=independent"))
    assert "No shop like that" in text(guest.get("/shops?kind=independent"))


def test_a_move_is_seen_answered_and_told(boss, shop):
    musician = account("tide")
    own = Shop.objects.create(owner=musician, name="潮汐", country="CN")
    own.artist = artist_for(own, "潮汐")
    own.save()
    label, theirs = as_(boss), as_(musician)
    refused = label.post("/studio/artists/invite", {"artist": "nobody", "releases": "move"}, follow=True)
    assert "Nobody by this name or address can move so" in text(refused)
    asked = label.post("/studio/artists/invite", {"artist": "潮汐", "releases": "move"})
    path = asked["Location"]
    assert "Take it back" in text(label.get(path))
    page = text(theirs.get(path))
    assert "It says “on 海风”." in page
    assert "Plays, keeps and followers" in page
    assert "Waits for you" in text(theirs.get("/studio/moves"))
    assert as_(account("else")).get(path).status_code == 404
    Shop.objects.filter(pk=shop.pk).update(state="closed")
    hindered = theirs.post(f"{path}/answer", {"answer": "agree"})
    assert hindered.status_code == 409
    assert "A shop in it is closed." in text(hindered)
    Shop.objects.filter(pk=shop.pk).update(state="open")
    done = theirs.post(f"{path}/answer", {"answer": "agree"}, follow=True)
    assert "Releases that moved: 0, with 0 tracks in them." in text(done)
    assert theirs.post(f"{path}/answer", {"answer": "decline"}).status_code == 409
    leaving = theirs.post("/studio/moves/ask", {"artist": str(own.artist.gid), "to": "", "releases": "stay"})
    assert "into independence" in text(theirs.get(leaving["Location"]))
    again = theirs.post("/studio/moves/ask", {"artist": str(own.artist.gid), "to": "nowhere"}, follow=True)
    assert "There is no open shop at this address." in text(again)


def test_a_label_that_is_new_shows_what_to_do(boss):
    label_of(boss, "New")
    studio = as_(boss)
    assert "No artist yet" in text(studio.get("/studio/artists"))
    assert "Before it opens" in text(studio.get("/studio/shop"))
    assert "A recording of yours is accepted" not in text(studio.get("/studio/shop"))
    assert "Begin an application" not in text(studio.get("/studio"))

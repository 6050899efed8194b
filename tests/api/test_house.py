"""Labels' shops by the API: founded by operators, worked in by role, told apart by a header, nobody's business elsewhere."""

from datetime import timedelta

import pytest
from applying import account, release_of
from django.utils import timezone
from labels import Letters, join, label_of, open_label

from alpheus.mail.models import Letter
from alpheus.shops.brand.invite import invite
from alpheus.shops.brand.models import Member
from alpheus.shops.brand.roster import add_artist
from alpheus.shops.brand.rules import Terms
from alpheus.shops.models import Piece, Shop
from alpheus.shops.publish import artist_for
from alpheus.shops.rules import Role
from alpheus.values.money import Currency, Money

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def today():
    return timezone.now().date()


@pytest.fixture
def boss():
    return account("boss")


@pytest.fixture
def shop(boss):
    return open_label(boss, now=timezone.now(), terms=Terms(Money(80, Currency("CNY")), today(), None))


@pytest.fixture
def editor(boss, shop):
    made = account("editor")
    join(shop, boss, made, "editor", now=timezone.now())
    return made


def secret_of(letter):
    return next(it for it in letter.text.split() if "/join/" in it).rpartition("/")[2]


def test_from_the_founding_to_the_agreement_after(program, operator):
    office, now = program(operator), today()
    given = {"label": "海风", "country": "cn", "email": "boss@example.com", "from_date": now.isoformat()}
    made = office.post("/office/labels", given)
    assert made.status_code == 201
    told = made.json()
    assert told["agreements"][0] | {"made_at": ""} == {
        "number": 1, "price": {"currency": "CNY", "amount": "0.80", "minor": 80}, "from_date": now.isoformat(),
        "until": None, "made_by": str(operator), "made_at": "", "holds": True,
    }  # fmt: skip
    assert office.post("/office/labels", given).json()["code"] == "label_has_shop"
    boss = program(account("boss"))
    secret = secret_of(Letter.objects.get(to="boss@example.com"))
    (seat,) = boss.post("/studio/invitations/answer", {"secret": secret, "accepts": True}).json()["items"]
    assert (seat["kind"], seat["role"], "owners" in seat["may"]) == ("brand", "owner", True)
    later = {"price": "1.00", "from_date": (now + DAY).isoformat(), "until": now.isoformat()}
    path = f"/office/labels/{told['gid']}"
    assert office.post(f"{path}/agreements", later).json()["code"] == "agreement_refused"
    changed = office.post(f"{path}/agreements", later | {"until": None}).json()
    assert [(it["price"]["amount"], it["holds"]) for it in changed["agreements"]] == [
        ("0.80", True),
        ("1.00", False),
    ]
    assert office.get("/office/labels").json()["items"][0]["name"] == "海风"
    assert office.post(f"{path}/owner", {"email": "x"}).json()["code"] == "address_refused"
    assert office.post(f"{path}/owner", {"email": "heir@example.com"}).status_code == 201


def test_the_header_says_for_which_shop_one_calls(program, boss, shop, editor):
    second = label_of(account("second"), "Second")
    join(second, second.owner, editor, "bookkeeper")
    client = program(editor)
    named = [(it["name"], it["role"]) for it in client.get("/studio/shops").json()["items"]]
    assert named == [("Second", "bookkeeper"), ("海风", "editor")]  # in the order in which they came
    for it in (shop, second):
        own = client.get("/studio/shop", **{"Alpheus-Shop": str(it.gid)}).json()
        assert (own["gid"], own["kind"]) == (str(it.gid), "brand")
    here, there = ({"Alpheus-Shop": str(it.gid)} for it in (shop, second))
    assert client.call("patch", "/studio/shop", {"biography": "x"}, **here).status_code == 200
    assert client.call("patch", "/studio/shop", {"biography": "x"}, **there).json()["code"] == "role_refused"
    assert client.get("/studio/prices", **here).json()["code"] == "role_refused"
    assert client.get("/studio/prices", **there).status_code == 200
    stranger = program(account("stranger"))
    for named in (str(shop.gid), "x"):
        assert stranger.get("/studio/shop", **{"Alpheus-Shop": named}).json()["code"] == "no_shop"


ALLOWED = {
    ("get", "/studio/shop", None): "oMeb",
    ("patch", "/studio/shop", '{"biography": "x"}'): "oMe",
    ("get", "/studio/prices", None): "oMb",
    ("put", "/studio/prices", '{"things": ["9c1f5a0e-4f4b-4a3f-9d61-0d6a5e1b7c22"], "kind": "free"}'): "oM",
    ("get", "/studio/audience", None): "oMb",
    ("get", "/studio/members", None): "oMeb",
    ("post", "/studio/members", '{"email": "n@example.com", "role": "editor"}'): "oM",
    ("post", "/studio/members", '{"email": "n@example.com", "role": "owner"}'): "o",
    ("post", "/studio/artists", '{"name": "Jun"}'): "oM",
    ("get", "/studio/artists", None): "oMeb",
    ("get", "/studio/submissions", None): "oMe",
    ("post", "/studio/releases", "{}"): "oMe",
    ("post", "/studio/shop/close", "{}"): "o",
    ("post", "/studio/shop/open", "{}"): "oM",
}


@pytest.mark.parametrize(
    ("letter", "role"), [("o", "owner"), ("M", "manager"), ("e", "editor"), ("b", "bookkeeper")]
)
def test_what_each_role_is_let_do(program, boss, shop, letter, role):
    who = boss
    if role != "owner":
        who = account(role)
        join(shop, boss, who, role, now=timezone.now())
    client = program(who)
    found = {}
    for method, path, body in ALLOWED:
        answered = client.call(method, path, body, **{"Alpheus-Shop": str(shop.gid)})
        found[method, path, body] = answered.status_code < 300 or answered.json()["code"] not in {
            "role_refused",
            "no_shop",
        }
    assert found == {key: letter in letters for key, letters in ALLOWED.items()}


def test_members_are_invited_changed_and_removed(program, boss, shop, editor):
    client, here = program(boss), {"Alpheus-Shop": str(shop.gid)}
    seen = client.post("/studio/members", {"email": "new@example.com", "role": "editor"}, **here).json()
    (asked,) = seen["invitations"]
    assert (asked["email"], asked["state"]) == ("new@example.com", "waiting")
    assert client.call("delete", f"/studio/invitations/{asked['gid']}", **here).status_code == 204
    assert client.call("delete", f"/studio/invitations/{asked['gid']}", **here).json()["code"] == (
        "invitation_settled"
    )
    row = Member.objects.get(shop=shop, account=editor)
    changed = client.call("patch", f"/studio/members/{row.gid}", {"role": "bookkeeper"}, **here).json()
    assert [it["role"] for it in changed["members"]] == ["owner", "bookkeeper"]
    assert changed["history"][0]["event"] == "role"
    assert client.post("/studio/leave", {}, **here).json()["code"] == "last_owner"
    assert client.post(f"/studio/members/{row.gid}/hand-on", {}, **here).status_code == 200
    assert client.post("/studio/leave", {}, **here).status_code == 204
    assert client.get("/studio/members", **here).json()["code"] == "no_shop"


def test_an_invitation_is_for_who_it_was_sent_to(program, boss, shop):
    letters = Letters()
    now = timezone.now()
    invite(by=boss, shop=shop.gid, email="new@example.com", role=Role.EDITOR, answer=letters, now=now)
    said = {"secret": letters.secrets[0], "accepts": True}
    assert program(account("else")).post("/studio/invitations/answer", said).json()["code"] == (
        "invitation_elsewhere"
    )
    new = program(account("new"))
    assert new.post("/studio/invitations/answer", said | {"secret": "no"}).json()["code"] == (
        "invitation_unknown"
    )
    assert len(new.post("/studio/invitations/answer", said).json()["items"]) == 1


def test_a_release_names_its_artist_and_prices_are_refused_with_a_sentence(program, boss, shop):
    client, here = program(boss), {"Alpheus-Shop": str(shop.gid)}
    artist = add_artist(by=boss, shop=shop.gid, name="小雨", now=timezone.now()).artist
    assert [it["name"] for it in client.get("/studio/artists", **here).json()["items"]] == ["小雨"]
    draft = client.post("/studio/releases", {}, **here).json()
    assert "artist" in draft["missing"]
    path = f"/studio/submissions/{draft['gid']}"
    changed = client.call("patch", path, {"artist": str(artist.gid), "catalogue_number": "HF 1"}).json()
    assert changed["artist_name"] == "小雨"
    assert "artist" not in changed["missing"]
    row = release_of(boss, ["雨"], shop=shop.gid)
    recording = row.tracks.get().recording
    Piece.objects.create(shop=shop, recording=recording, position=0)
    asked = {"things": [str(recording.gid)], "kind": "fixed", "amount": "2.00"}
    refused = client.call("put", "/studio/prices", asked, **here)
    day = today().isoformat()
    assert refused.status_code == 409
    assert refused.json()["detail"] == (
        f"Your agreement of {day} fixes the price of tracks at 0.80 CNY until another is made."
    )


def test_a_move_by_the_api(program, boss, shop):
    musician = account("tide")
    own = Shop.objects.create(owner=musician, name="潮汐", country="CN")
    own.artist = artist_for(own, "潮汐")
    own.save()
    client = program(boss)
    asked = {"artist": str(own.artist.gid), "to": str(shop.gid), "takes_releases": True}
    made = client.post("/studio/moves", asked).json()
    assert (made["state"], made["awaited"], made["from_shop"]) == ("asked", ["artist"], "潮汐")
    assert client.post("/studio/moves", asked).json()["code"] == "move_asked_already"
    path = f"/studio/moves/{made['gid']}"
    assert program(account("else")).get(path).json()["code"] == "move_unknown"
    theirs = program(musician)
    assert [it["gid"] for it in theirs.get("/studio/moves").json()["items"]] == [made["gid"]]
    done = theirs.post(f"{path}/answer", {"answer": "agree"}).json()
    assert (done["state"], [it["event"] for it in done["steps"]]) == ("moved", ["ask", "move"])
    assert theirs.post(f"{path}/answer", {"answer": "decline"}).json()["code"] == "move_settled"


def test_labels_shops_are_listed_as_such(guest, shop):
    (listed,) = guest.get("/shops?kind=brand").json()["items"]
    assert (listed["kind"], listed["artist"], listed["label"]) == ("brand", None, str(shop.label.gid))
    assert guest.get("/shops?kind=independent").json()["items"] == []
    assert guest.get("/shops/haifeng").json()["artists"] == []

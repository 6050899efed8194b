"""Who may come to which page of a label's studio: every route by every role, and by who belongs to another shop."""

from uuid import UUID

import pytest
from applying import NOW, account, release_of
from details_of import PERSON
from django.db import transaction
from django.test import Client
from django.urls import reverse
from labels import Letters, join, label_of

from alpheus.parties import details
from alpheus.shops.brand.invite import invite
from alpheus.shops.brand.models import Member
from alpheus.shops.brand.roster import add_artist
from alpheus.shops.moves.ask import ask
from alpheus.shops.rules import Role
from alpheus.submissions.bulk.bring_sheet import bring_sheet
from alpheus.submissions.bulk.drop_intake import drop_intake
from alpheus.submissions.bulk.errors import IntakeUnknown
from alpheus.submissions.bulk.models import Intake
from alpheus.submissions.bulk.queries import own_intakes
from alpheus.submissions.terms import terms
from alpheus.web.urls import urlpatterns

pytestmark = pytest.mark.django_db

IN, NO, GONE = "let in", "refused", "nothing there"
ROLES = ("owner", "manager", "editor", "bookkeeper", "stranger")
# Of a route: what reading and what changing gives, by role. A stranger works for another label: there it is theirs.
EVERYONE = (IN, IN, IN, IN, IN)
PAGE = (IN, IN, IN, NO, IN)
BOOKS = (IN, IN, NO, IN, IN)
MANAGES = (IN, IN, NO, NO, IN)
OWNS = (IN, NO, NO, NO, IN)
RELEASES = (IN, IN, IN, GONE, GONE)
ABOUT_MEMBER = (IN, IN, NO, NO, GONE)
TABLE = {
    ("studio", "get"): EVERYONE,
    ("studio-choose-shop", "post"): (IN, IN, IN, IN, GONE),
    ("studio-shop", "get"): EVERYONE,
    ("studio-shop", "post"): PAGE,
    ("studio-open-shop", "post"): MANAGES,
    ("studio-close-shop", "post"): OWNS,
    ("studio-order-shop", "post"): PAGE,
    ("studio-feature", "post"): PAGE,
    ("studio-header", "post"): PAGE,
    ("studio-prices", "get"): BOOKS,
    ("studio-prices", "post"): MANAGES,
    ("studio-currency", "post"): MANAGES,
    ("studio-audience", "get"): BOOKS,
    ("studio-splits", "get"): EVERYONE,  # their own shares; the shop's to who may see them
    ("studio-splits", "post"): MANAGES,
    ("studio-members", "get"): EVERYONE,
    ("studio-members", "post"): MANAGES,
    ("studio-member-role", "post"): ABOUT_MEMBER,
    ("studio-remove-member", "post"): ABOUT_MEMBER,
    ("studio-hand-on", "post"): (IN, NO, NO, NO, GONE),
    ("studio-withdraw-invitation", "post"): ABOUT_MEMBER,
    ("studio-leave-shop", "post"): EVERYONE,
    ("studio-roster", "get"): EVERYONE,
    ("studio-roster", "post"): MANAGES,
    ("studio-invite-artist", "post"): MANAGES,
    ("studio-moves", "get"): EVERYONE,
    ("studio-move", "get"): (IN, IN, GONE, GONE, GONE),
    ("studio-answer-move", "post"): (IN, IN, GONE, GONE, GONE),
    ("studio-ask-move", "post"): (IN, IN, GONE, GONE, GONE),
    ("studio-application", "get"): RELEASES,
    ("studio-save", "post"): RELEASES,
    ("studio-hand-in", "post"): RELEASES,
    ("studio-discard", "post"): RELEASES,
    ("studio-withdraw", "post"): RELEASES,
    ("studio-answer", "post"): RELEASES,
    ("studio-appeal", "post"): RELEASES,
    ("studio-cover", "post"): RELEASES,
    ("studio-mint-upc", "post"): RELEASES,
    ("studio-change", "post"): RELEASES,
    ("studio-new-version", "post"): RELEASES,
    ("studio-preview", "get"): RELEASES,
    ("studio-track", "get"): RELEASES,
    ("studio-track", "post"): RELEASES,
    ("studio-remove-track", "post"): RELEASES,
    ("studio-mint", "post"): RELEASES,
    ("studio-begin-release", "post"): PAGE,
    (
        "studio-intakes",
        "get",
    ): EVERYONE,  # what it lists: test_a_catalogue_is_everybody_s_who_brings_out_releases
    ("studio-intake", "get"): RELEASES,
    ("studio-intake-faults", "get"): RELEASES,
    ("studio-intake-hand-in", "post"): RELEASES,
    ("studio-intake-drop", "post"): RELEASES,
}
OWN = {
    "studio-apply",  # an application is an account's own, as are its details and its shares in others' splits
    "studio-details",
    "studio-intake-template",  # the same for everybody
    "studio-intake-columns",
    "studio-withdraw-split",  # tests/shops/test_splits.py: another's is not there
    "studio-answer-split",
}
ROUTES = {it.name: it for it in urlpatterns if str(it.pattern).startswith("studio")}


def test_every_route_of_the_studio_stands_in_the_table():
    assert {name for name, _ in TABLE} | OWN == ROUTES.keys()


@pytest.fixture
def house(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    people = {role: account(role) for role in (*ROLES, "target")}
    shop = label_of(people["owner"])
    for role in ("manager", "editor", "bookkeeper"):
        join(shop, people["owner"], people[role], role)
    join(shop, people["owner"], people["target"], "editor")
    label_of(people["stranger"], "Another")
    details.give(account=people["owner"], fields=PERSON, now=NOW)
    return shop, people


def move_of(shop, people):
    """An artist of this label is asked into independence."""
    artist = add_artist(by=people["owner"], shop=shop.gid, name="Mei", now=NOW).artist
    return ask(
        by=people["owner"], artist=artist.gid, to=None, takes_releases=False, email="mei@example.com",
        link=str, now=NOW,
    )  # fmt: skip


def intake_of(shop, whose):
    """A catalogue that its owner began."""
    return Intake.objects.create(
        account=whose, shop=shop, state="open", name="spring.csv", sheet="File,Title,Release,Release artist\n"
    )


def test_a_catalogue_is_everybody_s_who_brings_out_releases(house):
    shop, people = house
    row = intake_of(shop, people["owner"])
    for role in ROLES:
        listed = row.gid in [it.gid for it in own_intakes(people[role], shop)]
        assert listed is (role in {"owner", "manager", "editor"}), role
        client = Client()
        client.force_login(people[role])
        assert (b"spring.csv" in client.get(reverse("web:studio-intakes")).content) is listed
        api = client.get(f"/api/v1/studio/intakes/{row.gid}")
        assert api.status_code == (200 if listed else 404)
        assert (str(row.gid) in client.get("/api/v1/studio/intakes").content.decode()) is listed
    bring = {"account": people["editor"], "data": b"File,Title\n", "name": "spring.csv", "now": NOW}
    assert bring_sheet(**bring, gid=row.gid).account == people["editor"]
    Member.objects.filter(account=people["editor"]).delete()
    with pytest.raises(IntakeUnknown):  # who brought it has left
        bring_sheet(**bring, gid=row.gid)
    drop_intake(account=people["manager"], gid=row.gid, terms=terms())
    assert not Intake.objects.exists()


def arguments(name, shop, people, row):
    """What the route is about: things of this shop."""
    asked = invite(
        by=people["owner"],
        shop=shop.gid,
        email="asked@example.com",
        role=Role.EDITOR,
        answer=Letters(),
        now=NOW,
    )
    about: UUID = row.gid
    if "member" in name or name == "studio-hand-on":
        about = Member.objects.get(shop=shop, account=people["target"]).gid
    if "invitation" in name:
        about = asked.gid
    if name.startswith("studio-intake"):
        about = intake_of(shop, people["owner"]).gid
    if name in {"studio-move", "studio-answer-move"}:
        about = move_of(shop, people).gid
    found = [about, row.tracks.get().gid]
    return found[: str(ROUTES[name].pattern).count("uuid:")]


def answered(client, method, name, args, shop):
    row = shop.roster.first()
    artist = str(row.artist.gid) if row else ""
    body = {
        "artist": artist,
        "answer": "withdraw",
        "shop": str(shop.gid),
        "role": "editor",
        "email": "new@example.com",
        "name": "Mei",
    }
    response = getattr(client, method)(reverse(f"web:{name}", args=args), body if method == "post" else None)
    return {403: NO, 404: GONE}.get(response.status_code, IN)


@pytest.mark.parametrize("role", ROLES)
def test_who_is_let_in(role, house):
    shop, people = house
    row = release_of(people["owner"], ["雨"], shop=shop.gid)
    found = {}
    for name, method in TABLE:
        client = Client()
        client.force_login(people[role])
        if name in {
            "studio-mint",
            "studio-mint-upc",
        }:  # what they give is never taken back: in no other transaction
            args = [row.gid, row.tracks.get().gid][: str(ROUTES[name].pattern).count("uuid:")]
            found[name, method] = answered(client, method, name, args, shop)
            continue
        with transaction.atomic():
            if name == "studio-ask-move":
                add_artist(by=people["owner"], shop=shop.gid, name="Jun", now=NOW)
            found[name, method] = answered(client, method, name, arguments(name, shop, people, row), shop)
            transaction.set_rollback(True)
    place = ROLES.index(role)
    assert found == {key: by_role[place] for key, by_role in TABLE.items()}


def test_what_a_stranger_does_happens_in_their_own_shop(house):
    shop, people = house
    client = Client()
    client.force_login(people["stranger"])
    session = client.session
    session["shop"] = str(shop.gid)  # as if it were chosen once, and they were removed since
    session.save()
    client.post(reverse("web:studio-shop"), {"biography": "mine"})
    client.post(reverse("web:studio-roster"), {"name": "Mei"})
    shop.refresh_from_db()
    assert shop.biography == ""
    assert not shop.roster.exists()
    page = client.get(reverse("web:studio-members")).content.decode()
    assert "owner@example.com" not in page


def test_one_chooses_for_which_shop_one_works(house):
    shop, people = house
    second = label_of(people["editor"], "Second")
    client = Client()
    client.force_login(people["editor"])
    assert 'name="shop"' in client.get(reverse("web:studio")).content.decode()
    for chosen in (second, shop):
        client.post(reverse("web:studio-choose-shop"), {"shop": str(chosen.gid)})
        client.post(reverse("web:studio-shop"), {"biography": f"of {chosen.name}"})
        chosen.refresh_from_db()
        assert chosen.biography == f"of {chosen.name}"
    assert client.post(reverse("web:studio-close-shop")).status_code == 403
    assert client.post(reverse("web:studio-choose-shop"), {"shop": "x"}).status_code == 404

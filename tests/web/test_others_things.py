"""What belongs to one shop is not there for another's people: generated from the pages' routes and the API's operations.

Every route and operation about a thing has a row that says how such a thing of a shop is made, or a reason why there is
none. A shop's owner, its editor, and a member who works nowhere come to it with every method: nothing is told, and every
table is afterwards as it was. That the shop's own people are let in proves each row.
"""

import hashlib
import json
import re
from dataclasses import dataclass, field
from datetime import date
from uuid import uuid4

import pytest
from api.test_permissions import OPERATIONS
from applying import LINK, NOW, PASSWORD, account, release_of
from details_of import PERSON
from django.apps import apps
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from labels import Letters, join, label_of
from opened_shop import opened

from alpheus.api.limits import METER
from alpheus.parties import details
from alpheus.parties.models import StaffRole
from alpheus.shops.brand.invite import invite
from alpheus.shops.brand.models import Member
from alpheus.shops.brand.roster import add_artist
from alpheus.shops.moves.ask import ask
from alpheus.shops.rules import Role
from alpheus.shops.splits.propose import Links, propose
from alpheus.shops.splits.rules import Person
from alpheus.submissions.bulk.models import Intake
from alpheus.submissions.hand_in import hand_in
from alpheus.values.share import Share
from alpheus.web.urls import urlpatterns

pytestmark = pytest.mark.django_db

LINKS = Links("http://testserver/studio/splits", lambda secret: f"http://testserver/split/{secret}")
INTRUDERS = ("owner of another", "editor of another", "member without a shop")
METHODS = ("get", "post", "put", "patch", "delete")
REFUSED = {403, 404, 405}
UNTOUCHED_BY_REFUSALS = {"sessions.session", "usersessions.usersession", "api.attempt", "listening.listener"}
"""What calling anything may write about who calls: that they called."""


@dataclass(frozen=True)
class Theirs:
    """A label and an independent, with a thing of every kind."""

    people: dict
    shop: object
    solo: object
    things: dict


@dataclass(frozen=True)
class Row:
    """About what a route is (names of things, by its parameters), what is sent, and whose people are let in."""

    things: tuple[str, ...]
    body: dict = field(default_factory=dict)
    by: str = "owner"
    sends: str = ""
    """The name of a file that is sent with it."""


def draft(**given):
    return Row(("draft",), **given)


def track(**given):
    return Row(("draft", "track"), **given)


SOLO = {"by": "solo"}
PAGES = {
    "studio-application": draft(),
    "studio-save": draft(body={"title": "taken"}),
    "studio-hand-in": draft(body={"title": "taken"}),
    "studio-discard": draft(),
    "studio-withdraw": Row(("handed in",)),
    "studio-answer": Row(("handed in",), {"words": "taken"}),
    "studio-appeal": Row(("handed in",), {"words": "taken"}),
    "studio-cover": draft(sends="image"),
    "studio-mint-upc": draft(),
    "studio-change": Row(("handed in",), {"notes": "taken"}),
    "studio-new-version": Row(("handed in",)),
    "studio-preview": draft(),
    "studio-track": track(body={"title": "taken"}),
    "studio-remove-track": track(),
    "studio-mint": track(),
    "studio-intake": Row(("intake",), sends="sheet"),
    "studio-intake-faults": Row(("intake",)),
    "studio-intake-hand-in": Row(
        ("intake",), {"owns_recording": "on", "owns_composition": "on", "no_cover": "on", "ai": "none"}
    ),
    "studio-intake-drop": Row(("intake",)),
    "studio-member-role": Row(("member",), {"role": "manager"}),
    "studio-remove-member": Row(("member",)),
    "studio-hand-on": Row(("member",)),
    "studio-withdraw-invitation": Row(("invitation",)),
    "studio-move": Row(("move",)),
    "studio-answer-move": Row(("move",), {"answer": "withdraw"}),
    "studio-withdraw-split": Row(("split",), **SOLO),
    "studio-answer-split": Row(("split",), {"answer": "accept"}, by="asked"),
    "payee": Row(("payee",), by="accountant"),
    "office-label": Row(("shop",), by="operator"),
    "office-agreement": Row(("shop",), {"price": "1.00", "from_date": "2030-01-01"}, by="operator"),
    "office-label-owner": Row(("shop",), {"email": "taken@example.com"}, by="operator"),
    "audit-item": Row(("handed in",), by="auditor"),
    "audit-news": Row(("handed in",), by="auditor"),
    "audit-desk": Row(("handed in",), by="auditor"),
    "audit-leave": Row(("handed in",), by="auditor"),
    "audit-decide": Row(
        ("handed in",), {"event": "refuse", "reason": "unfit", "words": "taken"}, by="auditor"
    ),
}
CALLS = {
    "get_submission": draft(),
    "describe_submission": draft(body={"title": "taken"}),
    "discard_submission": draft(),
    "hand_in": draft(),
    "withdraw": Row(("handed in",)),
    "answer": Row(("handed in",), {"words": "taken"}),
    "appeal": Row(("handed in",), {"words": "taken"}),
    "change_release": Row(("handed in",), {"notes": "taken"}),
    "begin_version": Row(("handed in",)),
    "describe_track": track(body={"title": "taken"}),
    "remove_track": track(),
    "move_track": track(body={"after": None}),
    "mint_isrc": track(),
    "mint_upc": draft(),
    "preview_release": draft(),
    "give_cover": draft(sends="image"),
    "remove_cover": draft(),
    "get_intake": Row(("intake",)),
    "drop_intake": Row(("intake",)),
    "correct_intake": Row(("intake",), sends="sheet"),
    "get_intake_faults": Row(("intake",)),
    "match_intake": Row(("intake",), sends="names"),
    "hand_in_intake": Row(
        ("intake",), {"owns_recording": True, "owns_composition": True, "no_cover": True, "ai": "none"}
    ),
    "get_price_history": Row(("release",), **SOLO),
    "withdraw_split": Row(("split",), **SOLO),
    "answer_split": Row(("split",), {"accepts": True}, by="asked"),
    "change_member": Row(("member",), {"role": "manager"}),
    "remove_member": Row(("member",)),
    "hand_on_shop": Row(("member",)),
    "withdraw_invitation": Row(("invitation",)),
    "get_move": Row(("move",)),
    "answer_move": Row(("move",), {"answer": "withdraw"}),
    "see_payee": Row(("payee",), by="accountant"),
    "get_labels_shop": Row(("shop",), by="operator"),
    "make_agreement": Row(("shop",), {"from_date": "2030-01-01"}, by="operator"),
    "invite_labels_owner": Row(("shop",), {"email": "taken@example.com"}, by="operator"),
    "get_audited": Row(("handed in",), by="auditor"),
    "take": Row(("handed in",), by="auditor"),
    "leave": Row(("handed in",), by="auditor"),
    "decide": Row(("handed in",), {"event": "refuse", "reason": "unfit", "words": "taken"}, by="auditor"),
}
PUBLIC = "of what is out, for everybody"
LISTENERS = "a listener's own: tests/web/test_library.py, tests/api/test_library.py"
LETTER = "whoever has the link of a letter: tests/web/test_house.py, tests/web/test_splits.py"
NOTICES = "of notices: tests/web/test_notices.py, tests/api/test_notices.py"
NAMES = "of a musician who waits because of their name, for operators: tests/web/test_namesakes.py"
WITHOUT_ROW = {
    **dict.fromkeys(
        (
            "release", "give-notice", "artist", "similar", "most", "recording", "versions", "embed-recording",
            "embed-release", "card-release", "card-recording", "card-shop", "shop", "follow-shop", "shop-feed", "label",
            "genre", "year", "radio", "cover", "wish-offer", "keep-offer", "offer-after",
            "get_recording", "get_lyrics", "get_release", "get_artist", "get_label", "get_radio", "get_similar",
            "list_heard_most", "list_versions", "get_shop", "get_offer", "wish", "give_up_wish", "keep_offer", "give_notice", "preview",
        ),
        PUBLIC,
    ),
    **dict.fromkeys(
        (
            "playlist", "describe-playlist", "delete-playlist", "undo-playlist", "invite", "remove-editor",
            "playlist-m3u8", "playlist-xspf", "invitation", "rename_device", "clean_other_device", "end_device",
            "revoke-token", "export_file", "sign-in-link",
        ),
        LISTENERS,
    ),
    **dict.fromkeys(("join", "split"), LETTER),
    **dict.fromkeys(("audit-notice", "audit-decide-notice", "get_notice", "decide_notice"), NOTICES),
    **dict.fromkeys(("office-tell-apart", "tell_apart"), NAMES),
}  # fmt: skip
OF_LISTENERS = (
    "/playlists",
    "/devices",
    "/streams",
    "/library",
    "/me/",
    "/tokens",
    "/history",
    "/session",
    "/invitations",
)
"""The API's addresses of listeners' own things."""
ROUTES = {it.name: str(it.pattern) for it in urlpatterns if "<" in str(it.pattern)}


def test_every_route_about_a_thing_has_a_row_or_a_reason():
    assert PAGES.keys() | (WITHOUT_ROW.keys() & ROUTES.keys()) == ROUTES.keys()
    about = {
        name for name, (_, path) in OPERATIONS.items() if "{" in path and not path.startswith(OF_LISTENERS)
    }
    assert CALLS.keys() | (WITHOUT_ROW.keys() & about) == about
    assert not (PAGES.keys() | CALLS.keys()) & WITHOUT_ROW.keys()
    assert WITHOUT_ROW.keys() <= ROUTES.keys() | about
    assert not [it for it in WITHOUT_ROW if ROUTES.get(it, "").startswith("studio")], (
        "the studio has none but shops' own"
    )


@pytest.fixture
def theirs(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    names = ("owner", "target", "solo", "asked", *INTRUDERS)
    people = {name: account(name.replace(" ", "-")) for name in names}
    for role in (StaffRole.Role.AUDITOR, StaffRole.Role.ACCOUNTANT, StaffRole.Role.OPERATOR):
        people[role.value] = account(f"staff-{role.value}", role)
    shop = label_of(people["owner"])
    join(shop, people["owner"], people["target"], "editor")
    another = label_of(people[INTRUDERS[0]], "Another")
    join(another, people[INTRUDERS[0]], people[INTRUDERS[1]], "editor")
    details.give(account=people["owner"], fields=PERSON, now=NOW)
    return Theirs(people, shop, opened(people["solo"], people["auditor"]), _things(shop, people))


def _things(shop, people):
    """What the label has, by the names of rows; those of the independent are added where they are asked for."""
    owner = people["owner"]
    artist = add_artist(by=owner, shop=shop.gid, name="Mei", now=NOW).artist
    made = release_of(owner, ["雨"], shop=shop.gid, artist=str(artist.gid), title="Veiled draft")
    given = release_of(owner, ["雪"], shop=shop.gid, artist=str(artist.gid), title="Veiled release")
    hand_in(account=owner, gid=given.gid, link=LINK, now=NOW)
    asked = invite(
        by=owner, shop=shop.gid, email="veiled@example.com", role=Role.EDITOR, answer=Letters(), now=NOW
    )
    moving = add_artist(by=owner, shop=shop.gid, name="Jun", now=NOW).artist
    move = ask(
        by=owner, artist=moving.gid, to=None, takes_releases=False, email="jun@example.com", link=str, now=NOW
    )
    intake = Intake.objects.create(
        account=owner, shop=shop, state="open", name="veiled.csv", sheet="File,Title,Release,Release artist\n"
    )
    return {
        "draft": made.gid,
        "track": made.tracks.get().gid,
        "handed in": given.gid,
        "intake": intake.gid,
        "member": Member.objects.get(shop=shop, account=people["target"]).gid,
        "invitation": asked.gid,
        "move": move.gid,
        "payee": owner.gid,
        "shop": shop.gid,
    }


def thing(theirs, name):
    """The gid of one of their things."""
    if name == "release":
        return theirs.solo.pieces.get().release.gid
    if name == "split":
        recording = theirs.solo.pieces.get().recording.gid
        persons = (
            Person("solo", "", Share(5000)),
            Person("asked", "asked@example.com", Share(5000)),
        )
        return propose(
            owner=theirs.solo.owner, recordings=[recording], people=persons, from_date=date(2030, 1, 1),
            links=LINKS, now=NOW,
        ).gid  # fmt: skip
    return theirs.things[name]


def as_it_is():
    """Every table as it is, row by row, but for what any call writes about who calls."""
    found = {}
    for model in apps.get_models():
        label = model._meta.label_lower
        if label not in UNTOUCHED_BY_REFUSALS and model._meta.managed:
            rows = json.dumps(list(model._base_manager.order_by("pk").values_list()), default=_plain)
            found[label] = hashlib.sha256(rows.encode()).hexdigest()
    return found


def _plain(value):
    return (
        value.hex()
        if isinstance(value, bytes)
        else bytes(value).hex()
        if isinstance(value, memoryview)
        else str(value)
    )


def signed_in(who):
    client = Client()
    client.force_login(who)
    return client


def come(client, method, address, row, *, form):
    cache.clear()
    METER._empty_at.clear()
    call = getattr(client, method)
    if method == "get":
        return call(address)
    if row.sends:
        sent = {row.sends: SimpleUploadedFile("x.csv", b"File,Title\n", "text/csv")}
        return call(address, sent) if method == "post" else call(address)
    return (
        call(address, row.body)
        if form and method == "post"
        else call(address, json.dumps(row.body), "application/json")
    )


def page_of(name, theirs):
    row = PAGES[name]
    return row, reverse(f"web:{name}", args=[thing(theirs, it) for it in row.things])


def call_of(name, theirs):
    row, (_, path) = CALLS[name], OPERATIONS[name]
    gids = iter([thing(theirs, it) for it in row.things])
    return row, "/api/v1" + re.sub(r"\{\w+\}", lambda _: str(next(gids)), path)


def beside(name, method):
    """The row of the operation that has this one's address and a method; else this one's."""
    path = OPERATIONS[name][1]
    return CALLS[next((it for it in CALLS if OPERATIONS[it] == (method, path)), name)]


def rejected(client, answer, address):
    """Whether an answer tells nothing. A form's address leads who comes by a link to the page about its thing, which is refused."""
    if answer.status_code == 302 and address.startswith(answer["Location"] + "/"):
        return client.get(answer["Location"]).status_code in REFUSED
    return answer.status_code in REFUSED


@pytest.mark.parametrize("name", [*(f"page {it}" for it in PAGES), *(f"call {it}" for it in CALLS)])
def test_it_is_not_there_for_others_and_nothing_changes(theirs, name):
    kind, _, name = name.partition(" ")
    row, address = page_of(name, theirs) if kind == "page" else call_of(name, theirs)
    for who in INTRUDERS:
        client, before = signed_in(theirs.people[who]), as_it_is()
        for method in METHODS:
            sent = row if kind == "page" else beside(name, method)
            answer = come(client, method, address, sent, form=kind == "page")
            assert rejected(client, answer, address), (who, method, answer.status_code, answer.content[:300])
            assert b"veiled" not in answer.content.lower()
        after = as_it_is()
        assert [it for it in before if before[it] != after[it]] == [], who
    own, usual = signed_in(theirs.people[row.by]), METHODS
    own.post("/account/reauthenticate/", {"password": PASSWORD})  # what is seen in confidence asks for that
    if kind == "call":
        usual = (OPERATIONS[name][0],)
    # In no transaction of its own: numbers that are given for good are given in none but theirs.
    codes = [come(own, method, address, row, form=kind == "page").status_code for method in usual]
    assert [it for it in codes if it not in REFUSED], (
        "its own people come to it: else the row would prove nothing"
    )


HEADED = {
    "list_submissions": {},
    "begin_release": {},
    "get_own_shop": {},
    "change_own_shop": {"biography": "taken"},
    "get_own_audience": {},
    "open_own_shop": {},
    "close_own_shop": {},
    "order_own_shop": {"releases": []},
    "feature_in_own_shop": {"thing": None},
    "remove_header": {},
    "list_own_prices": {},
    "propose_split": {
        "recordings": [str(uuid4())],
        "people": [{"name": "x", "email": "x@example.com", "parts": 10_000}],
        "from_date": "2030-01-01",
    },
    "list_members": {},
    "invite_member": {"email": "taken@example.com", "role": "editor"},
    "leave_shop": {},
    "list_roster": {},
    "add_artist": {"name": "taken"},
}
"""Operations of a shop that `Alpheus-Shop` names, with what is sent."""
HEADLESS = {
    "begin_submission": "an applicant's, who has no shop",
    "get_intake_template": "the same for everybody",
    "begin_intake": "a form: tests/api/test_house.py",
    "give_header": "a form: tests/shops/test_set_header.py",
    "set_prices": "names offers: tests/web/test_prices.py",
    "list_intakes": "of all shops for which the caller hands in releases",
    "list_own_shops": "where the caller works",
    "answer_shop_invitation": "by the secret of a letter",
    "list_splits": "of the caller's shop, and those in which they have a share",
    "list_moves": "names its artist",
    "ask_move": "names its artist",
}


def test_every_operation_of_a_shop_stands_here():
    bare = {name for name, (_, path) in OPERATIONS.items() if path.startswith("/studio") and "{" not in path}
    assert HEADED.keys() | HEADLESS.keys() == bare


@pytest.mark.parametrize("name", HEADED)
def test_a_header_that_names_another_s_shop_opens_nothing(theirs, name):
    method, path = OPERATIONS[name]
    for who in INTRUDERS:
        client, before = signed_in(theirs.people[who]), as_it_is()
        METER._empty_at.clear()
        sent = () if method == "get" else (json.dumps(HEADED[name]), "application/json")
        answer = getattr(client, method)(
            f"/api/v1{path}", *sent, headers={"Alpheus-Shop": str(theirs.shop.gid)}
        )
        assert answer.status_code in REFUSED, (who, answer.status_code, answer.content[:300])
        after = as_it_is()
        assert [it for it in before if before[it] != after[it]] == [], who

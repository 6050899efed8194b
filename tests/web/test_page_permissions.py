"""Who may come to every other page: all routes but studio's and office's by every role, generated from the routes themselves.

What a page shows of others' things is told by its own tests; here it is who gets past its door. Those of studio and office
stand in test_desk_permissions.
"""

import re
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.db import transaction
from django.urls import reverse
from web.test_desk_permissions import IN, NO, ROLES, SIGN_IN, client_of
from web.test_desk_permissions import MEMBERS as SIGNED_IN
from web.test_desk_permissions import ROUTES as OF_DESKS

from alpheus.web.urls import urlpatterns

pytestmark = pytest.mark.django_db

EVERYBODY = (IN, IN, IN, IN, IN)
TABLE = {
    **dict.fromkeys(
        (
            "home", "search", "release", "give-notice", "artist", "similar", "most", "recording", "versions",
            "embed-recording", "embed-release", "card-release", "card-recording", "card-shop", "oembed", "shops", "shop", "shop-feed",
            "releases", "recordings", "artists", "labels", "label", "genres", "genre", "years", "year", "radio",
        ),
        EVERYBODY,
    ),
    # A guest's browser has a library, playlists and devices of its own; of another's there is nothing at such an address.
    **dict.fromkeys(
        (
            "playing", "library", "library-recordings", "library-releases", "library-artists", "library-playlists",
            "library-locker", "library-history", "clear-history", "library-most", "import-playlist", "playlist",
            "describe-playlist", "delete-playlist", "undo-playlist", "invite", "remove-editor", "playlist-m3u8",
            "playlist-xspf", "device", "clean_device", "end_devices", "rename_device", "clean_other_device", "end_device",
            "wish-offer", "keep-offer", "offer-after", "currency",
        ),
        EVERYBODY,
    ),
    # Whoever has the link of a letter may read what it is; what it gives is given to who signed in.
    **dict.fromkeys(("invitation", "join", "split", "sign-in-link"), EVERYBODY),
    **dict.fromkeys(
        ("cover", "manifest", "worker", "offline", "share", "language", "theme", "deleted"), EVERYBODY
    ),
    **dict.fromkeys(
        (
            "follow-shop", "account", "account_name", "explicit", "tokens", "revoke-token", "export", "export_file",
            "delete_account",
        ),
        SIGNED_IN,
    ),
}  # fmt: skip
VALUES = {
    "handle": "nobody", "slug": "jazz", "number": 7, "kind": "recording", "secret": "none", "token": "none",
    "digest": "0" * 64, "width": 64, "extension": "avif",
}  # fmt: skip
"""What stands in an address; all else is a random gid: nobody's."""
ROUTES = {it.name: it for it in urlpatterns if it.name not in OF_DESKS}


def test_every_route_stands_in_this_table_or_in_that_of_the_desks():
    assert TABLE.keys() == ROUTES.keys()
    assert len(TABLE) + len(OF_DESKS) == len(urlpatterns), "and no two have one name"


def address(name):
    named = re.findall(r"<(?:\w+:)?(\w+)>", str(ROUTES[name].pattern))
    return reverse(f"web:{name}", kwargs={it: VALUES.get(it, uuid4()) for it in named})


def answered(client, name, method):
    """How the door of a route answers; None where it knows no such method. What was changed is undone."""
    cache.clear()  # nobody is told to come back later
    with transaction.atomic():
        answer = getattr(client, method)(address(name))
        transaction.set_rollback(True)
    if answer.status_code == 405:
        return None
    asked = answer.get("Location", "").startswith("/account/login/")
    return SIGN_IN if asked else NO if answer.status_code == 403 else IN


@pytest.mark.parametrize("role", ROLES)
def test_who_is_let_in(role):
    client, found, expected = client_of(role), {}, {}
    for name in TABLE:
        for method in ("get", "post"):
            how = answered(client, name, method)
            if how is not None:
                found[name, method] = how
                expected[name, method] = TABLE[name][ROLES.index(role)]
    assert found == expected

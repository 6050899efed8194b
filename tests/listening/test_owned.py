"""What is owned is heard whole where access is by right, and for ever."""

from dataclasses import replace
from uuid import uuid4

import music
import pytest
from applying import account
from opened_shop import opened

from alpheus.catalogue.models import Recording, Rendition
from alpheus.listening import grant
from alpheus.listening.models import Listener
from alpheus.listening.queries import with_audio
from alpheus.locker.keep_free import keep_free
from alpheus.parties.models import StaffRole
from alpheus.rights.rules import Access
from alpheus.shops import keep_shop
from alpheus.shops.offers.queries import offers_of
from alpheus.shops.offers.rules import Asked, Kind
from alpheus.shops.offers.set_prices import set_prices

pytestmark = pytest.mark.django_db


def heard(whose, recording, terms, now):
    """What is granted: the preview, the whole, or nothing."""
    listener = Listener.objects.get_or_create(account=whose)[0]
    stream = grant.Stream(uuid4(), listener, listener.gid, terms.edges[0], None, "CN", "")
    found = with_audio([recording.gid], account=whose).values()
    return [
        "preview" if it.grant.preview else "whole"
        for it in grant.mint(stream=stream, recordings=found, terms=terms, now=now)
    ]


def test_by_right_and_for_ever(terms, now):
    by_right = replace(terms, access=Access.BY_RIGHT)
    musician, owner, other = account("tide"), account("owner"), account("other")
    opened(musician, account("owl", StaffRole.Role.AUDITOR))
    recording = Recording.objects.get()
    Rendition.objects.create(asset=recording.asset, name="aac-128", stored_bytes=1)
    set_prices(owner=musician, things=[recording.gid], asked=Asked(Kind.FREE), now=now)
    assert heard(owner, recording, by_right, now) == ["preview"]
    keep_free(account=owner, offer=offers_of([recording.gid])[recording.gid].offer.gid, here="", now=now)
    assert heard(owner, recording, by_right, now) == ["whole"]
    assert heard(other, recording, by_right, now) == ["preview"]
    assert heard(owner, music.recording(), by_right, now) == ["preview"]
    keep_shop.close_shop(owner=musician, now=now)
    for access in Access:
        assert heard(owner, recording, replace(terms, access=access), now) == ["whole"]
        assert heard(other, recording, replace(terms, access=access), now) == []

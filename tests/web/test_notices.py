"""Notices by their pages: anybody gives one from a release, auditors decide, and what is typed is text."""

import music
import pytest
from applying import account
from django.test import Client

from alpheus.parties.models import StaffRole
from alpheus.rights.models import Notice

pytestmark = pytest.mark.django_db

WHOLE = {
    "claim": "recording",
    "words": "I <b>sang</b> this.",
    "proof": "https://mine.example",
    "name": "Hana",
    "email": "hana@example.com",
    "signature": "Hana",
}


@pytest.fixture
def release():
    return music.release("Estuary", tracks=("Ebb",))


@pytest.fixture
def owl():
    client = Client()
    client.force_login(account("owl", StaffRole.Role.AUDITOR))
    return client


def text(answered):
    return answered.content.decode()


def test_from_the_release_to_the_decision_and_back(guest, owl, release):
    address = f"/release/{release.gid}/notice"
    assert f'href="{address}"' in text(guest.get(f"/release/{release.gid}"))
    assert "I declare that this is true" in text(guest.get(address))
    refused = guest.post(address, WHOLE | {"proof": ""})
    assert refused.status_code == 422
    assert "Say where it can be seen." in text(refused)
    assert "I &lt;b&gt;sang&lt;/b&gt; this." in text(refused), "what was typed stays"
    assert "We have your notice." in text(guest.post(address, WHOLE))
    row = Notice.objects.get()
    assert "Estuary" in text(owl.get("/office/notices"))
    page = text(owl.get(f"/office/notices/{row.gid}"))
    assert "I &lt;b&gt;sang&lt;/b&gt; this." in page
    decide = f"/office/notices/{row.gid}/decide"
    assert owl.post(decide, {"decision": "suspend", "reason": ""}).status_code == 409
    assert owl.post(decide, {"decision": "burn", "reason": "x"}).status_code == 404
    assert owl.post(decide, {"decision": "suspend", "reason": "It is hers."}).status_code == 302
    assert guest.get(f"/release/{release.gid}").status_code == 404
    assert owl.post(decide, {"decision": "suspend", "reason": "It is hers."}).status_code == 409
    assert "Dismiss, and offer it again" in text(owl.get(f"/office/notices/{row.gid}"))
    assert owl.post(decide, {"decision": "dismiss", "reason": "They agreed."}).status_code == 302
    assert guest.get(f"/release/{release.gid}").status_code == 200
    assert "They agreed." in text(owl.get(f"/office/notices/{row.gid}"))


def test_a_member_need_not_type_who_they_are(signed_in, member, release):
    page = text(signed_in.get(f"/release/{release.gid}/notice"))
    assert f'value="{member.email}"' in page


def test_too_many_are_not_taken_and_what_was_typed_stays(guest, release):
    address = f"/release/{release.gid}/notice"
    for _ in range(3):
        guest.post(address, WHOLE)
    refused = guest.post(address, WHOLE)
    assert refused.status_code == 429
    assert "Many notices came from there already" in text(refused)
    assert 'value="Hana"' in text(refused)


def test_of_what_is_not_there_nothing_is_said(guest, owl):
    nowhere = "/release/6d3f36a1-4b5f-4b86-9d54-4f5e3a0d4e00/notice"
    assert guest.get(nowhere).status_code == 404
    assert owl.get("/office/notices/6d3f36a1-4b5f-4b86-9d54-4f5e3a0d4e00").status_code == 404
    assert "None waits." in text(owl.get("/office/notices"))

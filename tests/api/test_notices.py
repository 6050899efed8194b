"""Notices by the API: given by anybody, decided by auditors."""

import music
import pytest
from applying import account

from alpheus.parties.models import StaffRole

pytestmark = pytest.mark.django_db

WHOLE = {
    "claim": "recording",
    "words": "I sang this.",
    "proof": "https://mine.example",
    "name": "Hana",
    "email": "hana@example.com",
    "signature": "Hana",
}


def test_given_suspended_and_dismissed(guest, program):
    release = music.release("Estuary", tracks=("Ebb",))
    address = f"/releases/{release.gid}/notices"
    assert guest.call("post", address, WHOLE | {"email": "not one"}).json()["code"] == "notice_incomplete"
    given = guest.call("post", address, WHOLE)
    assert given.status_code == 201
    auditor = program(account("owl", StaffRole.Role.AUDITOR))
    (row,) = auditor.call("get", "/office/notices").json()["open"]
    assert (row["gid"], row["title"], row["standing"]) == (given.json()["gid"], "Estuary", "open")
    decide = f"/office/notices/{row['gid']}/decide"
    assert (
        auditor.call("post", decide, {"decision": "suspend", "reason": " "}).json()["code"] == "words_missing"
    )
    suspended = auditor.call("post", decide, {"decision": "suspend", "reason": "It is hers."}).json()
    assert (suspended["standing"], suspended["decisions"][0]["by"]) == ("suspended", "owl")
    assert guest.call("get", f"/releases/{release.gid}").status_code == 404
    again = auditor.call("post", decide, {"decision": "suspend", "reason": "It is hers."})
    assert again.json()["code"] == "decided_already"
    assert auditor.call("post", decide, {"decision": "dismiss", "reason": "They agreed."}).status_code == 200
    assert guest.call("get", f"/releases/{release.gid}").status_code == 200
    assert guest.call("post", f"/releases/{row['gid']}/notices", WHOLE).json()["code"] == "not_found"
    nowhere = auditor.call("get", "/office/notices/6d3f36a1-4b5f-4b86-9d54-4f5e3a0d4e00")
    assert nowhere.json()["code"] == "notice_unknown"

"""Applications by the API: the same rules as on the pages, object by object."""

import pytest
from api_client import Api
from applying import account, draft_of, handed_in_by
from judging import compared, heard

from alpheus.api import token
from alpheus.parties.models import StaffRole

pytestmark = pytest.mark.django_db


@pytest.fixture
def other(db):
    return account("magpie")


@pytest.fixture
def auditor(db):
    return account("owl", StaffRole.Role.AUDITOR)


def test_a_draft_from_nothing_to_the_queue(page, member):
    made = page.post("/studio/submissions", {})
    assert made.status_code == 201
    gid = made.json()["gid"]
    assert made.json()["missing"][0] == "recording"
    told = {"title": "雨夜", "ai": "assisted", "no_cover": True, "links": ["https://a.example"]}
    changed = page.call("PATCH", f"/studio/submissions/{gid}", told).json()
    assert (changed["title"], changed["ai"], changed["no_cover"], changed["links"]) == (
        "雨夜", "assisted", True, ["https://a.example"],
    )  # fmt: skip
    refused = page.post(f"/studio/submissions/{gid}/hand-in", {})
    assert (refused.status_code, refused.json()["code"]) == (422, "incomplete")
    assert page.call("PATCH", f"/studio/submissions/{gid}", {"state": "accepted"}).status_code == 422
    assert page.call("DELETE", f"/studio/submissions/{gid}").status_code == 204
    ready = draft_of(member)
    handed = page.post(f"/studio/submissions/{ready.gid}/hand-in", {}).json()
    assert (handed["state"], [it["event"] for it in handed["steps"]]) == ("submitted", ["hand_in"])
    assert page.post("/studio/submissions", {}).json()["code"] == "has_one"


def test_another_s_is_not_there(page, other):
    theirs = handed_in_by(other)
    for method, path, body in (
        ("GET", "", None), ("PATCH", "", {"title": "x"}), ("DELETE", "", None), ("POST", "/hand-in", {}),
        ("POST", "/withdraw", {}), ("POST", "/answer", {"words": "x"}), ("POST", "/appeal", {"words": "x"}),
    ):  # fmt: skip
        answered = page.call(method, f"/studio/submissions/{theirs.gid}{path}", body)
        assert (answered.status_code, answered.json()["code"]) == (404, "submission_unknown"), path
    assert page.get("/studio/submissions").json()["items"] == []


def test_an_audit(auditor, other, member):
    desk, page = Api(account=auditor), Api(account=member)
    row = handed_in_by(member)
    queue = desk.get("/office/audit").json()
    assert (queue["waiting"], queue["nobody_s"]) == (1, [])
    assert desk.post("/office/audit/next", {}).json()["submission"] == str(row.gid)
    seen = desk.post(f"/office/audit/{row.gid}/take", {}).json()
    assert seen["held"]["yours"]
    decide = f"/office/audit/{row.gid}/decide"
    assert desk.post(decide, {"event": "refuse", "words": "No."}).json()["code"] == "reason_missing"
    assert desk.post(decide, {"event": "ask"}).json()["code"] == "words_missing"
    assert desk.post(decide, {"event": "ask", "words": "Who sings?"}).json()["state"] == "information_asked"
    assert (
        page.post(f"/studio/submissions/{row.gid}/answer", {"words": "I do."}).json()["state"] == "submitted"
    )
    assert desk.post(decide, {"event": "ask_opinion", "words": "A cover?"}).json()["opinion_asked"]
    assert desk.post(decide, {"event": "refuse", "words": "No."}).json()["code"] == "opinion_awaited"
    gull = account("gull", StaffRole.Role.AUDITOR)
    third = Api(account=gull)
    assert [it["gid"] for it in third.get("/office/audit").json()["opinions_asked"]] == [str(row.gid)]
    assert [it["gid"] for it in desk.get("/office/audit").json()["opinions_awaited"]] == [str(row.gid)]
    heard(gull, row)
    opinion = {"event": "opine", "words": "It is."}
    given = third.post(decide, opinion | {"leaning": "would_refuse"}).json()
    assert (given["opinion_asked"], given["steps"][-1]["reason"]) == (False, "would_refuse")
    assert third.post(decide, opinion).json()["code"] == "no_opinion_asked"
    assert desk.get("/office/audit").json()["items"][0]["gid"] == str(row.gid)
    refused = desk.post(decide, {"event": "refuse", "reason": "cover", "words": "No."}).json()
    assert (refused["state"], refused["reason"]) == ("refused", "cover")
    shown = page.get(f"/studio/submissions/{row.gid}").json()
    assert {it["by"] for it in shown["steps"]} == {"Wren", ""}  # who audits is not told
    assert "take" not in [it["event"] for it in shown["steps"]]
    page.post(f"/studio/submissions/{row.gid}/appeal", {"words": "It is mine."})
    assert desk.post(decide, {"event": "accept"}).json()["code"] == "may_not_audit"
    assert desk.get(f"/office/audit/{row.gid}").json()["hindrance"] == "refused_before"
    kite = account("kite", StaffRole.Role.AUDITOR)
    second = Api(account=kite)
    assert second.post(decide, {"event": "accept"}).json()["code"] == "still_comparing"
    assert second.get(f"/office/audit/{row.gid}").json()["comparison"] == "under_way"
    compared(row)
    assert second.get(f"/office/audit/{row.gid}").json()["comparison"] == "done"
    assert second.post(decide, {"event": "accept"}).json()["code"] == "unheard"
    (track,) = second.get(f"/office/audit/{row.gid}").json()["tracks"]
    assert track["heard"] == {"needed": True, "played": False, "heard_ms": None}
    heard(kite, row)
    (track,) = second.get(f"/office/audit/{row.gid}").json()["tracks"]
    assert track["heard"] == {"needed": True, "played": True, "heard_ms": None}
    accepted = second.post(decide, {"event": "accept"}).json()
    assert (accepted["state"], accepted["record"]["decisions_reversed"]) == ("accepted", 1)
    assert accepted["steps"][-1]["heard"] == [
        {"track": track["gid"], "needed": True, "played": True, "heard_ms": None}
    ]
    shown = page.get(f"/studio/submissions/{row.gid}").json()
    assert not any(it["heard"] for it in shown["steps"]), "what auditors do is theirs"
    assert second.post(decide, {"event": "accept"}).json()["code"] == "not_now"


def test_drafts_are_nobody_s_but_their_own(auditor, other):
    desk = Api(account=auditor)
    assert desk.get(f"/office/audit/{draft_of(other).gid}").status_code == 404


def test_an_auditor_s_token_needs_the_scope(auditor, program):
    assert program(auditor, token.Scope.STUDIO).get("/office/audit").json()["code"] == "scope_missing"
    assert program(auditor, token.Scope.OFFICE).get("/office/audit").status_code == 200

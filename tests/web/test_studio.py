"""The studio's pages: drafts saved as they are typed, where an application stands, what is refused and why."""

import pytest
from applying import LINK, account, draft_of, handed_in_by
from django.test import Client
from django.utils import timezone
from judging import hear_and_accept

from alpheus.parties.models import StaffRole
from alpheus.submissions import claim, review
from alpheus.submissions.begin import begin
from alpheus.submissions.models import Submission
from alpheus.submissions.rules import Reason

pytestmark = pytest.mark.django_db


def now():
    return timezone.now()


@pytest.fixture
def auditor(db):
    return account("owl", StaffRole.Role.AUDITOR)


def test_guests_are_asked_to_sign_in(guest, member):
    row = begin(account=member, now=now())
    for path in ("/studio", f"/studio/application/{row.gid}", f"/studio/application/{row.gid}/draft"):
        assert guest.get(path).status_code == 302
    assert guest.post("/studio/apply")["Location"].startswith("/account/login/")


def test_a_first_visit_says_what_applying_means(signed_in):
    html = signed_in.get("/studio").content.decode()
    assert "Begin an application" in html
    assert "not known yet" in html


def test_begun_once_and_gone_on_with(signed_in):
    first = signed_in.post("/studio/apply")["Location"]
    assert signed_in.post("/studio/apply")["Location"] == first
    html = signed_in.get(first).content.decode()
    assert "Left to do" in html
    assert "Upload your recording" in html


def test_a_draft_is_saved_as_it_is_typed_on_any_device(signed_in, member):
    row = begin(account=member, now=now())
    other = Client()
    other.force_login(member)
    signed_in.post(
        f"/studio/application/{row.gid}/draft", {"artist_name": "潮汐"}, headers={"HX-Request": "true"}
    )
    answered = other.post(
        f"/studio/application/{row.gid}/draft",
        {"title": "雨夜", "no_cover": "on", "boxes": "owns_recording no_cover"}, headers={"HX-Request": "true"},
    )  # fmt: skip
    row.refresh_from_db()
    assert (row.artist_name, row.title, row.no_cover, row.owns_recording) == ("潮汐", "雨夜", True, False)
    assert "Saved at" in answered.content.decode()


def test_handing_in_saves_what_was_typed_last(signed_in, member):
    row = draft_of(member, title="")
    address = f"/studio/application/{row.gid}/hand-in"
    refused = signed_in.post(address)
    assert refused.status_code == 409
    assert "Give the piece its title" in refused.content.decode()
    assert signed_in.post(address, {"title": "雨夜"}).status_code == 302
    html = signed_in.get(f"/studio/application/{row.gid}").content.decode()
    assert "It waits in the queue." in html
    assert 'lang="zh' in html or "雨夜" in html


def test_another_s_application_is_not_there(signed_in):
    row = handed_in_by(account("magpie"))
    assert signed_in.get(f"/studio/application/{row.gid}").status_code == 404
    for verb in ("draft", "hand-in", "discard", "withdraw", "answer", "appeal"):
        assert signed_in.post(f"/studio/application/{row.gid}/{verb}", {"words": "x"}).status_code == 404


def test_a_form_s_address_leads_back_to_the_page(signed_in, member):
    row = handed_in_by(member)
    answered = signed_in.get(f"/studio/application/{row.gid}/withdraw")
    assert answered["Location"] == f"/studio/application/{row.gid}"
    row.refresh_from_db()
    assert row.state == "submitted"


def test_asked_answered_refused_appealed(signed_in, member, auditor):
    row = handed_in_by(member)
    address = f"/studio/application/{row.gid}"
    claim.take(auditor=auditor, gid=row.gid, now=now())
    assert "on the desk" in signed_in.get(address).content.decode()
    review.ask(auditor=auditor, gid=row.gid, words="Who <b>sings</b>?", link=LINK, now=now())
    html = signed_in.get(address).content.decode()
    assert "Who &lt;b&gt;sings&lt;/b&gt;?" in html
    assert signed_in.post(f"{address}/answer", {"words": " "}).status_code == 409
    assert signed_in.post(f"{address}/answer", {"words": "I do."}).status_code == 302
    review.refuse(auditor=auditor, gid=row.gid, reason=Reason.COVER, words="A cover.", link=LINK, now=now())
    html = signed_in.get(address).content.decode()
    assert "It is a cover of somebody else&#x27;s work" in html
    assert signed_in.post(f"{address}/appeal", {"words": "It is not."}).status_code == 302
    assert signed_in.post(f"{address}/withdraw").status_code == 302
    assert signed_in.post(f"{address}/withdraw").status_code == 409
    assert "You took it back." in signed_in.get(address).content.decode()
    assert "Begin an application" in signed_in.get("/studio").content.decode()


def test_accepted_says_what_is_true(signed_in, member, auditor):
    row = handed_in_by(member)
    hear_and_accept(auditor=auditor, gid=row.gid, words="", link=LINK, now=now())
    html = signed_in.get(f"/studio/application/{row.gid}").content.decode()
    assert "It stands in your shop" in html
    assert 'href="/studio/shop"' in html


def test_a_draft_is_thrown_away(signed_in, member):
    row = draft_of(member)
    assert signed_in.post(f"/studio/application/{row.gid}/discard").status_code == 302
    assert not Submission.objects.exists()

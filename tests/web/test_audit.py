"""The auditors' pages: the queue, a submission beside its evidence, decisions."""

import re
from datetime import timedelta
from uuid import uuid4

import music
import pytest
from applying import NOW, account, draft_of, handed_in_by
from details_of import PERSON
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from judging import compared, heard, judged
from opened_shop import accepted, opened

from alpheus.catalogue.models import Recording
from alpheus.ingest.evidence import Finding
from alpheus.parties.models import StaffRole
from alpheus.shops.models import Piece
from alpheus.submissions.evidence import note
from alpheus.submissions.give_details import give_details
from alpheus.submissions.models import Claim, Evidence, Submission
from alpheus.submissions.withdraw import withdraw
from alpheus.web.evidence_cards import WORDINGS
from alpheus.web.views import audit

pytestmark = pytest.mark.django_db


def client_of(whose):
    client = Client()
    client.force_login(whose)
    return client


@pytest.fixture
def owl(db):
    return account("owl", StaffRole.Role.AUDITOR)


@pytest.fixture
def kite(db):
    return account("kite", StaffRole.Role.AUDITOR)


@pytest.fixture
def desk(owl):
    return client_of(owl)


@pytest.fixture
def applicant(db):
    return account("heron-applies")


@pytest.fixture
def submitted(applicant):
    return handed_in_by(applicant)


def decided(client, row, event, **given):
    return client.post(f"/office/audit/{row.gid}/decide", {"event": event, **given})


def test_only_auditors_come_in(guest, signed_in, office, submitted):
    for path in ("/office/audit", f"/office/audit/{submitted.gid}"):
        assert guest.get(path).status_code == 302
        assert signed_in.get(path).status_code == 403
        assert office.get(path).status_code == 403  # an operator is none by that
    assert decided(office, submitted, "accept").status_code == 403


def test_the_door_is_shown_to_auditors_only(signed_in, desk):
    assert 'href="/office/audit"' not in signed_in.get("/").content.decode()
    assert 'href="/office/audit"' in desk.get("/").content.decode()


def test_what_another_did_is_told_to_an_open_page_once(desk, kite, submitted, applicant):
    page = f"/office/audit/{submitted.gid}"

    def address(html):
        return html.partition('hx-get="')[2].partition('"')[0].replace("&amp;", "&")

    news = address(desk.get(page).content.decode())
    assert desk.get(news).status_code == 204
    other = client_of(kite)
    other.post(f"{page}/desk")
    told = desk.get(news).content.decode()
    assert "Taken to a desk" in told
    assert f"({kite})" in told
    assert desk.get(address(told)).status_code == 204, "it is told already"
    withdraw(account=applicant, gid=submitted.gid, link="https://music.example/", now=NOW)
    told = desk.get(address(told)).content.decode()
    assert "Taken to a desk" in told
    assert "Withdrawn" in told
    assert f"({applicant})" not in told
    assert desk.get(f"{page}/news?since=x&told=-1").status_code == 200
    assert desk.get(f"/office/audit/{uuid4()}/news").status_code == 404
    draft = draft_of(account("lark"))
    assert desk.get(f"/office/audit/{draft.gid}/news").status_code == 404


def test_what_was_not_heard_is_said_and_comes_to_an_open_page_once_it_is(desk, owl, submitted):
    compared(submitted)
    page = f"/office/audit/{submitted.gid}"
    html = desk.get(page).content.decode()
    assert "not heard" in html
    assert "1 track was not heard by you yet" in html
    refused = decided(desk, submitted, "accept")
    assert refused.status_code == 409
    assert "You have not heard all of it" in refused.content.decode()
    news = f"{page}/news?since=99&told=99&seen="
    (seen,) = re.findall(r'name="seen" value="([\w.]+)"', html)
    assert desk.get(news + seen).status_code == 204
    heard(owl, submitted)
    told = desk.get(news + seen).content.decode()
    assert 'id="heard" hx-swap-oob="true"' in told
    assert "not heard" not in told
    assert "yet" not in told
    assert 'id="evidence"' not in told, "nothing was found meanwhile"
    (seen,) = re.findall(r'name="seen" value="([\w.]+)"', told)
    note(submitted, [Finding("clipping", {"places": 3}, 0.91)])
    told = desk.get(news + seen).content.decode()
    assert "91%" in told
    assert 'id="heard"' not in told
    (seen,) = re.findall(r'name="seen" value="([\w.]+)"', told)
    assert desk.get(news + seen).status_code == 204
    decided(desk, submitted, "accept")
    assert "Heard 1 of 1" in desk.get(page).content.decode()


def test_a_second_opinion_is_asked_given_and_read(desk, owl, kite, submitted):
    page = f"/office/audit/{submitted.gid}"
    other = client_of(kite)
    assert decided(desk, submitted, "ask_opinion").status_code == 409
    assert decided(desk, submitted, "ask_opinion", words="Is it theirs?")["Location"] == "/office/audit"
    queue = desk.get("/office/audit").content.decode()
    assert "You wait for an opinion" in queue
    assert "Nothing waits for you." in queue
    own = desk.get(page).content.decode()
    assert "Take the question back" in own
    assert 'value="accept"' not in own
    assert "A second opinion is asked" in other.get("/office/audit").content.decode()
    asked = other.get(page).content.decode()
    for told in (
        "Is it theirs?",
        "owl decides; you say what you think.",
        "Would refuse it",
        "Hear it before",
    ):
        assert told in asked
    assert 'value="accept"' not in asked
    answer = {"leaning": "would_refuse", "words": "I know that chorus."}
    refused = decided(other, submitted, "opine", **answer)
    assert refused.status_code == 409
    assert "I know that chorus." in refused.content.decode(), "what was written is not lost"
    heard(kite, submitted)

    # Meanwhile who asked looks at something else: that page is told by itself.
    second = handed_in_by(account("lark"), artist_name="Lark")
    elsewhere = desk.get(f"/office/audit/{second.gid}").content.decode()
    (seen,) = re.findall(r'name="seen" value="([\w.]+)"', elsewhere)
    news = f"/office/audit/{second.gid}/news?since=99&told=99&seen={seen}"
    assert desk.get(news).status_code == 204
    assert decided(other, submitted, "opine", **answer)["Location"] == "/office/audit"
    assert "An opinion came back:" in desk.get(news).content.decode()
    late = decided(other, submitted, "opine", **answer)
    assert "it was given, or the question was taken back" in late.content.decode()
    assert "What you wrote" in late.content.decode()

    assert "An opinion came" in desk.get("/office/audit").content.decode()
    assert desk.post("/office/audit/next")["Location"] == page
    back = desk.get(page).content.decode()
    for told in ("I know that chorus.", "Would refuse it", "kite", 'value="accept"'):
        assert told in back


def test_a_comparison_is_waited_for_arrives_by_itself_and_is_tried_again(desk, owl, submitted):
    page = f"/office/audit/{submitted.gid}"
    heard(owl, submitted)
    html = desk.get(page).content.decode()
    assert "It is still being compared" in html
    assert "Machines found nothing to say." not in html
    refused = decided(desk, submitted, "accept")
    assert refused.status_code == 409
    assert "Wait until that has ended, then accept." in refused.content.decode()
    (seen,) = re.findall(r'name="seen" value="([\w.]+)"', html)
    news = f"{page}/news?since=99&told=99&seen={seen}"
    other = handed_in_by(account("lark"), artist_name="Lark").tracks.get()
    note(
        submitted,
        [Finding("same-recording", {}, 0.97, ((58_000, 62_000, 12_000),), other.asset.key)],
        track=submitted.tracks.get(),
    )
    compared(submitted)
    told = desk.get(news).content.decode()
    assert "It is still being compared" not in told
    assert f'data-other="{other.recording.gid}"' in told
    assert 'id="pairs"' in told
    assert decided(desk, submitted, "accept").status_code == 302


def test_a_comparison_that_failed_for_good_is_said_and_tried_again(desk, owl, submitted):
    page = f"/office/audit/{submitted.gid}"
    DBTaskResult.objects.all().delete()
    html = desk.get(page).content.decode()
    assert "It could not be compared with what is here." in html
    desk.post(f"{page}/desk", {"compare": "on"})
    assert "It is still being compared" in desk.get(page).content.decode()
    assert DBTaskResult.objects.filter(status="READY").exists()


def test_payees_like_refused_ones_are_told_and_never_what_they_gave(desk, owl, kite, applicant):
    bad = handed_in_by(account("bad"), artist_name="Bad")
    give_details(account=bad.account, fields=PERSON, now=timezone.now())
    decided(desk, bad, "refuse", words="No.", reason="not_owner")
    assert "Paid like somebody" not in desk.get("/office/audit").content.decode()
    row = accepted(applicant, kite, artist_name="Other")
    give_details(account=applicant, fields=PERSON, now=timezone.now())
    page = desk.get("/office/audit").content.decode()
    assert "Paid like somebody who was refused" in page
    assert f'href="/office/audit/{row.gid}"' in page
    assert PERSON["address"] not in page


def test_what_nobody_may_decide_is_told_to_auditors_and_operators(desk, owl, office):
    own = handed_in_by(owl, artist_name="Owl Street", title="Reeds")
    for client, is_link in ((desk, True), (office, False)):
        html = client.get("/office/audit" if is_link else "/office").content.decode()
        assert "1 waits for whom nobody may decide: name another auditor." in html
        assert "alpheus auditor them@example.org" in html
        assert (f'href="/office/audit/{own.gid}"' in html) is is_link
    account("gull", StaffRole.Role.AUDITOR)
    for client, page in ((desk, "/office/audit"), (office, "/office")):
        assert "nobody may decide" not in client.get(page).content.decode()


def test_a_question_is_taken_back(desk, submitted):
    decided(desk, submitted, "ask_opinion", words="Is it theirs?")
    assert decided(desk, submitted, "refuse", words="No.", reason="cover").status_code == 409
    assert decided(desk, submitted, "take_back")["Location"] == f"/office/audit/{submitted.gid}"
    assert decided(desk, submitted, "refuse", words="No.", reason="cover").status_code == 302


def test_an_empty_queue(desk):
    assert "Nothing waits." in desk.get("/office/audit").content.decode()
    assert desk.post("/office/audit/next")["Location"] == "/office/audit"


def test_of_a_long_queue_the_longest_waiting_are_shown(desk, monkeypatch):
    monkeypatch.setattr(audit, "QUEUE_SHOWN", 1)
    handed_in_by(account("heron"), title="First")
    assert "the others follow" not in desk.get("/office/audit").content.decode()
    handed_in_by(account("lark"), title="Second", artist_name="Lark", now=NOW + timedelta(hours=1))
    html = desk.get("/office/audit").content.decode()
    assert "2 wait to be heard." in html
    assert "the others follow" in html
    assert "First" in html
    assert "Second" not in html


def test_a_plain_case(desk, owl, submitted):
    assert "雨夜" in desk.get("/office/audit").content.decode()
    assert desk.post("/office/audit/next")["Location"] == f"/office/audit/{submitted.gid}"
    assert Claim.objects.get().auditor == owl
    html = desk.get(f"/office/audit/{submitted.gid}").content.decode()
    for told in (
        "Whole submission",
        "First 10 s",
        "Loudest passage",
        "This is their first.",
        "On your desk until",
    ):
        assert told in html
    judged(owl, submitted)
    assert decided(desk, submitted, "accept")["Location"] == "/office/audit"
    html = desk.get("/office/audit").content.decode()
    assert "Accepted: “雨夜”." in html


def test_after_a_decision_the_next_is_on_the_desk(desk, submitted, owl):
    second = handed_in_by(account("lark"), artist_name="Lark")
    judged(owl, submitted)
    assert decided(desk, submitted, "accept")["Location"] == f"/office/audit/{second.gid}"
    assert Claim.objects.get().submission == second


def test_reading_takes_nothing(desk, submitted):
    desk.get(f"/office/audit/{submitted.gid}")
    assert not Claim.objects.exists()


@pytest.mark.parametrize(
    ("event", "given", "said"),
    [
        ("refuse", {"words": "No."}, "Choose a reason from the list."),
        ("refuse", {"reason": "cover"}, "Write a sentence"),
        ("refuse", {"reason": "nonsense", "words": "No."}, "Choose a reason from the list."),
        ("ask", {}, "Write a sentence"),
        ("pass_on", {}, "Write a sentence"),
    ],
)
def test_what_is_left_out_is_said_and_nothing_decided(desk, submitted, event, given, said):
    answered = decided(desk, submitted, event, **given)
    assert answered.status_code == 409
    assert said in answered.content.decode()
    submitted.refresh_from_db()
    assert submitted.state != "refused"


def test_two_at_once_get_one_each_and_nothing_is_decided_twice(desk, kite, submitted):
    second = handed_in_by(account("lark"), artist_name="Lark")
    other = client_of(kite)
    assert desk.post("/office/audit/next")["Location"].endswith(str(submitted.gid))
    assert other.post("/office/audit/next")["Location"].endswith(str(second.gid))
    refused = decided(other, submitted, "accept")
    assert refused.status_code == 409
    assert "owl has it on the desk." in refused.content.decode()


def test_withdrawn_under_them(desk, applicant, submitted):
    desk.post("/office/audit/next")
    withdraw(account=applicant, gid=submitted.gid, link="", now=timezone.now())
    answered = decided(desk, submitted, "accept")
    assert answered.status_code == 409
    assert "Nothing was changed." in answered.content.decode()


def test_a_conflict_of_interest_is_said_and_blocks(desk, owl):
    own = handed_in_by(owl, artist_name="Owl Street")
    html = desk.get(f"/office/audit/{own.gid}").content.decode()
    assert "It is your own." in html
    assert 'name="event"' not in html
    assert decided(desk, own, "accept").status_code == 403
    assert "Owl Street" not in desk.get("/office/audit").content.decode()


def test_put_back_and_kept(desk, submitted):
    desk.post(f"/office/audit/{submitted.gid}/desk")
    before = Claim.objects.get().until
    desk.post(f"/office/audit/{submitted.gid}/desk")
    assert Claim.objects.get().until > before
    desk.post(f"/office/audit/{submitted.gid}/leave")
    assert not Claim.objects.exists()


def test_opened_again(desk, owl, submitted):
    judged(owl, submitted)
    decided(desk, submitted, "accept")
    assert "Open it again" in desk.get(f"/office/audit/{submitted.gid}").content.decode()
    assert decided(desk, submitted, "reopen", words="A claim came in.").status_code == 302
    submitted.refresh_from_db()
    assert submitted.state == "submitted"


def test_drafts_are_not_shown(desk, applicant):
    assert desk.get(f"/office/audit/{draft_of(applicant).gid}").status_code == 404


def test_an_unknown_decision_is_none(desk, submitted):
    assert decided(desk, submitted, "publish").status_code == 404


@pytest.mark.parametrize("kind", [*WORDINGS, "made-up-tomorrow"])
def test_every_card_says_what_it_does_not_prove(desk, submitted, kind):
    note(
        submitted, [Finding(kind, {"places": 3, "times": 2, "length_ms": 4000}, 0.91, ((1000, 2000, 3000),))]
    )
    html = desk.get(f"/office/audit/{submitted.gid}").content.decode()
    assert "91%" in html
    assert str(WORDINGS[kind].proves_not if kind in WORDINGS else "a person decides") in html.replace(
        "&#x27;", "'"
    )


def test_a_match_is_heard_beside_it(desk, submitted):
    other = handed_in_by(account("lark"), artist_name="Lark").tracks.get()
    note(
        submitted,
        [Finding("same-recording", {"length_ms": 12000}, 0.97, ((58_000, 62_000, 12_000),), other.asset.key)],
    )
    html = desk.get(f"/office/audit/{submitted.gid}").content.decode()
    assert f'data-other="{other.recording.gid}"' in html
    assert 'data-own-ms="58000"' in html
    assert Evidence.objects.filter(submission=submitted, kind="same-recording").exists()


def shown_beside(desk, submitted, kind, other, passages=()):
    """The page of a submission that is compared with another recording."""
    found = Finding(kind, {}, 0.97, passages, other.asset.key)
    note(submitted, [found], track=submitted.tracks.get())
    return desk.get(f"/office/audit/{submitted.gid}").content.decode()


@pytest.mark.parametrize("kind", ["identical-sound", "same-title", "isrc-other-sound"])
def test_what_has_no_passage_is_compared_from_both_beginnings(desk, submitted, kind):
    other = music.recording("Reeds", seconds=240)
    html = shown_beside(desk, submitted, kind, other)
    assert f'data-other="{other.gid}"' in html
    assert 'data-own-ms="0" data-other-ms="0" data-length-ms="10000"' in html
    assert f'href="/recording/{other.gid}"' in html
    assert f'data-cue="{other.gid}"' in html
    assert "In the catalogue" in html


def test_of_the_same_bytes_the_other_recording_is_heard_and_not_ones_own(desk, submitted):
    own = submitted.tracks.get()
    other = draft_of(account("lark"), artist_name="Lark", title="Reeds")
    other.tracks.update(asset=own.asset)
    Recording.objects.filter(pk=other.tracks.get().recording_id).update(asset=own.asset)
    html = shown_beside(desk, submitted, "identical-bytes", own)
    assert f'data-other="{other.tracks.get().recording.gid}"' in html
    assert 'data-own-ms="0" data-other-ms="0" data-length-ms="10000"' in html


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("submitted", "Handed in, not offered"),
        ("information_asked", "Handed in, not offered"),
        ("refused", "Was refused"),
        ("withdrawn", "Was withdrawn"),
        ("draft", "A draft, not handed in"),
    ],
)
def test_where_the_other_stands_is_told(desk, submitted, state, said):
    row = handed_in_by(account("lark"), artist_name="Lark", title="Reeds")
    Submission.objects.filter(pk=row.pk).update(state=state, reason="cover" if state == "refused" else "")
    html = shown_beside(desk, submitted, "identical-sound", row.tracks.get())
    assert said in html
    assert "In the catalogue" not in html
    assert "lark" in html
    assert (f'href="/office/audit/{row.gid}"' in html) is (state != "draft")


def test_who_sells_the_other_is_told(desk, owl, submitted):
    opened(account("lark"), owl, handle="lark", artist_name="Lark", title="Reeds")
    (piece,) = Piece.objects.all()
    html = shown_beside(desk, submitted, "identical-sound", piece.recording)
    assert "In the catalogue" in html
    assert piece.shop.name in html


def test_each_passage_is_compared(desk, submitted):
    other = music.recording("Reeds")
    places = ((1000, 30_000, 2000), (5000, 90_000, 3000))
    html = shown_beside(desk, submitted, "same-recording", other, places)
    assert html.count("data-pair ") == 2
    for own_ms, other_ms, length_ms in places:
        assert f'data-own-ms="{own_ms}" data-other-ms="{other_ms}" data-length-ms="{length_ms}"' in html

"""From a draft to a decision: who may do what, what is kept, what is told."""

from datetime import timedelta

import pytest
from applying import LINK, NOW, account, draft_of, handed_in_by
from django.db import DatabaseError, connection, transaction
from judging import hear_and_accept

from alpheus.catalogue.models import Artist, Recording
from alpheus.mail.models import Letter
from alpheus.parties.models import StaffRole
from alpheus.submissions import claim, queries, review
from alpheus.submissions.answer import answer, appeal
from alpheus.submissions.begin import begin
from alpheus.submissions.describe import describe
from alpheus.submissions.errors import (
    AppealedAlready,
    HasOne,
    Incomplete,
    MayNotAudit,
    NotNow,
    ReasonMissing,
    SubmissionUnknown,
    TakenByAnother,
    WordsMissing,
)
from alpheus.submissions.hand_in import hand_in
from alpheus.submissions.models import Claim, Step, Submission, Words
from alpheus.submissions.rules import LEASE, WAITING, Event, Hindrance, Reason, State
from alpheus.submissions.withdraw import discard, withdraw

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=5)


def refuse(auditor, row, now=LATER):
    claim.take(auditor=auditor, gid=row.gid, now=now)
    return review.refuse(
        auditor=auditor, gid=row.gid, reason=Reason.COVER, words="Chorus of Slow Weather.", link=LINK, now=now
    )


def accept(auditor, row, now=LATER):
    return hear_and_accept(auditor=auditor, gid=row.gid, words="", link=LINK, now=now)


def kinds():
    return list(Letter.objects.order_by("pk").values_list("kind", flat=True))


def test_a_draft_is_saved_field_by_field(applicant):
    row = begin(account=applicant, now=NOW)
    for fields in (
        {"artist_name": " 潮汐 "}, {"country": "jp", "account": "7", "state": "accepted"}, {"country": "??"},
        {"no_cover": "on"}, {"links": "javascript:alert(1) a.example https://b.example"},
    ):  # fmt: skip
        row = describe(account=applicant, gid=row.gid, fields=fields, now=NOW)
    assert (row.artist_name, row.country, row.no_cover, row.state) == ("潮汐", "", True, State.DRAFT)
    assert row.links == "https://a.example\nhttps://b.example"


def test_one_application_at_a_time(applicant, handed_in):
    with pytest.raises(HasOne):
        begin(account=applicant, now=NOW)
    withdraw(account=applicant, gid=handed_in.gid, link=LINK, now=NOW)
    first = begin(account=applicant, now=NOW)
    assert begin(account=applicant, now=LATER) == first


def test_only_what_is_complete_is_handed_in(applicant, draft):
    describe(account=applicant, gid=draft.gid, fields={"no_cover": "", "ai": "perhaps"}, now=NOW)
    with pytest.raises(Incomplete) as refused:
        hand_in(account=applicant, gid=draft.gid, link=LINK, now=NOW)
    assert [it.value for it in refused.value.missing] == ["ai", "no_cover"]
    assert not Step.objects.exists()


def test_what_is_handed_in_is_found_by_nobody(handed_in):
    held = Recording.objects.get(pk=handed_in.tracks.get().recording_id)
    assert held.removed_at is not None
    assert held.title == "雨夜"
    assert str(held.credit) == "潮汐"
    assert not Artist.objects.exists()


def test_nobody_touches_what_is_another_s(handed_in, auditor):
    for verb in (
        lambda: withdraw(account=auditor, gid=handed_in.gid, link=LINK, now=NOW),
        lambda: answer(account=auditor, gid=handed_in.gid, words="x", link=LINK, now=NOW),
        lambda: describe(account=auditor, gid=handed_in.gid, fields={}, now=NOW),
        lambda: discard(account=auditor, gid=handed_in.gid),
        lambda: queries.own_one(auditor, handed_in.gid),
    ):
        with pytest.raises(SubmissionUnknown):
            verb()


def test_accepted(applicant, auditor, handed_in):
    assert accept(auditor, handed_in).state == State.ACCEPTED
    assert kinds() == ["submission_received", "submission_accepted"]
    events = [(it.step.event, it.by) for it in queries.happened(queries.own_one(applicant, handed_in.gid))]
    assert events == [("hand_in", "wren"), ("take", "owl"), ("accept", "owl")]
    assert not Claim.objects.exists()


def test_refused_with_reason_then_appealed_and_heard_by_another(applicant, auditor, other_auditor, handed_in):
    refuse(auditor, handed_in)
    letter = Letter.objects.latest("pk")
    assert "It is a cover of somebody else's work" in letter.text
    assert "Chorus of Slow Weather." in letter.text
    appeal(account=applicant, gid=handed_in.gid, words="I wrote both.", link=LINK, now=LATER)
    with pytest.raises(MayNotAudit) as hindered:
        claim.take(auditor=auditor, gid=handed_in.gid, now=LATER)
    assert hindered.value.hindrance is Hindrance.REFUSED_BEFORE
    assert queries.queue_for(auditor, now=LATER) == []
    assert queries.queue_for(other_auditor, now=LATER) == [handed_in]
    assert accept(other_auditor, handed_in).state == State.ACCEPTED
    figures = {it.name: it for it in queries.figures_by_auditor(now=LATER)}
    assert (figures["owl"].refused, figures["owl"].reversed, figures["kite"].accepted) == (1, 1, 1)


def test_an_appeal_is_heard_once(applicant, auditor, other_auditor, handed_in):
    refuse(auditor, handed_in)
    appeal(account=applicant, gid=handed_in.gid, words="Please.", link=LINK, now=LATER)
    refuse(other_auditor, handed_in)
    with pytest.raises(AppealedAlready):
        appeal(account=applicant, gid=handed_in.gid, words="Please!", link=LINK, now=LATER)


def test_asked_and_answered_keeps_its_place(applicant, auditor, handed_in):
    claim.take(auditor=auditor, gid=handed_in.gid, now=LATER)
    review.ask(auditor=auditor, gid=handed_in.gid, words="Who plays the piano?", link=LINK, now=LATER)
    later = handed_in_by(account("lark"), now=LATER)
    row = answer(account=applicant, gid=handed_in.gid, words="My neighbour.", link=LINK, now=LATER)
    assert list(queries.queue()) == [row, later]
    assert queries.last_said(row, Event.ASK) == "Who plays the piano?"
    assert kinds()[:3] == ["submission_received", "submission_asked", "submission_received"]


@pytest.mark.parametrize("words", ["", "   ", "\n"])
def test_what_needs_words_is_refused_without(applicant, auditor, handed_in, words):
    claim.take(auditor=auditor, gid=handed_in.gid, now=LATER)
    with pytest.raises(WordsMissing):
        review.ask(auditor=auditor, gid=handed_in.gid, words=words, link=LINK, now=LATER)
    with pytest.raises(WordsMissing):
        review.refuse(
            auditor=auditor, gid=handed_in.gid, reason=Reason.UNFIT, words=words, link=LINK, now=LATER
        )
    with pytest.raises(ReasonMissing):
        review.refuse(auditor=auditor, gid=handed_in.gid, reason=None, words="No.", link=LINK, now=LATER)
    handed_in.refresh_from_db()
    assert handed_in.state == State.IN_AUDIT


def test_two_auditors_do_not_decide_the_same(auditor, other_auditor, handed_in):
    claim.take(auditor=auditor, gid=handed_in.gid, now=NOW)
    with pytest.raises(TakenByAnother):
        accept(other_auditor, handed_in, now=NOW)
    assert queries.queue_for(other_auditor, now=NOW) == []
    accept(auditor, handed_in, now=NOW)
    with pytest.raises(NotNow):
        accept(auditor, handed_in, now=NOW)
    assert Step.objects.filter(event="accept").count() == 1


def test_a_lease_that_is_over_is_lost_to_who_takes_it(auditor, other_auditor, handed_in):
    claim.take(auditor=auditor, gid=handed_in.gid, now=NOW)
    over = NOW + LEASE + timedelta(seconds=1)
    claim.take(auditor=other_auditor, gid=handed_in.gid, now=over)
    with pytest.raises(TakenByAnother):
        accept(auditor, handed_in, now=over)
    assert accept(other_auditor, handed_in, now=over).state == State.ACCEPTED


def test_who_comes_back_first_after_the_lease_goes_on(auditor, handed_in):
    claim.take(auditor=auditor, gid=handed_in.gid, now=NOW)
    assert accept(auditor, handed_in, now=NOW + 3 * LEASE).state == State.ACCEPTED
    assert Step.objects.filter(event="take").count() == 1


def test_withdrawn_under_an_auditor(applicant, auditor, handed_in):
    claim.take(auditor=auditor, gid=handed_in.gid, now=NOW)
    withdraw(account=applicant, gid=handed_in.gid, link=LINK, now=NOW)
    with pytest.raises(NotNow) as refused:
        accept(auditor, handed_in)
    assert refused.value.state is State.WITHDRAWN
    assert not Claim.objects.exists()


def test_left_and_passed_on(auditor, other_auditor, handed_in):
    claim.take(auditor=auditor, gid=handed_in.gid, now=NOW)
    assert claim.leave(auditor=auditor, gid=handed_in.gid, now=NOW)
    assert not claim.leave(auditor=auditor, gid=handed_in.gid, now=NOW)
    review.pass_on(auditor=auditor, gid=handed_in.gid, words="I know the singer.", now=NOW)
    assert queries.queue_for(auditor, now=NOW) == []
    assert queries.queue_for(other_auditor, now=NOW) == [handed_in]
    with pytest.raises(MayNotAudit):
        accept(auditor, handed_in)
    assert kinds() == ["submission_received"]


def test_nobody_audits_a_party_they_belong_to(auditor, handed_in):
    own = handed_in_by(auditor, artist_name="Owl Street")
    with pytest.raises(MayNotAudit) as hindered:
        accept(auditor, own)
    assert hindered.value.hindrance is Hindrance.OWN
    withdraw(account=auditor, gid=own.gid, link=LINK, now=NOW)
    handed_in_by(auditor, artist_name="潮汐")  # the same artist as the other applicant's
    with pytest.raises(MayNotAudit) as hindered:
        accept(auditor, handed_in)
    assert hindered.value.hindrance is Hindrance.SAME_ARTIST
    assert queries.queue_for(auditor, now=NOW) == []


def test_a_decision_is_reversed_by_a_new_one_only(applicant, auditor, other_auditor, handed_in):
    accept(auditor, handed_in)
    review.reopen(auditor=other_auditor, gid=handed_in.gid, words="A claim came in.", link=LINK, now=LATER)
    refuse(other_auditor, handed_in)
    steps = list(Step.objects.filter(submission=handed_in).values_list("number", "event"))
    assert steps == list(enumerate(["hand_in", "take", "accept", "reopen", "take", "refuse"], start=1))
    with pytest.raises(MayNotAudit):
        review.reopen(auditor=applicant, gid=handed_in.gid, words="Mine!", link=LINK, now=LATER)


def test_the_database_itself_refuses_to_change_what_happened(handed_in):
    for change in (
        lambda: Step.objects.update(event="accept"),
        lambda: Step.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()
    assert Step.objects.get().event == "hand_in"


@pytest.mark.parametrize(
    "change", [{"state": "published"}, {"state": "refused", "reason": ""}, {"submitted_at": None}]
)
def test_the_database_itself_refuses_what_must_never_be(handed_in, change):
    with pytest.raises(DatabaseError), transaction.atomic():
        Submission.objects.filter(pk=handed_in.pk).update(**change)


def test_how_long_it_has_taken_lately(auditor, db):
    assert queries.usual_wait(now=NOW) is None
    for number, hours in enumerate([1, 2, 30, 4, 5]):
        since = NOW - timedelta(days=number + 2)
        row = handed_in_by(account(f"bird{number}"), now=since, artist_name=f"Bird {number}")
        accept(auditor, row, now=since + timedelta(hours=hours))
    assert queries.usual_wait(now=NOW) == timedelta(hours=4)
    assert queries.usual_wait(now=NOW + timedelta(days=200)) is None


@pytest.mark.parametrize(
    ("locale", "subject"),
    [
        ("en", "“雨夜” has arrived"),
        ("zh-hans", "我们收到了“雨夜”"),
        ("ja", "「雨夜」を受け取りました"),
        ("ko", "‘雨夜’을(를) 받았습니다"),
    ],
)
def test_letters_are_in_the_applicant_s_language(db, locale, subject):
    handed_in_by(account("crane", locale=locale))
    assert Letter.objects.get().subject == subject


def test_the_reason_in_a_letter_is_in_their_language_too(auditor, db):
    row = handed_in_by(account("crane", locale="zh-hans"))
    refuse(auditor, row)
    assert "这是别人作品的翻唱" in Letter.objects.latest("pk").text


def test_a_draft_is_thrown_away_with_its_recording(applicant, draft):
    discard(account=applicant, gid=draft.gid)
    assert not Recording.objects.exists()
    assert not Submission.objects.exists()


def test_what_happened_outlives_an_erased_account_without_naming_it(applicant, auditor, handed_in, settings):
    from alpheus.listening.erase import erase

    refuse(auditor, handed_in)
    erase(account=applicant, now=LATER)
    assert not Submission.objects.exists()
    assert not Words.objects.exists()
    assert not Recording.objects.exists()
    assert Step.objects.count() == 3
    assert all(it.words_sha256 == "" or len(it.words_sha256) == 64 for it in Step.objects.all())


def test_an_operator_is_no_auditor(db):
    assert not queries.is_auditor(account("heron", StaffRole.Role.OPERATOR))
    assert not queries.is_auditor(None)


def test_who_may_hear_what_is_handed_in(applicant, auditor, handed_in):
    gid = handed_in.tracks.get().recording.gid
    held, stranger = handed_in.tracks.get().recording, account("magpie")
    assert queries.heard_by(applicant, [gid]) == {gid}
    assert queries.heard_by(auditor, [gid]) == {gid}
    assert queries.heard_by(stranger, [gid]) == set()
    assert queries.heard_by(None, [gid]) == set()
    hidden = draft_of(stranger).tracks.get().recording.gid
    assert queries.heard_by(auditor, [hidden]) == set()
    assert queries.held_among([held.pk]) == {held.pk}


def test_the_queue_is_what_waits_in_the_order_of_its_index(handed_in):
    assert [f"'{it}'" in queries._WAITS.sql for it in State] == [it in WAITING for it in State]
    assert list(queries.queue()) == [handed_in]
    if connection.vendor == "sqlite":
        assert "USING INDEX submission_queue" in queries.queue().explain()

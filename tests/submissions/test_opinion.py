"""A second opinion comes back: asked, given or taken back; it stays the asker's to decide, and nobody loses anything."""

from datetime import timedelta
from uuid import uuid4

import pytest
from applying import LINK, NOW, account, handed_in_by
from judging import heard, judged

from alpheus.mail.models import Letter
from alpheus.parties.models import StaffRole
from alpheus.submissions import claim, queries, review
from alpheus.submissions.errors import (
    LeaningMissing,
    MayNotAudit,
    NoOpinionAsked,
    NotNow,
    OpinionAwaited,
    TakenByAnother,
    Unheard,
    WordsMissing,
)
from alpheus.submissions.models import Claim, Opinion, Step
from alpheus.submissions.opinion import ask_opinion, give_opinion, take_back
from alpheus.submissions.rules import LEASE, OPINION_LEASE, RETURNED_LEASE, Event, Leaning, Reason, State
from alpheus.submissions.withdraw import withdraw

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=3)
"""Long after a lease."""


@pytest.fixture
def asked(auditor, handed_in):
    return ask_opinion(auditor=auditor, gid=handed_in.gid, words="Is the chorus theirs?", now=NOW)


def opine(whose, row, leaning=Leaning.REFUSE, words="I know that chorus.", now=LATER):
    return give_opinion(auditor=whose, gid=row.gid, leaning=leaning, words=words, now=now)


def events(row):
    return list(Step.objects.filter(submission=row).order_by("number").values_list("event", flat=True))


def test_it_waits_for_colleagues_and_comes_back_first(auditor, other_auditor, asked):
    second = handed_in_by(account("lark"), artist_name="Lark", now=NOW - timedelta(days=1))
    assert asked.state == State.IN_AUDIT
    assert [it.submission for it in queries.opinions_asked_of(other_auditor)] == [asked]
    assert queries.opinions_asked_of(auditor) == []
    assert [it.submission for it in queries.opinions_awaited_by(auditor, now=LATER)] == [asked]
    assert queries.queue_for(auditor, now=LATER) == [second], "taking the next does not give it back"
    assert queries.queue_for(other_auditor, now=LATER) == [second], "it is not theirs to decide"
    heard(other_auditor, asked)
    opine(other_auditor, asked)
    assert queries.queue_for(auditor, now=LATER) == [asked, second], "first, though it came later"
    assert queries.returned_to(auditor) == [asked]
    assert queries.opinions_asked_of(other_auditor) == []
    (given,) = queries.opinions_about(asked)
    assert (given.question, given.answer.words, given.leaning) == (
        "Is the chorus theirs?",
        "I know that chorus.",
        "Would refuse it",
    )
    assert given.answer.by == "kite"
    assert (given.answer.heard.played, given.answer.heard.needed) == (1, 1)
    judged(auditor, asked)
    review.accept(auditor=auditor, gid=asked.gid, words="", link=LINK, now=LATER)
    assert events(asked) == ["hand_in", "take", "ask_opinion", "opine", "accept"]
    assert queries.returned_to(auditor) == []


def test_neither_side_is_told_to_the_applicant(applicant, other_auditor, asked):
    before = Letter.objects.count()
    heard(other_auditor, asked)
    opine(other_auditor, asked)
    assert Letter.objects.count() == before
    told = queries.happened(queries.own_one(applicant, asked.gid))
    assert [it.step.event for it in told if not it.is_among_auditors] == ["hand_in"]


@pytest.mark.parametrize("event", [Event.ACCEPT, Event.REFUSE, Event.ASK, Event.PASS_ON, Event.ASK_OPINION])
def test_it_is_not_decided_meanwhile_by_anybody(auditor, other_auditor, asked, event):
    for whose in (auditor, other_auditor):
        judged(whose, asked)
        with pytest.raises(OpinionAwaited if whose is auditor else TakenByAnother):
            review.decide(
                auditor=whose,
                gid=asked.gid,
                event=event,
                words="So.",
                reason=Reason.COVER,
                link=LINK,
                now=LATER,
            )
    assert events(asked)[-1] == "ask_opinion"


def test_waiting_does_not_let_the_lease_run_out(auditor, other_auditor, asked):
    for later in (3 * LEASE, OPINION_LEASE - LEASE):
        with pytest.raises(TakenByAnother):
            claim.take(auditor=other_auditor, gid=asked.gid, now=NOW + later)
    claim.take(auditor=auditor, gid=asked.gid, now=NOW)
    assert Claim.objects.get().until == NOW + OPINION_LEASE, "a sign of them makes it no shorter"
    heard(other_auditor, asked)
    opine(other_auditor, asked)
    with pytest.raises(TakenByAnother):
        claim.take(auditor=other_auditor, gid=asked.gid, now=LATER + RETURNED_LEASE - LEASE)


def test_who_asked_and_never_comes_back_holds_it_no_longer(auditor, other_auditor, asked):
    over = NOW + OPINION_LEASE + LEASE
    assert queries.queue_for(other_auditor, now=over) == [asked]
    claim.take(auditor=other_auditor, gid=asked.gid, now=over)
    assert queries.asked_opinion(asked) is None
    judged(other_auditor, asked)
    review.accept(auditor=other_auditor, gid=asked.gid, words="", link=LINK, now=over)


def test_the_question_is_taken_back(auditor, other_auditor, asked):
    take_back(auditor=auditor, gid=asked.gid, now=LATER)
    assert Claim.objects.get().until == LATER + LEASE
    assert queries.queue_for(auditor, now=LATER) == [asked]
    heard(other_auditor, asked)
    with pytest.raises(NoOpinionAsked):
        opine(other_auditor, asked)
    with pytest.raises(NoOpinionAsked):
        take_back(auditor=auditor, gid=asked.gid, now=LATER)
    ask_opinion(auditor=auditor, gid=asked.gid, words="Once more.", now=LATER)
    opine(other_auditor, asked)
    assert events(asked)[2:] == ["ask_opinion", "take_back", "ask_opinion", "opine"]


def test_of_two_colleagues_the_first_answers(auditor, other_auditor, asked):
    third = account("gull", StaffRole.Role.AUDITOR)
    for whose in (other_auditor, third):
        heard(whose, asked)
    opine(other_auditor, asked)
    with pytest.raises(NoOpinionAsked):
        opine(third, asked)
    assert events(asked).count("opine") == 1


def test_withdrawn_meanwhile(applicant, auditor, other_auditor, asked):
    withdraw(account=applicant, gid=asked.gid, link=LINK, now=LATER)
    heard(other_auditor, asked)
    with pytest.raises(NotNow) as refused:
        opine(other_auditor, asked)
    assert refused.value.state is State.WITHDRAWN
    with pytest.raises(NotNow):
        take_back(auditor=auditor, gid=asked.gid, now=LATER)
    assert queries.opinions_asked_of(other_auditor) == []
    assert queries.opinions_awaited_by(auditor, now=LATER) == []
    assert Opinion.objects.get().ended_at == LATER


def test_who_has_a_part_in_it_is_not_asked(applicant, asked):
    StaffRole.objects.create(account=applicant, role=StaffRole.Role.AUDITOR)
    assert queries.opinions_asked_of(applicant) == []
    with pytest.raises(MayNotAudit):
        opine(applicant, asked)


def test_an_opinion_is_of_who_heard_it_and_says_what_they_would_do_and_why(auditor, other_auditor, asked):
    with pytest.raises(NoOpinionAsked):
        opine(auditor, asked)
    with pytest.raises(Unheard):
        opine(other_auditor, asked)
    heard(other_auditor, asked)
    with pytest.raises(LeaningMissing):
        opine(other_auditor, asked, leaning=None)
    with pytest.raises(WordsMissing):
        opine(other_auditor, asked, words=" ")
    assert events(asked)[-1] == "ask_opinion"
    opine(other_auditor, asked, Leaning.UNSURE)
    assert Step.objects.filter(submission=asked).latest("number").reason == "unsure"
    asked.refresh_from_db()
    assert asked.reason == "", "nothing was refused"


def test_who_passed_it_on_may_still_be_asked(auditor, other_auditor, handed_in):
    review.pass_on(auditor=other_auditor, gid=handed_in.gid, words="Not my style.", now=NOW)
    row = ask_opinion(auditor=auditor, gid=handed_in.gid, words="And yet?", now=NOW)
    heard(other_auditor, row)
    opine(other_auditor, row)
    assert queries.returned_to(auditor) == [row]


def test_a_question_needs_a_sentence_and_an_unknown_one_is_none(auditor, handed_in):
    with pytest.raises(WordsMissing):
        ask_opinion(auditor=auditor, gid=handed_in.gid, words="", now=NOW)
    with pytest.raises(queries.SubmissionUnknown):
        ask_opinion(auditor=auditor, gid=uuid4(), words="?", now=NOW)

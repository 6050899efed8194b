"""Notices: whole or not taken, no flood; suspended and offered again by decisions that nobody can change."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import music
import pytest
from applying import account
from django.db import DatabaseError, transaction
from letters import delivered

from alpheus.catalogue.models import Recording, Release
from alpheus.mail.models import Letter
from alpheus.parties.models import StaffRole
from alpheus.rights import notice, queries
from alpheus.rights.clear_notices import clear_notices
from alpheus.rights.errors import DecidedAlready, NoticeRefused, NoticesFlood, NoticeUnknown, ReasonNeeded
from alpheus.rights.models import Notice, NoticeDecision, Suspension
from alpheus.rights.notice import Given
from alpheus.rights.rules import NOTICES_OF_A_NETWORK, NOTICES_OF_ONE, Decision, Standing, decided
from alpheus.search.find import search
from alpheus.search.kinds import RELEASE

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
LINK = "https://music.example/release/x"
WHOLE = Given(
    claim="recording",
    words="I sang this.",
    proof="https://mine.example",
    name="山田 花",
    email="hana@example.com",
    signature="山田 花",
)
LEADS = {
    (Standing.OPEN, Decision.SUSPEND): Standing.SUSPENDED,
    (Standing.OPEN, Decision.DISMISS): Standing.DISMISSED,
    (Standing.SUSPENDED, Decision.DISMISS): Standing.DISMISSED,
    (Standing.DISMISSED, Decision.SUSPEND): Standing.SUSPENDED,
}


@pytest.fixture(autouse=True)
def _in_memory(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture
def release():
    return music.release("Estuary", tracks=("Ebb", "Flood"))


@pytest.fixture
def owl():
    return account("owl", StaffRole.Role.AUDITOR)


def give(release, *, given=WHOLE, network="n1", now=NOW, language="ja"):
    return notice.give_notice(
        release=release, given=given, network=network, language=language, link=LINK, now=now
    )


def decide(staff, row, decision, reason="A label's contract shows it."):
    return notice.decide(staff=staff, gid=row.gid, decision=decision, reason=reason, link=LINK, now=NOW)


def offered():
    return set(Recording.objects.filter(removed_at=None).values_list("title", flat=True))


@pytest.mark.parametrize("standing", Standing)
@pytest.mark.parametrize("decision", Decision)
def test_every_decision_in_every_standing(standing, decision):
    assert decided(standing, decision) == LEADS.get((standing, decision))


@pytest.mark.parametrize("name", ["claim", "words", "proof", "name", "email", "signature"])
@pytest.mark.parametrize("typed", ["", " \n\u200b "])
def test_what_is_not_whole_is_not_taken(release, name, typed):
    with pytest.raises(NoticeRefused) as refused:
        give(release, given=Given(**{**vars(WHOLE), name: typed}))
    assert refused.value.missing == [name]
    assert not Notice.objects.exists()


def test_what_is_nonsense_is_not_taken(release):
    with pytest.raises(NoticeRefused) as refused:
        give(release, given=Given(**{**vars(WHOLE), "email": "not one", "claim": "the moon"}))
    assert refused.value.missing == ["claim", "email"]


def test_who_gave_it_is_told_in_their_language(release):
    give(release)
    (letter,) = delivered()
    assert letter.to == ["hana@example.com"]
    assert letter.subject == "申し立てを受け付けました"
    assert "Estuary" in letter.body


def test_no_flood(release):
    other = music.release("Harbour", tracks=("Pier",))
    for _ in range(NOTICES_OF_ONE):
        give(release)
    with pytest.raises(NoticesFlood):
        give(release, network="n2")
    give(other, network="n2")
    for number in range(NOTICES_OF_A_NETWORK - NOTICES_OF_ONE):
        give(other, given=Given(**{**vars(WHOLE), "email": f"a{number}@example.com"}))
    with pytest.raises(NoticesFlood):
        give(other, given=Given(**{**vars(WHOLE), "email": "last@example.com"}))
    give(other, given=Given(**{**vars(WHOLE), "email": "last@example.com"}), now=NOW + timedelta(days=2))


def test_suspended_it_is_nowhere_and_dismissed_it_is_back(release, owl):
    row = give(release)
    assert list(queries.open_notices()) == [row]
    decide(owl, row, Decision.SUSPEND)
    assert offered() == set()
    assert Release.objects.get(pk=release.pk).removed_at == NOW
    assert search("estuary", kinds=[RELEASE], limit=5, exactly=True).gids[RELEASE] == []
    with pytest.raises(DecidedAlready):
        decide(owl, row, Decision.SUSPEND)
    decide(owl, row, Decision.DISMISS, reason="They withdrew it.")
    assert offered() == {"Ebb", "Flood"}
    assert Release.objects.get(pk=release.pk).removed_at is None
    assert search("estuary", kinds=[RELEASE], limit=5, exactly=True).gids[RELEASE] == [release.gid]
    assert not Suspension.objects.exists()
    assert [(it.decision.decision, it.by) for it in queries.decisions_of(row)] == [
        ("suspend", "owl"),
        ("dismiss", "owl"),
    ]
    assert [it.subject for it in delivered()][1:] == ["申し立てが認められました", "申し立ては却下されました"]


def test_what_another_notice_suspends_stays_out(release, owl):
    first, second = give(release), give(release)
    decide(owl, first, Decision.SUSPEND)
    decide(owl, second, Decision.SUSPEND)
    decide(owl, first, Decision.DISMISS)
    assert offered() == set()
    decide(owl, second, Decision.DISMISS)
    assert offered() == set(), "it was not on offer when the second was decided"


def test_what_was_not_on_offer_does_not_come_by_a_dismissal(release, owl):
    Recording.objects.filter(title="Ebb").update(removed_at=NOW)
    row = give(release)
    decide(owl, row, Decision.SUSPEND)
    decide(owl, row, Decision.DISMISS)
    assert offered() == {"Flood"}


def test_who_publishes_it_again_does_not_get_round_it(release, owl):
    row = give(release)
    decide(owl, row, Decision.SUSPEND)
    Recording.objects.update(removed_at=None)
    music.recording("Other")
    notice.hold_back(recordings=Recording.objects.all(), now=NOW)
    assert offered() == {"Other"}


def test_a_decision_says_why_and_stays(release, owl):
    row = give(release)
    with pytest.raises(ReasonNeeded):
        decide(owl, row, Decision.SUSPEND, reason=" ")
    assert offered() == {"Ebb", "Flood"}
    decide(owl, row, Decision.DISMISS)
    for change in (lambda: NoticeDecision.objects.update(reason="x"), NoticeDecision.objects.all().delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert [it.reason for it in NoticeDecision.objects.all()] == ["A label's contract shows it."]


def test_unknown(owl, release):
    row = give(release)
    Notice.objects.all().delete()
    with pytest.raises(NoticeUnknown):
        decide(owl, row, Decision.SUSPEND)
    with pytest.raises(NoticeUnknown):
        queries.notice(row.gid)


def test_who_gave_a_notice_is_forgotten_long_after_it_was_dismissed_and_what_was_decided_stays(release, owl):
    long_ago, later = NOW + timedelta(days=1), NOW + timedelta(days=2)
    suspended = give(release)
    decide(owl, suspended, Decision.SUSPEND)
    dismissed = give(release, given=replace(WHOLE, email="other@example.com"))
    decide(owl, dismissed, Decision.DISMISS)
    waits = give(release, given=replace(WHOLE, email="third@example.com"))
    assert clear_notices(before=NOW, dry_run=False).things == 0, "not so long ago"
    assert clear_notices(before=long_ago, dry_run=True).things == 1
    assert clear_notices(before=long_ago, dry_run=False).things == 1
    assert clear_notices(before=later, dry_run=False).things == 0
    named = set(Notice.objects.exclude(email="").values_list("pk", flat=True))
    assert named == {suspended.pk, waits.pk}
    dismissed.refresh_from_db()
    assert (dismissed.name, dismissed.words, dismissed.standing) == ("", "", Standing.DISMISSED)
    assert dismissed.decisions.get().reason
    before = Letter.objects.count()
    decide(owl, dismissed, Decision.SUSPEND)
    assert Letter.objects.count() == before, "nobody is there to be told"

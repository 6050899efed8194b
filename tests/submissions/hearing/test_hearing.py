"""Every release is heard by a person: nothing is accepted unheard, and what had been heard is kept."""

from itertools import product
from uuid import uuid4

import pytest
from applying import DECLARED, FIELDS, LINK, NOW, account, give_sound, release_of
from django.db import DatabaseError, transaction
from judging import compared, hear_and_accept, heard, judged
from opened_shop import opened

from alpheus.parties.models import StaffRole
from alpheus.submissions import queries, review
from alpheus.submissions.amend import begin_version
from alpheus.submissions.describe import describe
from alpheus.submissions.errors import Unheard
from alpheus.submissions.hand_in import hand_in
from alpheus.submissions.hearing.note import Told, note_pressed, note_told
from alpheus.submissions.hearing.queries import heard_of
from alpheus.submissions.hearing.rules import is_needed
from alpheus.submissions.models import HeardThen, Hearing, Submission, Track
from alpheus.submissions.rules import Reason, State

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("sound", "offered", "before"), list(product((False, True), repeat=3)))
def test_what_has_to_be_heard(sound, offered, before):
    expected = sound and not offered and not before
    assert is_needed(has_sound=sound, is_offered=offered, is_as_before=before) is expected


@pytest.fixture
def album(auditor):
    """A release of two tracks, handed in."""
    owner = account("reed")
    opened(owner, auditor, handle="reed", artist_name="Reed", title="Reeds")
    row = release_of(owner, ["Ebb", "Flood"])
    return hand_in(account=owner, gid=row.gid, link=LINK, now=NOW)


def accept(auditor, row):
    compared(row)
    return review.accept(auditor=auditor, gid=row.gid, words="", link=LINK, now=NOW)


def press(auditor, track):
    return note_pressed(account=auditor, recording=track.recording, grant=uuid4(), now=NOW)


def test_nothing_is_accepted_unheard_and_what_is_left_is_named(auditor, album):
    ebb, flood = album.tracks.all()
    with pytest.raises(Unheard) as refused:
        accept(auditor, album)
    assert refused.value.tracks == ("Ebb", "Flood")
    assert press(auditor, flood) == 1
    with pytest.raises(Unheard) as refused:
        accept(auditor, album)
    assert refused.value.tracks == ("Ebb",)
    album.refresh_from_db()
    assert album.state == State.SUBMITTED, "nothing was changed"
    press(auditor, ebb)
    assert accept(auditor, album).state == State.ACCEPTED


def test_what_another_heard_is_not_heard_by_who_decides(auditor, other_auditor, album):
    heard(other_auditor, album)
    with pytest.raises(Unheard):
        accept(auditor, album)
    assert accept(other_auditor, album).state == State.ACCEPTED


def test_a_draft_is_heard_by_nobody_and_the_press_of_who_is_no_auditor_counts_nothing(auditor):
    owner = account("lark")
    opened(owner, auditor, handle="lark", artist_name="Lark", title="Larks")
    row = release_of(owner, ["Ebb"])
    assert press(auditor, row.tracks.get()) == 0
    hand_in(account=owner, gid=row.gid, link=LINK, now=NOW)
    assert press(owner, row.tracks.get()) == 0
    assert press(None, row.tracks.get()) == 0
    assert press(auditor, row.tracks.get()) == 1


def test_who_refuses_need_not_have_heard_it_all_and_what_they_heard_is_kept(auditor, album):
    ebb, _ = album.tracks.all()
    press(auditor, ebb)
    grant = Hearing.objects.get(auditor=auditor, track=ebb).grant
    for ms in (4_000, 9_000):  # the same play, told again as it went on
        note_told(plays=[Told(auditor.pk, ebb.recording_id, grant, 0, NOW, ms)])
    note_told(plays=[Told(auditor.pk, ebb.recording_id, uuid4(), 3, NOW, 2_000)])
    review.refuse(auditor=auditor, gid=album.gid, reason=Reason.UNFIT, words="Noise.", link=LINK, now=NOW)
    last = queries.happened(album)[-1].heard
    assert [(it.title, it.was_played, it.heard_ms) for it in last.tracks] == [
        ("Ebb", True, 11_000),
        ("Flood", False, None),
    ]
    assert (last.played, last.needed, last.ms) == (1, 2, 11_000)
    assert all(it.heard is None for it in queries.happened(album)[:-1])


def test_what_was_kept_stays_though_more_is_heard_and_the_database_refuses_to_change_it(auditor, album):
    judged(auditor, album)
    accept(auditor, album)
    assert [it.heard_ms for it in queries.happened(album)[-1].heard.tracks] == [None, None]
    for change in (
        lambda: HeardThen.objects.update(was_played=False),
        lambda: HeardThen.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()


def test_what_is_opened_again_needs_no_second_hearing_of_who_heard_it(auditor, album):
    judged(auditor, album)
    accept(auditor, album)
    review.reopen(auditor=auditor, gid=album.gid, words="A claim came in.", link=LINK, now=NOW)
    assert accept(auditor, album).state == State.ACCEPTED
    other = account("gull", StaffRole.Role.AUDITOR)
    review.reopen(auditor=other, gid=album.gid, words="Another.", link=LINK, now=NOW)
    with pytest.raises(Unheard):
        accept(other, album)


def test_a_version_that_changes_no_sound_is_accepted_at_once_and_a_new_track_is_heard(auditor, album):
    hear_and_accept(auditor=auditor, gid=album.gid, words="", link=LINK, now=NOW)
    owner, other = album.account, account("gull", StaffRole.Role.AUDITOR)
    declared = {name: FIELDS[name] for name in DECLARED}
    row = begin_version(account=owner, gid=album.gid, now=NOW)
    describe(account=owner, gid=row.gid, fields=declared | {"title": "The Tides, Complete"}, now=NOW)
    hand_in(account=owner, gid=row.gid, link=LINK, now=NOW)
    assert [it.is_needed for it in heard_of(row, other)] == [False, False]
    assert accept(other, row).state == State.ACCEPTED
    kept = queries.happened(row)[-1].heard
    assert (kept.needed, kept.played) == (0, 0)

    later = begin_version(account=owner, gid=row.gid, now=NOW)
    fresh = Track.objects.create(submission=later, position=2, title="Slack")
    give_sound(fresh)
    describe(account=owner, gid=later.gid, fields=declared | {"title": "The Tides, And Slack"}, now=NOW)
    hand_in(account=owner, gid=later.gid, link=LINK, now=NOW)
    with pytest.raises(Unheard) as refused:
        accept(other, later)
    assert refused.value.tracks == ("Slack",)


def test_an_erased_auditor_takes_their_hearings_along_and_the_decision_keeps_what_was_heard(auditor, album):
    judged(auditor, album)
    accept(auditor, album)
    auditor.delete()
    assert not Hearing.objects.exists()
    assert HeardThen.objects.filter(submission=album).count() == 2
    assert Submission.objects.filter(pk=album.pk).exists()

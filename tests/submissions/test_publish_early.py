"""Pre-listening: from when on previews of an accepted release are heard, what ends that, and what appears at its minute."""

from datetime import timedelta

import pytest
from applying import LINK, NOW, account, release_of
from django.db import DatabaseError, transaction
from hypothesis import given
from hypothesis import strategies as st
from judging import hear_and_accept
from opened_shop import opened

from alpheus.catalogue.models import Artist, Recording, Release
from alpheus.catalogue.models import Track as Placed
from alpheus.catalogue.queries import release_detail
from alpheus.community.follow import follow
from alpheus.community.tell_followers import tell_followers
from alpheus.mail.letters import Kind as Letters
from alpheus.mail.models import Letter
from alpheus.parties.models import StaffRole
from alpheus.rights.early import LATE, early_of
from alpheus.rights.models import Early
from alpheus.rights.notice import Given, give_notice
from alpheus.rights.rules import Decision
from alpheus.search.find import search
from alpheus.search.kinds import ARTIST, RECORDING, RELEASE
from alpheus.shops import keep_shop
from alpheus.shops import queries as shops
from alpheus.shops.errors import OwnShop
from alpheus.shops.models import Piece
from alpheus.submissions import claim, queries, review
from alpheus.submissions.amend import amend, begin_version
from alpheus.submissions.answer_notice import answer_notice
from alpheus.submissions.describe import describe, describe_track
from alpheus.submissions.errors import Incomplete
from alpheus.submissions.forget import forget
from alpheus.submissions.hand_in import hand_in, missing
from alpheus.submissions.models import Submission
from alpheus.submissions.publish_due import publish, publish_due, put_up
from alpheus.submissions.publish_early import publish_early
from alpheus.submissions.rules import Missing, Prelisten, Reason, is_heard_early, prelisten_fits

pytestmark = pytest.mark.django_db
TITLES = ["夜明け", "汽笛", "港"]
LATER = NOW + timedelta(hours=3)
DUE = {"due_local": "2026-11-20T21:00", "zone": "Asia/Tokyo"}
"""12:00 UTC, three hours after NOW."""
AT_ONCE = {**DUE, "prelisten": "accepted"}
FROM = {**DUE, "prelisten": "from", "prelisten_local": "2026-11-20T19:00"}
"""An hour after NOW."""
HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)


@pytest.fixture
def shop(applicant, auditor):
    return opened(applicant, auditor)


@pytest.fixture
def draft(shop):
    return release_of(shop.owner, TITLES, title="暁")


def accepted(draft, auditor, **fields):
    describe(account=draft.account, gid=draft.gid, fields=fields, now=NOW)
    hand_in(account=draft.account, gid=draft.gid, link=LINK, now=NOW)
    return accept(draft, auditor)


def accept(row, auditor):
    claim.take(auditor=auditor, gid=row.gid, now=NOW)
    hear_and_accept(auditor=auditor, gid=row.gid, words="", link=LINK, now=NOW)
    row.refresh_from_db()
    return row


def is_heard(row, now=NOW):
    row.refresh_from_db()
    return row.early is not None and early_of(row.early.gid, now=now) is not None


def test_from_when_on_previews_are_heard():
    late = {"since": NOW + HOUR, "due": LATER}
    table = [
        (Prelisten.NEVER, {"since": None, "due": LATER}, NOW, False),
        (Prelisten.ACCEPTED, {"since": None, "due": LATER}, NOW, True),
        (Prelisten.ACCEPTED, {"since": None, "due": LATER}, LATER, False),
        (Prelisten.ACCEPTED, {"since": None, "due": None}, NOW, False),
        (Prelisten.FROM, late, NOW + HOUR - SECOND, False),
        (Prelisten.FROM, late, NOW + HOUR, True),
        (Prelisten.FROM, {"since": None, "due": LATER}, NOW, False),
    ]
    for chosen, times, now, heard in table:
        assert is_heard_early(chosen, **times, now=now) is heard, (chosen, times, now)


@given(chosen=st.sampled_from(Prelisten), since=st.none() | st.datetimes(), due=st.none() | st.datetimes())
def test_what_fits_is_heard_before_its_minute_and_never_from_then_on(chosen, since, due):
    times = {"since": since, "due": due}
    if due is not None:
        assert not is_heard_early(chosen, **times, now=due)
    if chosen is Prelisten.FROM and due is not None and prelisten_fits(chosen, **times):
        assert is_heard_early(chosen, **times, now=since)
    if chosen is Prelisten.NEVER:
        assert prelisten_fits(chosen, **times)


@pytest.mark.parametrize(
    ("fields", "left"),
    [
        ({"prelisten": "accepted"}, (Missing.PRELISTEN_DUE,)),
        (AT_ONCE, ()),
        (FROM, ()),
        ({**FROM, "prelisten_local": ""}, (Missing.PRELISTEN,)),
        ({**FROM, "prelisten_local": "soon"}, (Missing.PRELISTEN,)),
        ({**FROM, "prelisten_local": "2026-11-20T21:00"}, (Missing.PRELISTEN,)),
        ({**DUE, "prelisten_local": "2027-11-20T21:00"}, ()),  # nobody is to hear it before anyway
        ({**FROM, "due_local": "soon"}, (Missing.DUE,)),
    ],
)
def test_what_is_left_to_do_about_it(draft, fields, left):
    row = describe(account=draft.account, gid=draft.gid, fields=fields, now=NOW)
    assert row.prelisten_local == fields.get("prelisten_local", ""), "kept as typed"
    assert missing(row) == left


def test_what_is_no_choice_is_none(draft):
    row = describe(account=draft.account, gid=draft.gid, fields={"prelisten": "always"}, now=NOW)
    assert row.prelisten == ""
    with pytest.raises(DatabaseError), transaction.atomic():
        Submission.objects.filter(pk=draft.pk).update(prelisten="always")


def test_accepted_previews_are_heard_and_no_list_has_it(draft, auditor, shop):
    describe_track(
        account=draft.account, gid=draft.gid, track=draft.tracks.all()[1].gid,
        fields={"artist_name": "潮汐 feat. Nightjar"}, now=NOW,
    )  # fmt: skip
    row = accepted(draft, auditor, **AT_ONCE, genres="tidal pop")
    assert is_heard(row)
    assert (row.release, row.published_at) == (None, None)
    assert [it.release.title for it in shops.soon_shown_in(shop, now=NOW)] == ["暁"]
    (medium,) = release_detail(row.early.gid, removed=True).media.all()
    assert [it.title for it in medium.tracks.all()] == TITLES
    assert not Release.objects.filter(title="暁", removed_at=None).exists()
    assert not Recording.objects.filter(title__in=TITLES, removed_at=None).exists()
    assert [it.title for it in shops.releases_of(shop)] == ["雨夜"]
    assert not Piece.objects.filter(recording__title__in=TITLES).exists()
    assert not shop.offers.filter(release=row.early).exists()
    assert not shop.offers.filter(recording__title__in=TITLES).exists()
    for text in ("暁", "汽笛", "夜明け", "Nightjar"):
        found = search(text, kinds=[ARTIST, RECORDING, RELEASE], limit=9).gids
        assert found == {ARTIST: [], RECORDING: [], RELEASE: []}
    assert search("潮汐", kinds=[ARTIST], limit=9).gids[ARTIST], "who is heard otherwise is found as before"
    assert publish_early(now=NOW) == 0, "run again it changes nothing"


def test_at_its_minute_it_appears_whole_and_newest(draft, auditor, shop):
    row = accepted(draft, auditor, **AT_ONCE)
    gid, count = row.early.gid, Artist.objects.count()
    assert publish_due(now=LATER - SECOND) == 0
    assert publish_due(now=LATER) == 1
    assert publish_early(now=LATER) == 0
    row.refresh_from_db()
    assert (row.release.gid, row.early, row.published_at) == (gid, None, LATER)
    assert (row.release.created_at, row.release.removed_at) == (LATER, None)
    assert Release.objects.order_by("-created_at").first() == row.release
    assert Release.objects.filter(title="暁").count() == 1
    assert Artist.objects.count() == count
    assert not Early.objects.exists()
    assert shop.offers.filter(recording__title__in=TITLES).count() == 3
    assert [it.title for it in shops.releases_of(shop)] == ["雨夜", "暁"]
    assert len(search("汽笛", kinds=[RECORDING], limit=9).gids[RECORDING]) == 1


def test_from_a_minute_of_its_own(draft, auditor, shop):
    row = accepted(draft, auditor, **FROM)
    assert not is_heard(row)
    assert publish_early(now=NOW + HOUR - SECOND) == 0
    assert row.early is None
    assert publish_early(now=NOW + HOUR) == 1
    assert is_heard(row, NOW + HOUR)


def test_nobody_hears_it_early_who_did_not_ask_for_that(draft, auditor, shop):
    row = accepted(draft, auditor, **DUE)
    assert publish_early(now=LATER - SECOND) == 0
    assert not is_heard(row)
    assert not Release.objects.filter(title="暁").exists()


def test_a_decision_that_is_opened_again_ends_it_at_once_and_one_that_stands_begins_it_again(
    draft, auditor, shop
):
    row = accepted(draft, auditor, **AT_ONCE)
    gid = row.early.gid
    review.reopen(auditor=auditor, gid=row.gid, words="again", link=LINK, now=NOW)
    assert not is_heard(row)
    assert not Placed.objects.filter(recording__title__in=TITLES).exists()
    assert publish_early(now=NOW) == 0
    assert publish_due(now=LATER) == 0
    accept(row, auditor)
    assert is_heard(row)
    assert row.early.gid == gid, "links go on leading there"


def test_refused_it_stays_unheard_and_appears_never(draft, auditor, shop):
    row = accepted(draft, auditor, **AT_ONCE)
    review.reopen(auditor=auditor, gid=row.gid, words="again", link=LINK, now=NOW)
    claim.take(auditor=auditor, gid=row.gid, now=NOW)
    review.refuse(auditor=auditor, gid=row.gid, reason=Reason.COVER, words="no", link=LINK, now=NOW)
    assert (publish_early(now=NOW), publish_due(now=LATER), is_heard(row)) == (0, 0, False)


def test_a_shop_that_closes_ends_it_and_one_that_opens_again_begins_it(draft, auditor, shop):
    row = accepted(draft, auditor, **AT_ONCE)
    keep_shop.close_shop(owner=shop.owner, now=NOW)
    assert not is_heard(row)
    assert publish_early(now=NOW) == 0
    keep_shop.open_shop(owner=shop.owner, now=NOW)
    assert not Release.objects.filter(title="暁", removed_at=None).exists(), (
        "it has no place there to come back to"
    )
    assert not is_heard(row)
    assert publish_early(now=NOW) == 1
    assert is_heard(row)


def test_a_notice_that_suspends_ends_it_and_one_that_is_dismissed_begins_it_again(
    draft, auditor, shop, mailoutbox
):
    row = accepted(draft, auditor, **AT_ONCE)
    given_ = Given("work", "mine", "there", "Hana", "hana@example.org", "Hana")
    notice = give_notice(release=row.early, given=given_, network="n", language="en", link=LINK, now=NOW)
    staff = account("kestrel", StaffRole.Role.AUDITOR)

    def decide(decision):
        answer_notice(staff=staff, gid=notice.gid, decision=decision, reason="so", link=LINK, now=NOW)

    decide(Decision.SUSPEND)
    assert not is_heard(row)
    assert publish_early(now=NOW) == 0
    decide(Decision.DISMISS)
    told = Letter.objects.filter(to=draft.account.email, kind__in=["release_suspended", "release_restored"])
    assert list(told.order_by("pk").values_list("kind", flat=True)) == [
        "release_suspended",
        "release_restored",
    ]
    assert not Recording.objects.filter(title__in=TITLES, removed_at=None).exists()
    assert publish_early(now=NOW) == 1
    assert is_heard(row)


def test_who_has_a_part_in_what_is_to_appear_does_not_dismiss_a_notice_against_it(draft, auditor, shop):
    row = accepted(draft, auditor, **AT_ONCE)
    given_ = Given("work", "mine", "there", "Hana", "hana@example.org", "Hana")
    notice = give_notice(release=row.early, given=given_, network="n", language="en", link=LINK, now=NOW)
    told = {"gid": notice.gid, "reason": "so", "link": LINK, "now": NOW}
    answer_notice(staff=auditor, decision=Decision.SUSPEND, **told)
    StaffRole.objects.create(account=draft.account, role=StaffRole.Role.AUDITOR)
    with pytest.raises(OwnShop):
        answer_notice(staff=draft.account, decision=Decision.DISMISS, **told)


def test_what_is_suspended_at_its_minute_does_not_appear(draft, auditor, shop):
    row = accepted(draft, auditor, **AT_ONCE)
    given_ = Given("work", "mine", "there", "Hana", "hana@example.org", "Hana")
    notice = give_notice(release=row.early, given=given_, network="n", language="en", link=LINK, now=NOW)
    answer_notice(staff=auditor, gid=notice.gid, decision=Decision.SUSPEND, reason="so", link=LINK, now=NOW)
    publish_due(now=LATER)
    publish_early(now=LATER)
    assert not Recording.objects.filter(title__in=TITLES, removed_at=None).exists()
    assert not is_heard(row, LATER)


def test_its_musician_switches_it_off_and_on(draft, auditor, shop):
    row = accepted(draft, auditor, **AT_ONCE)
    given_ = {"account": draft.account, "gid": row.gid, "now": NOW}
    amend(fields={"prelisten": ""}, **given_)
    assert not is_heard(row)
    assert publish_early(now=NOW) == 0
    amend(fields={"prelisten": "from", "prelisten_local": "2026-11-20T20:00"}, **given_)
    assert not is_heard(row)
    assert publish_early(now=NOW + 2 * HOUR) == 1
    with pytest.raises(Incomplete) as refused:
        amend(fields={"prelisten": "from", "prelisten_local": "2026-11-20T22:00"}, **given_)
    assert refused.value.missing == (Missing.PRELISTEN,)
    assert is_heard(row, NOW + 2 * HOUR), "what was refused changed nothing"
    assert Submission.objects.get(pk=row.pk).prelisten_local == "2026-11-20T20:00"


def test_what_changes_at_once_is_seen_early_too(draft, auditor, shop):
    row = accepted(draft, auditor, **AT_ONCE)
    amend(account=draft.account, gid=row.gid, fields={"notes": "Late.", "genres": "jazz"}, now=NOW)
    assert is_heard(row)
    release = release_detail(row.early.gid, removed=True)
    assert (release.notes, [it.name for it in release.genres.all()]) == ("Late.", ["jazz"])
    assert not Recording.objects.filter(title__in=TITLES, removed_at=None).exists()


def test_whatever_happened_to_it_is_put_right_by_the_minute(draft, auditor, shop):
    """As when another process changed it while nobody ended it."""
    row = accepted(draft, auditor, **AT_ONCE)
    for fields in ({"prelisten": ""}, {"state": "submitted"}):
        Submission.objects.filter(pk=row.pk).update(**fields)
        assert publish_early(now=NOW) == 1, fields
        assert not is_heard(row)
        Submission.objects.filter(pk=row.pk).update(state="accepted", prelisten="accepted")
        assert publish_early(now=NOW) == 1
        assert is_heard(row)
    Submission.objects.filter(pk=row.pk).update(early=None)
    publish_early(now=NOW)
    assert Early.objects.count() == 1, "one that nobody names ended, and another began"
    Submission.objects.filter(pk=row.pk).delete()
    publish_early(now=NOW)
    assert not Early.objects.exists()


def test_a_minute_that_moved_moves_its_end(draft, auditor, shop):
    row = accepted(draft, auditor, **AT_ONCE)
    Submission.objects.filter(pk=row.pk).update(due_at=LATER + HOUR)
    assert publish_early(now=NOW) == 1
    assert early_of(row.early.gid, now=NOW).until == LATER + HOUR


def test_what_does_not_appear_at_its_minute_is_heard_a_moment_longer_and_then_no_more(draft, auditor, shop):
    row = accepted(draft, auditor, **AT_ONCE)
    assert publish_early(now=LATER) == 0
    assert is_heard(row, LATER)
    assert not is_heard(row, LATER + LATE)
    assert publish_early(now=LATER + LATE) == 1
    assert not Early.objects.exists()


def test_killed_in_the_middle_nothing_of_it_is_there_and_the_next_time_all_of_it(
    draft, auditor, shop, monkeypatch
):
    row = accepted(draft, auditor, **FROM)

    def killed(**_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("alpheus.submissions.publish_early.open_early", killed)
        with pytest.raises(KeyboardInterrupt):
            publish_early(now=NOW + HOUR)
    assert not Release.objects.filter(title="暁").exists()
    assert not Placed.objects.filter(recording__title__in=TITLES).exists()
    assert publish_early(now=NOW + HOUR) == 1
    assert is_heard(row, NOW + HOUR)


def test_one_that_fails_keeps_no_other(draft, auditor, shop, monkeypatch):
    one = accepted(draft, auditor, **FROM)
    other = accepted(release_of(shop.owner, ["灯台"], title="灯"), auditor, **FROM)

    def sometimes(row, *given_, **named):
        if row.pk == one.pk:
            raise RuntimeError
        return put_up(row, *given_, **named)

    with monkeypatch.context() as patched:
        patched.setattr("alpheus.submissions.publish_early.put_up", sometimes)
        assert publish_early(now=NOW + HOUR) == 1
    assert not is_heard(one, NOW + HOUR)
    assert is_heard(other, NOW + HOUR)


def test_a_new_version_of_what_is_out_is_heard_whole_and_has_no_early_time(draft, auditor, shop):
    row = accepted(draft, auditor)
    version = begin_version(account=draft.account, gid=row.gid, now=NOW)
    version = describe(account=draft.account, gid=version.gid, fields=AT_ONCE, now=NOW)
    assert version.prelisten == ""
    Submission.objects.filter(pk=version.pk).update(prelisten="accepted")
    for name in ("owns_recording", "owns_composition", "no_cover", "ai"):
        describe(
            account=draft.account, gid=version.gid, fields={name: "none" if name == "ai" else "on"}, now=NOW
        )
    accepted(version, auditor)
    assert publish_early(now=NOW) == 0
    assert not Early.objects.exists()
    assert not Recording.objects.filter(title__in=TITLES).exclude(removed_at=None).exists()


def test_the_page_that_its_musician_previews_is_the_whole_one_and_leaves_all_as_it_is(draft, auditor, shop):
    row = accepted(draft, auditor, **AT_ONCE)
    with transaction.atomic():
        whole = publish(Submission.objects.get(pk=row.pk), now=NOW)
        assert [it.title for it in release_detail(whole.gid).media.get().tracks.all()] == TITLES
        assert not Early.objects.exists()
        transaction.set_rollback(True)
    assert is_heard(row)


def test_its_sound_and_its_cover_are_kept(draft, auditor, shop):
    row = accepted(draft, auditor, **AT_ONCE)
    assert set(queries.assets_kept()) >= {it.asset_id for it in row.tracks.all()}


def test_hearing_it_whole_is_work_before_it_appears_and_a_play_afterwards(draft, auditor, shop):
    row = accepted(draft, auditor, **AT_ONCE)
    mine = {it.recording_id for it in row.tracks.all()}
    assert queries.held_among(mine) == mine
    publish_due(now=LATER)
    assert queries.held_among(mine) == set()


def test_followers_are_told_when_it_appears_and_not_before(draft, auditor, shop, mailoutbox):
    fan = account("finch")
    follow(account=fan, shop=shop, mail=True, link=LINK, now=NOW - timedelta(days=2))
    row = accepted(draft, auditor, **AT_ONCE)
    tell_followers(now=NOW + HOUR)
    before = _letters_about(row)
    publish_due(now=LATER)
    tell_followers(now=LATER + timedelta(days=2))
    assert (before, _letters_about(row)) == (0, 1)


def _letters_about(row):
    return Letter.objects.filter(kind=Letters.NEW_IN_SHOP, text__contains=row.title).count()


def test_an_account_that_is_erased_takes_it_along(draft, auditor, shop):
    row = accepted(draft, auditor, **AT_ONCE)
    gid = row.early.gid
    forget(account=shop.owner, now=NOW)
    assert early_of(gid, now=NOW) is None
    assert not Release.objects.filter(gid=gid).exists()
    assert not Recording.objects.filter(title__in=TITLES).exists()


def test_it_takes_out_nothing_that_is_offered_already(draft, auditor, shop):
    track = draft.tracks.first()
    Recording.objects.filter(pk=track.recording_id).update(removed_at=None)
    row = accepted(draft, auditor, **AT_ONCE)
    assert not is_heard(row)
    assert Recording.objects.get(pk=track.recording_id).removed_at is None


def test_where_another_shop_sells_under_its_name_nothing_is_heard(draft, auditor, shop):
    magpie = account("magpie")
    other = opened(magpie, auditor, handle="pie", artist_name="Magpie")
    row = accepted(release_of(shop.owner, ["x"], artist_name="Magpie"), auditor, **AT_ONCE)
    assert other.artist is not None
    assert not is_heard(row)
    assert publish_early(now=NOW) == 0

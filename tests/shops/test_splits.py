"""Splits: proposed, answered by everyone in them, counting from a day; and what nobody can do to them."""

import re
from datetime import UTC, timedelta

import pytest
from applying import NOW, account
from hypothesis import given
from hypothesis import strategies as st
from opened_shop import accepted, opened

from alpheus.listening.erase import erase
from alpheus.mail.models import Letter
from alpheus.parties.models import StaffRole
from alpheus.shops.errors import NotYours
from alpheus.shops.splits import queries, rules
from alpheus.shops.splits.answer import answer
from alpheus.shops.splits.errors import SplitPending, SplitRefused, SplitSettled, SplitUnknown
from alpheus.shops.splits.models import Split, SplitPart
from alpheus.shops.splits.propose import Links, propose, withdraw
from alpheus.shops.splits.rules import Answer, Event, Person, Problem, State
from alpheus.values.share import WHOLE, Share

TODAY = NOW.astimezone(UTC).date()
LINKS = Links("https://here.example/studio/splits", lambda secret: f"https://here.example/split/{secret}")
OWNER = Person("Tide", "", Share(6000))
REED = Person("Reed", "reed@example.com", Share(3000))
WREN = Person("Wren", "wren@example.com", Share(1000))


# Rules


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("event", Event)
def test_only_what_waits_can_change(state, event):
    assert (rules.after(state, event) is None) == (state is not State.PROPOSED)


@pytest.mark.parametrize(
    ("people", "given", "expected"),
    [
        ([OWNER, REED, WREN], {}, None),
        ([REED, Person("Wren", "wren@example.com", Share(7000))], {}, None),
        ([OWNER, REED, WREN], {"recordings": 0}, Problem.NOTHING),
        ([Person("Tide", "", Share(WHOLE))], {}, Problem.NOBODY),
        ([], {}, Problem.NOBODY),
        ([OWNER, REED], {}, Problem.SUM),
        ([OWNER, REED, Person("R.", "REED@example.com", Share(1000))], {}, Problem.TWICE),
        ([Person(str(n), f"{n}@example.com", Share(400)) for n in range(25)], {}, Problem.TOO_MANY),
        ([OWNER, REED, WREN], {"from_date": TODAY - timedelta(days=1)}, Problem.PAST),
    ],
)
def test_what_may_be_proposed(people, given, expected):
    facts = {"recordings": 1, "from_date": TODAY, "today": TODAY} | given
    assert rules.problem(people, **facts) is expected


@given(st.lists(st.sampled_from(Answer), min_size=1))
def test_one_who_declines_ends_it_and_only_all_agree(answers):
    state = rules.state_by(answers)
    assert (state is State.DECLINED) == (Answer.DECLINED in answers)
    assert (state is State.AGREED) == (set(answers) == {Answer.ACCEPTED})


@given(st.dates(), st.dates())
def test_nothing_counts_before_its_day_or_before_all_agreed(from_date, agreed_on):
    counts = rules.counts_from(from_date, agreed_on)
    assert counts >= from_date
    assert counts >= agreed_on
    assert counts in {from_date, agreed_on}


# What happens


pytestmark = pytest.mark.django_db


@pytest.fixture
def auditor(db):
    return account("owl", StaffRole.Role.AUDITOR)


@pytest.fixture
def tide(auditor):
    made = account("tide")
    opened(made, auditor)
    return made


@pytest.fixture
def reed(db):
    return account("reed")


def recording_of(owner):
    return owner.shops.get().pieces.first().recording


def proposed(owner, people=(OWNER, REED, WREN), *, day=TODAY, recordings=None, at=NOW):
    gids = [recording_of(owner).gid] if recordings is None else recordings
    return propose(owner=owner, recordings=gids, people=people, from_date=day, links=LINKS, now=at)


def letters(kind):
    return list(Letter.objects.filter(kind=kind).order_by("pk"))


def secret_in(letter):
    return re.search(r"/split/([\w-]+)", letter.text)[1]


def says(who, part, *, accepts=True, now=NOW):
    return answer(account=who, part=part, accepts=accepts, now=now)


def test_it_counts_once_everyone_has_accepted(tide, reed):
    split = proposed(tide)
    to_reed, to_wren = letters("split_proposed")
    assert (to_reed.to, to_wren.to) == ("reed@example.com", "wren@example.com")
    assert "30%" in to_reed.text
    assert queries.split_on(recording_of(tide), TODAY) is None
    says(reed, queries.part_by(secret_in(to_reed)))
    assert queries.split_on(recording_of(tide), TODAY) is None
    later = NOW + timedelta(days=3)
    says(account("wren"), queries.part_by(secret_in(to_wren)), now=later)
    split.refresh_from_db()
    assert (split.state, split.counts_from) == (State.AGREED, later.astimezone(UTC).date())
    assert queries.split_on(recording_of(tide), split.counts_from - timedelta(days=1)) is None
    assert queries.split_on(recording_of(tide), split.counts_from) == split
    assert {it.to for it in letters("split_agreed")} == {tide.email, reed.email}, "the last knows"


def test_of_two_that_count_the_later_does(tide, reed):
    both = [OWNER, Person("Reed", "reed@example.com", Share(4000))]
    first = proposed(tide, both)
    says(reed, queries.part_of(reed, first.gid))
    second = proposed(tide, both, day=TODAY + timedelta(days=10))
    says(reed, queries.part_of(reed, second.gid))
    recording = recording_of(tide)
    assert queries.split_on(recording, TODAY + timedelta(days=9)) == first
    assert queries.split_on(recording, TODAY + timedelta(days=10)) == second


def test_one_who_declines_ends_it_for_all(tide, reed):
    split = proposed(tide)
    to_reed, to_wren = letters("split_proposed")
    says(reed, queries.part_by(secret_in(to_reed)), accepts=False)
    split.refresh_from_db()
    assert split.state == State.DECLINED
    assert {it.to for it in letters("split_declined")} == {tide.email, "wren@example.com"}
    with pytest.raises(SplitSettled):
        says(account("wren"), queries.part_by(secret_in(to_wren)))
    assert proposed(tide), "another can be proposed"


def test_the_same_answer_twice_is_one_and_nobody_answers_for_another(tide, reed):
    split = proposed(tide)
    part = queries.part_by(secret_in(letters("split_proposed")[0]))
    says(reed, part)
    says(reed, part)
    for who, accepts in ((reed, False), (account("thief"), True)):
        with pytest.raises(SplitSettled):
            says(who, part, accepts=accepts)
    assert split.parts.get(account=reed).answer == Answer.ACCEPTED
    with pytest.raises(SplitUnknown):
        queries.part_of(account("magpie"), split.gid)


def test_a_proposal_is_taken_back_and_its_links_hold_no_more(tide, reed):
    split = proposed(tide)
    part = queries.part_by(secret_in(letters("split_proposed")[0]))
    with pytest.raises(SplitPending):
        proposed(tide)
    with pytest.raises(SplitUnknown):
        withdraw(owner=reed, gid=split.gid, now=NOW)
    withdraw(owner=tide, gid=split.gid, now=NOW)
    with pytest.raises(SplitSettled):
        withdraw(owner=tide, gid=split.gid, now=NOW)
    with pytest.raises(SplitSettled):
        says(reed, part)
    for secret in (secret_in(letters("split_proposed")[0]), "", "guessed"):
        with pytest.raises(SplitUnknown):
            queries.part_by(secret)
    assert [it.to for it in letters("split_withdrawn")] == ["reed@example.com", "wren@example.com"]


def test_nobody_shares_what_is_not_theirs(tide, reed, auditor):
    opened(reed, auditor, handle="reed", title="Reeds", artist_name="Reed")
    with pytest.raises(SplitRefused):
        proposed(tide, recordings=[recording_of(reed).gid])
    with pytest.raises(NotYours):
        proposed(account("magpie"), recordings=[recording_of(tide).gid])
    with pytest.raises(SplitRefused):
        proposed(tide, [OWNER, Person("Me again", tide.email.upper(), Share(4000))])
    assert not Split.objects.exists()
    assert not letters("split_proposed")


def test_strangers_are_not_flooded_with_letters(tide):
    crowd = [OWNER, *(Person(str(n), f"{n}@example.com", Share(400)) for n in range(10))]
    for _ in range(5):
        withdraw(owner=tide, gid=proposed(tide, crowd).gid, now=NOW)
    with pytest.raises(SplitRefused) as refused:
        proposed(tide, crowd)
    assert refused.value.problem is Problem.FLOOD
    withdraw(
        owner=tide,
        gid=proposed(tide, crowd, at=NOW + timedelta(days=1, minutes=1), day=TODAY + timedelta(days=2)).gid,
        now=NOW,
    )


def test_several_recordings_are_one_question(tide, auditor):
    accepted(tide, auditor, title="晨雾")
    gids = [it.recording.gid for it in tide.shops.get().pieces.all()]
    proposed(tide, recordings=gids)
    assert len(letters("split_proposed")) == 2
    assert "晨雾" in letters("split_proposed")[0].text


def test_an_account_that_is_erased_leaves_its_share_and_no_name(tide, reed):
    agreed = proposed(tide, [OWNER, Person("Reed", "reed@example.com", Share(4000))])
    says(reed, queries.part_of(reed, agreed.gid))
    erase(account=reed, now=NOW)
    kept = SplitPart.objects.get(split=agreed, is_owner=False)
    assert (kept.parts, kept.name, kept.email, kept.account) == (4000, "", "", None)
    assert queries.split_on(recording_of(tide), TODAY) == agreed


def test_a_proposal_ends_with_the_account_of_who_made_it_or_was_asked(tide, reed):
    asked = proposed(tide)
    erase(account=reed, now=NOW)
    asked.refresh_from_db()
    assert asked.state == State.WITHDRAWN
    mine = proposed(tide, [OWNER, Person("Wren", "wren@example.com", Share(4000))])
    erase(account=tide, now=NOW)
    mine.refresh_from_db()
    assert (mine.state, mine.shop, mine.shop_name) == (State.WITHDRAWN, None, "潮汐")

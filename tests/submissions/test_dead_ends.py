"""What no auditor may decide does not wait in silence."""

import pytest
from applying import LINK, NOW, account, handed_in_by

from alpheus.parties.models import StaffRole
from alpheus.submissions import queries, review
from alpheus.submissions.answer import appeal
from alpheus.submissions.rules import Reason
from alpheus.submissions.withdraw import withdraw

pytestmark = pytest.mark.django_db


def named(name):
    return account(name, StaffRole.Role.AUDITOR)


def test_without_auditors_everything_is_nobody_s(handed_in):
    assert queries.nobody_s() == [handed_in]
    named("owl")
    assert queries.nobody_s() == []


def test_one_s_own_is_nobody_s_until_another_is_named(auditor, handed_in):
    own = handed_in_by(auditor, artist_name="Owl Street")
    assert queries.nobody_s() == [own]
    named("gull")
    assert queries.nobody_s() == []


def test_what_all_passed_on_or_refused_before_is_nobody_s(applicant, auditor, other_auditor, handed_in):
    second = handed_in_by(account("lark"), artist_name="Lark")
    for whose in (auditor, other_auditor):
        assert queries.nobody_s() == []
        review.pass_on(auditor=whose, gid=second.gid, words="I know the singer.", now=NOW)
    assert queries.nobody_s() == [second]
    review.pass_on(auditor=auditor, gid=handed_in.gid, words="Not my style.", now=NOW)
    review.refuse(
        auditor=other_auditor, gid=handed_in.gid, reason=Reason.COVER, words="A cover.", link=LINK, now=NOW
    )
    appeal(account=applicant, gid=handed_in.gid, words="It is mine.", link=LINK, now=NOW)
    assert set(queries.nobody_s()) == {handed_in, second}
    third = named("gull")
    assert queries.nobody_s() == []
    third.is_active = False
    third.save()
    assert len(queries.nobody_s()) == 2, "who is shut out decides nothing"
    withdraw(account=applicant, gid=handed_in.gid, link=LINK, now=NOW)
    assert queries.nobody_s() == [second]


def test_it_agrees_with_what_each_may_decide(auditor, other_auditor, handed_in):
    """The list's condition and the rule that refuses say the same."""
    rows = [
        handed_in,
        handed_in_by(auditor, artist_name="Owl Street"),
        handed_in_by(other_auditor, artist_name="潮汐"),
    ]
    review.pass_on(auditor=other_auditor, gid=rows[1].gid, words="I know them.", now=NOW)
    expected = {
        row for row in rows if all(queries.hindrance(row, it) is not None for it in (auditor, other_auditor))
    }
    assert set(queries.nobody_s()) == expected
    assert expected, "the case is in it"

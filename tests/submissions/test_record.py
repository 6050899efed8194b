"""What an applicant, and the label that they hand in for, have on record."""

from uuid import uuid4

import pytest
from applying import LINK, NOW, account, draft_of, handed_in_by
from judging import hear_and_accept
from opened_shop import album, opened

from alpheus.catalogue.models import Release
from alpheus.parties.models import StaffRole
from alpheus.rights.models import Notice
from alpheus.submissions import review
from alpheus.submissions.models import Submission
from alpheus.submissions.record import record_of
from alpheus.submissions.rules import Reason
from alpheus.submissions.withdraw import withdraw

pytestmark = pytest.mark.django_db


def notice_against(release, standing):
    return Notice.objects.create(
        release=release,
        title=release.title,
        claim="work",
        words="Mine.",
        proof="There.",
        name="Hana",
        email=f"{uuid4().hex}@example.org",
        signature="Hana",
        standing=standing,
        given_at=NOW,
    )


def test_a_first_one_has_none(handed_in):
    found = record_of(handed_in)
    assert (found.earlier, found.notices, found.accepted, found.refused) == ([], [], 0, 0)
    assert found.decisions_reversed == 0


def test_outcomes_and_decisions_that_were_reversed(applicant, auditor, other_auditor):
    first = handed_in_by(applicant, title="First")
    withdraw(account=applicant, gid=first.gid, link=LINK, now=NOW)
    second = handed_in_by(applicant, title="Second")
    given = {"auditor": auditor, "gid": second.gid, "link": LINK, "now": NOW}
    review.refuse(reason=Reason.COVER, words="A cover.", **given)
    third = handed_in_by(applicant, title="Third")
    found = record_of(third)
    assert [it.title for it in found.earlier] == ["Second", "First"]
    assert (found.accepted, found.refused, found.withdrawn, found.decisions_reversed) == (0, 1, 1, 0)
    withdraw(account=applicant, gid=third.gid, link=LINK, now=NOW)
    review.reopen(words="It is theirs.", **given | {"auditor": other_auditor})
    hear_and_accept(words="", **given | {"auditor": other_auditor})
    found = record_of(Submission.objects.get(pk=third.pk))
    assert (found.accepted, found.refused, found.withdrawn, found.decisions_reversed) == (1, 0, 1, 1)
    draft_of(account("lark"))
    assert record_of(handed_in_by(account("gull"), artist_name="Gull")).earlier == [], (
        "others' are not theirs"
    )


def test_notices_against_what_stands_in_their_shop(applicant, auditor):
    opened(applicant, auditor)
    row = album(applicant, auditor, ["Ebb", "Flood"])
    single = Release.objects.get(title="雨夜")
    for release, standing in ((single, "suspended"), (row.release, "dismissed"), (row.release, "open")):
        notice_against(release, standing)
    opened(account("lark"), auditor, handle="lark", artist_name="Lark", title="Larks")
    notice_against(Release.objects.get(title="Larks"), "suspended")
    found = record_of(row)
    assert (len(found.notices), found.upheld, found.dismissed) == (3, 1, 1)


def test_what_others_handed_in_for_the_same_label_is_on_it(applicant, auditor):
    shop = opened(account("reed"), auditor, handle="reed", artist_name="Reed", title="Reeds")
    mine, theirs = handed_in_by(applicant), handed_in_by(account("lark"), artist_name="Lark", title="Larks")
    assert record_of(mine).earlier == []
    Submission.objects.filter(pk__in=[mine.pk, theirs.pk]).update(shop=shop)
    found = record_of(Submission.objects.get(pk=mine.pk))
    assert [it.title for it in found.earlier] == ["Larks"]
    assert StaffRole.objects.filter(account=auditor).exists()

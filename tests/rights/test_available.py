"""Where releases are offered, and who is refused nothing."""

import pytest
from music import release as released

from alpheus.catalogue.models import Recording
from alpheus.rights import available
from alpheus.rights.models import Availability
from alpheus.rights.rules import Where, is_open_in

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("where", "codes", "here", "opens"),
    [
        (Where.EVERYWHERE, (), "CN", True),
        (Where.ONLY, ("CN", "JP"), "JP", True),
        (Where.ONLY, ("CN", "JP"), "KR", False),
        (Where.EXCEPT, ("CN",), "CN", False),
        (Where.EXCEPT, ("CN",), "KR", True),
        (Where.ONLY, ("CN",), "", True),  # nobody is told where they are
    ],
)
def test_where_it_is_open(where, codes, here, opens):
    assert is_open_in(where, codes, here) is opens


def test_a_recording_is_heard_where_any_of_its_releases_is_offered():
    row = released()
    one = Recording.objects.filter(tracks__medium__release=row).first()
    assert available.is_heard_in(one.pk, here="KR")
    available.set_availability(release=row, where=Where.ONLY, territories=["JP", "CN"])
    assert Availability.objects.get().territories == "CN JP"
    assert [available.is_heard_in(one.pk, here=it) for it in ("JP", "KR", "")] == [True, False, True]
    assert [available.is_available(row, here=it) for it in ("JP", "KR")] == [True, False]
    assert available.closed_releases([row.pk], here="KR") == {row.pk}
    available.set_availability(release=row, where=Where.EVERYWHERE, territories=[])
    assert available.is_available(row, here="KR")

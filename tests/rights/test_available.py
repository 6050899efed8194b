"""Where releases are offered, and who is refused nothing."""

import pytest
from music import release as released

from alpheus.catalogue.models import Recording, Track
from alpheus.catalogue.queries import recordings_of, release_of
from alpheus.catalogue.shown import recordings_shown, releases_shown
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
    """By the rule, and by what databases are asked, whose answers must never differ."""
    assert is_open_in(where, codes, here) is opens
    row = released()
    available.set_availability(release=row, where=where, territories=codes)
    assert available.is_available(row, here=here) is opens
    with available.offered_in(here):
        assert list(releases_shown()) == ([row] if opens else [])
        assert recordings_shown().count() == (2 if opens else 0)
    assert releases_shown().count() == 1  # around tasks and commands nothing is narrowed


def test_a_recording_that_stands_on_two_releases_goes_by_the_one_that_is_offered():
    bounded, other = released(), released("Harbour", tracks=())
    one = Recording.objects.filter(tracks__medium__release=bounded).first()
    available.set_availability(release=bounded, where=Where.ONLY, territories=["CN"])
    Track.objects.create(
        medium=other.media.get(), position=1, title=one.title, credit=one.credit, recording=one
    )
    assert available.is_heard_in(one.pk, here="KR")
    with available.offered_in("KR"):
        assert list(releases_shown()) == [other]
        assert release_of(recordings_of([one.gid])[0]) == other  # not the first, whose page refuses them
    with available.offered_in("CN"):
        assert release_of(recordings_of([one.gid])[0]) == bounded


def test_a_recording_is_heard_where_any_of_its_releases_is_offered():
    row = released()
    one = Recording.objects.filter(tracks__medium__release=row).first()
    assert available.is_heard_in(one.pk, here="KR")
    available.set_availability(release=row, where=Where.ONLY, territories=["JP", "CN"])
    assert Availability.objects.get().territories == "CN JP"
    assert [available.is_heard_in(one.pk, here=it) for it in ("JP", "KR", "")] == [True, False, True]
    assert [available.is_available(row, here=it) for it in ("JP", "KR")] == [True, False]
    available.set_availability(release=row, where=Where.EVERYWHERE, territories=[])
    assert available.is_available(row, here="KR")

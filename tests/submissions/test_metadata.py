"""Names and numbers that contradict what is held are found when something is handed in."""

import music
import pytest
from applying import LINK, NOW, account, draft_of, release_of
from opened_shop import opened

from alpheus.ingest.evidence import Finding
from alpheus.submissions import queries
from alpheus.submissions.evidence import note
from alpheus.submissions.hand_in import hand_in
from alpheus.submissions.metadata import holes_and_doubles
from alpheus.submissions.withdraw import withdraw
from alpheus.web.evidence_cards import WORDINGS

pytestmark = pytest.mark.django_db
ISRC, OTHER = "GBAYE0000001", "GBAYE0000002"


def draft(whose, isrc, **fields):
    """With a track of ten seconds that has a number; the page of an application asks for none, a release's does."""
    row = draft_of(whose, **fields)
    row.tracks.update(isrc=isrc)
    return row


def found_in(row):
    """What is found when it is handed in: sentences by kind. One that names what was not measured is an error."""
    handed = hand_in(account=row.account, gid=row.gid, link=LINK, now=NOW)
    return {it.kind: WORDINGS[it.kind].measured(it.measured) for it in queries.evidence(handed)}


@pytest.fixture
def held(db):
    row = music.recording("Ebb", by="Tide", seconds=240)
    row.isrc = ISRC
    row.save()
    return row


def test_the_isrc_of_a_recording_of_the_catalogue(applicant, held):
    found = found_in(draft(applicant, "gb-aye-00-00001", title="Rain At Night"))
    assert found.keys() == {"isrc-other-sound", "isrc-duration", "isrc-of-another"}
    assert found["isrc-other-sound"] == f"ISRC {ISRC} is that of “Ebb” by Tide, which sounds different."
    assert "this lasts 0:10, and “Ebb” by Tide with the same number 4:00." in found["isrc-duration"]


@pytest.mark.parametrize("typed", [ISRC, "GB-AYE-00-00001", "gbaye0000001"])
def test_the_isrc_of_what_another_handed_in(applicant, typed):
    other = draft(account("lark"), typed, artist_name="Lark", title="Reeds At Noon")
    mine = draft(applicant, ISRC, title="Rain At Night")
    assert found_in(other) == {}, "a draft has no number yet"
    found = found_in(mine)
    assert found.keys() == {"isrc-other-sound", "isrc-of-another"}
    assert found["isrc-of-another"].endswith("“Reeds At Noon” by Lark, which another party has here.")


def test_what_was_withdrawn_has_no_number(applicant):
    other = account("lark")
    row = draft(other, ISRC, artist_name="Lark", title="Reeds At Noon")
    found_in(row)
    withdraw(account=other, gid=row.gid, link=LINK, now=NOW)
    assert found_in(draft(applicant, ISRC, title="Rain At Night")) == {}


def test_the_same_sound_under_another_isrc(applicant, held):
    row = draft(applicant, OTHER, title="Rain At Night")
    note(
        row,
        [Finding("same-recording", {"shared_ms": 9000}, 0.9, other=held.asset.key)],
        track=row.tracks.get(),
    )
    found = found_in(row)
    assert found.keys() == {"same-recording", "sound-other-isrc"}
    assert (
        found["sound-other-isrc"] == f"Handed in as {OTHER}; the same sound is here as {ISRC}, “Ebb” by Tide."
    )


def test_one_title_and_two_lengths(applicant, held):
    found = found_in(draft(applicant, "", title="Ebb", artist_name="TIDE"))
    assert found["title-duration"] == "This “Ebb” lasts 0:10; the artist's other of that title lasts 4:00."


def test_ones_own_number_is_nobody_elses(applicant, auditor, held):
    opened(applicant, auditor)
    first, second = (release_of(applicant, [title]) for title in ("Rain", "Snow"))
    for row in (first, second):
        row.tracks.update(isrc=OTHER)
    assert found_in(first) == {}
    assert found_in(second).keys() == {"isrc-other-sound"}


@pytest.mark.parametrize(
    ("numbers", "kinds"),
    [
        ([1001, 1002, None], []),
        ([1001, 1003, 2001], ["track-holes"]),
        ([1001, 2001, 2001], ["track-twice"]),
        ([1007, None, None], []),  # one file of an album is no medium
    ],
)
def test_numbers_of_files(applicant, auditor, numbers, kinds):
    opened(applicant, auditor)
    row = release_of(applicant, ["One", "Two", "Three"])
    for track, number in zip(row.tracks.all(), numbers, strict=True):
        track.number = number
        track.save()
    assert [it.kind for it in holes_and_doubles(row)] == kinds
    found = found_in(row)
    assert [it for it in found if it.startswith("track-")] == kinds
    if "track-holes" in found:
        assert found["track-holes"] == "By the files' numbers disc 1 lacks 2."
    if "track-twice" in found:
        assert found["track-twice"] == "By the files' numbers disc 2 has more than one of 1."

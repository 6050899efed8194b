"""Names and numbers that contradict what is held, or MusicBrainz's style; a table each."""

from pathlib import Path

import pytest

from alpheus.ingest.rules import KINDS, Claim, clashes, numbering, wording

NEW = Claim("A Song", "Somebody", "GBAYE0000001", 200_000, "n" * 32)
ASSET = "h" * 32

CLASHES = [
    # what is held, whether its sound is ours, what is said
    (Claim("Another", "Else", "GBAYE0000001", 200_500, ASSET), True, []),
    (Claim("Another", "Else", "GBAYE0000001", 200_500, ASSET), False, ["isrc-other-sound"]),
    (Claim("Another", "Else", "GBAYE0000001", 215_000, ASSET), True, ["isrc-duration"]),
    (Claim("Another", "Else", "GBAYE0000001", 215_000, ASSET), False, ["isrc-other-sound", "isrc-duration"]),
    (Claim("Another", "Else", "GBAYE0000001", 215_000, None), False, ["isrc-duration"]),
    (Claim("Another", "Else", "GBAYE0000001", None, None), False, []),
    (Claim("Another", "Else", "GBAYE0000002", 200_000, ASSET), True, ["sound-other-isrc"]),
    (Claim("Another", "Else", None, 200_000, ASSET), True, []),
    (Claim("ａ  song!", "SOMEBODY", None, 230_000, ASSET), False, ["title-duration"]),
    (Claim("A Song", "Somebody", None, 209_000, ASSET), False, []),
    (Claim("A Song", "Somebody Else", None, 230_000, ASSET), False, []),
]


@pytest.mark.parametrize(("held", "same", "kinds"), CLASHES)
def test_clashes_with_what_is_held(held, same, kinds):
    found = clashes(NEW, [held], same={ASSET} if same else set())
    assert [finding.kind for finding in found] == kinds
    assert all(finding.other == held.asset for finding in found)


def test_a_claim_without_numbers_clashes_with_nothing():
    assert clashes(Claim("?"), [Claim("!", isrc=None)], same=()) == ()


WORDINGS = [
    ("Night (feat. Somebody)", ["feat-in-title"]),
    ("Night ft. Somebody", ["feat-in-title"]),
    ("Night [Featuring A & B]", ["feat-in-title"]),
    ("Feat. of Strength", []),
    ("Defeat the Night", []),
    ("Night Features", []),
    ("ALL IN CAPITALS", ["capitalisation"]),
    ("all in small letters", ["capitalisation"]),
    ("SOS", []),
    ("ABBA", []),
    ("As It Should Be", []),
    ("夜に駆ける", []),
    ("夜 に 駆ける (feat. 誰か)", ["feat-in-title"]),
    ("НОЧЬ И ДЕНЬ", ["capitalisation"]),
]


@pytest.mark.parametrize(("title", "kinds"), WORDINGS)
def test_wording(title, kinds):
    assert [finding.kind for finding in wording(title)] == kinds


def test_who_is_featured_is_told():
    assert wording("Night (feat. A & B)")[0].measured == {"word": "feat.", "artist": "A & B"}


NUMBERINGS = [
    ([], []),
    ([1, 2, 3], []),
    ([3, 1, 2], []),
    ([1, 3], ["track-holes"]),
    ([2, 3], ["track-holes"]),
    ([1, 1, 2], ["track-twice"]),
    ([1, 1, 4], ["track-holes", "track-twice"]),
]


@pytest.mark.parametrize(("numbers", "kinds"), NUMBERINGS)
def test_numbering(numbers, kinds):
    assert [finding.kind for finding in numbering(numbers)] == kinds


def test_a_number_of_nonsense_makes_a_short_text():
    (finding,) = numbering([1, 99_999])
    assert len(finding.measured["missing"]) < 100


def test_each_kind_is_explained():
    explained = (Path(__file__).parents[2] / "docs" / "evidence.md").read_text()
    assert not [kind for kind in KINDS if f"`{kind}`" not in explained]

"""What a new version changes, told without a database."""

import pytest

from alpheus.submissions.versions.rules import Change, Told, Version, What, changes


def told(key, *, former="", recording="", place="1.1", **fields):
    return Told(key, former, recording or f"r{key}", place, {What(name): it for name, it in fields.items()})


def version(*tracks, **fields):
    return Version({What(name): it for name, it in fields.items()}, tracks)


A, B, C = (told(key, place=f"1.{place}") for place, key in enumerate("abc", start=1))


def copies(*keys, places=None):
    """The same tracks in another version."""
    return [
        told(key.upper(), former=key, recording=f"r{key}", place=place)
        for key, place in zip(keys, places or [f"1.{it}" for it in range(1, len(keys) + 1)], strict=True)
    ]


@pytest.mark.parametrize(
    ("order", "found"),
    [
        ("abc", []),
        ("ac", [("removed", "rb", "", "b")]),  # c only moved up
        ("cab", [("place", "1.3", "1.1", "C")]),
        ("acb", [("place", "1.3", "1.2", "C"), ("place", "1.2", "1.3", "B")]),
    ],
)
def test_order(order, found):
    new = changes(version(A, B, C), version(*copies(*order)))
    if order == "acb":  # either of two that changed places may be the one that is said to have
        assert [(it.what.value, it.before, it.after, it.track) for it in new] in ([found[0]], [found[1]])
    else:
        assert [(it.what.value, it.before, it.after, it.track) for it in new] == found


def test_another_disc_is_another_place():
    assert changes(version(A, B), version(*copies("a", "b", places=["1.1", "2.1"]))) == [
        Change(What.PLACE, "1.2", "2.1", "B")
    ]


def test_fields_of_the_whole_and_of_tracks_and_a_sound_that_was_replaced():
    old = version(told("a", title="x", credits="drums: Mei"), title="One", upc="1", notes="same")
    new = version(
        told("A", former="a", recording="other", title="y", lyrics="la"), title="Two", upc="", notes="same"
    )
    assert changes(old, new) == [
        Change(What.TITLE, "One", "Two"),
        Change(What.UPC, "1", ""),
        Change(What.AUDIO, "ra", "other", "A"),
        Change(What.TITLE, "x", "y", "A"),
        Change(What.CREDITS, "drums: Mei", "", "A"),
        Change(What.LYRICS, "", "la", "A"),
    ]


def test_a_track_is_known_by_what_it_was_copied_from_else_by_its_sound():
    old = version(told("a", former="z"), told("b", recording="same"))
    assert changes(old, version(told("A", former="z", recording="ra"), told("B", recording="same"))) == []
    assert changes(old, version(told("N"))) == [
        Change(What.ADDED, "", "rN", "N"),
        Change(What.REMOVED, "ra", "", "a"),
        Change(What.REMOVED, "same", "", "b"),
    ]
    assert changes(version(told("a", recording="one")), version(told("A", former="a", recording=""))) == [
        Change(What.AUDIO, "one", "rA", "A")
    ]

import pytest

from alpheus.values.duration import clock, hours_and_minutes, iso, total


@pytest.mark.parametrize(
    ("ms", "text"),
    [
        (0, "0:00"),
        (499, "0:00"),
        (500, "0:01"),
        (222_000, "3:42"),
        (3_729_000, "1:02:09"),
        (-143_000, "−2:23"),
        (-1, "0:00"),
    ],
)
def test_a_clock(ms, text):
    assert clock(ms) == text


@pytest.mark.parametrize(
    ("ms", "text"),
    [(0, "0 min"), (5_000, "1 min"), (2_880_000, "48 min"), (10_260_000, "2 h 51 min"), (10_800_000, "3 h")],
)
def test_a_total(ms, text):
    assert total(ms) == text


def test_parts_for_translation():
    assert hours_and_minutes(10_260_000) == (2, 51)


def test_for_machines():
    assert iso(222_500) == "PT3M42.5S"

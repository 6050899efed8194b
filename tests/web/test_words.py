from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone, translation

from alpheus.web.templatetags import words


def dated(year=None, month=None, day=None):
    return SimpleNamespace(year=year, month=month, day=day)


@pytest.mark.parametrize(
    ("language", "date", "written"),
    [
        ("en", dated(2026), "2026"),
        ("en", dated(2026, 11), "November 2026"),
        ("en", dated(2026, 11, 3), "November 3, 2026"),
        ("zh-hans", dated(2026, 11, 3), "2026年11月3日"),
        ("zh-hans", dated(2026), "2026年"),
        ("ja", dated(2026, 11), "2026年11月"),
        ("ko", dated(2026, 11, 3), "2026년 11월 3일"),
        ("en", dated(), ""),
    ],
)
def test_a_release_is_dated_as_far_as_known(language, date, written):
    with translation.override(language):
        assert words.released(date) == written


@pytest.mark.parametrize(
    ("ago", "written"),
    [
        (timedelta(seconds=14), "14 s ago"),
        (timedelta(minutes=18), "18 min ago"),
        (timedelta(hours=5), "5 h ago"),
        (timedelta(hours=30), "yesterday"),
        (-timedelta(hours=1), "0 s ago"),
    ],
)
def test_recent_times_are_told_as_people_tell_them(ago, written):
    with translation.override("en"):
        assert words.since(timezone.now() - ago) == written


@pytest.mark.parametrize(
    ("count", "written"),
    [(0, "0 B"), (999, "999 B"), (1500, "1.5 kB"), (3_400_000_000, "3.4 GB"), (812e9, "812 GB")],
)
def test_bytes_are_readable(count, written):
    with translation.override("en"):
        assert words.size(int(count)) == written


def test_levels_have_a_true_minus():
    with translation.override("en"):
        assert words.one_decimal(-14.23) == "−14.2"


def test_sums_of_time():
    with translation.override("en"):
        assert words.total(2_280_000) == "38 min"
        assert words.total(10_260_000) == "2 h 51 min"
        assert words.total(7_200_000) == "2 h"


def test_plurals():
    with translation.override("en"):
        assert (words.tracks(1), words.tracks(1204)) == ("1 track", "1,204 tracks")
    with translation.override("zh-hans"):
        assert words.tracks(9) == "9 首"


def test_a_long_title_is_set_smaller():
    assert words.loudness_class("Slow Weather") == "loud louder"
    assert words.loudness_class("琥珀の回路" * 5) == "loud"
    assert words.loudness_class("x" * 200) == "loud m"
    assert words.loudness_class("x" * 300) == "loud s"


def test_names_carry_their_language():
    with translation.override("en"):
        assert words.name("瀬戸ミナモ") == '<span lang="ja">瀬戸ミナモ</span>'
        assert words.name("陆眠", "zh-Hans") == '<span lang="zh-Hans">陆眠</span>'
        assert words.name("물안개") == '<span lang="ko">물안개</span>'
        assert words.name("Odile Farrow") == "Odile Farrow"


def test_names_are_escaped():
    assert "<script>" not in words.name("<script>夜</script>")


def test_initials_skip_what_is_no_letter():
    assert (words.initial("“Ö"), words.initial("陆眠"), words.initial("♪")) == ("Ö", "陆", "·")


def test_percent_is_whole_only_when_done():
    assert (words.percent(0.999), words.percent(1)) == ("99%", "100%")

from datetime import UTC, datetime

import pytest
from django.utils import translation

from alpheus.web.views.home import greeting


@pytest.mark.parametrize(
    ("hour", "en", "zh", "ja", "ko"),
    [
        (4, "Saturday night", "周六深夜", "土曜日の夜", "토요일 밤"),
        (8, "Saturday morning", "周六早上", "土曜日の朝", "토요일 아침"),
        (15, "Saturday afternoon", "周六下午", "土曜日の午後", "토요일 오후"),
        (20, "Saturday evening", "周六晚上", "土曜日の夕べ", "토요일 저녁"),
        (23, "Saturday night", "周六深夜", "土曜日の夜", "토요일 밤"),
    ],
)
def test_the_greeting_goes_by_the_time_of_day(hour, en, zh, ja, ko):
    moment = datetime(2026, 11, 21, hour, tzinfo=UTC)
    for language, written in [("en", en), ("zh-hans", zh), ("ja", ja), ("ko", ko)]:
        with translation.override(language):
            assert greeting(moment) == written


@pytest.mark.parametrize("zone", ["Europe/Stockholm", "Nowhere/Atall", "../../etc/passwd", "\x00", "x" * 300])
def test_any_zone_in_the_cookie_is_survived(guest, zone):
    guest.cookies["zone"] = zone
    assert guest.get("/").status_code == 200

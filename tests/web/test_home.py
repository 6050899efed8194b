from datetime import UTC, datetime

import pytest
from django.utils import translation

from alpheus.web.views.home import greeting


@pytest.mark.parametrize(
    ("hour", "en", "zh"),
    [
        (4, "Saturday night", "周六深夜"),
        (8, "Saturday morning", "周六早上"),
        (15, "Saturday afternoon", "周六下午"),
        (20, "Saturday evening", "周六晚上"),
        (23, "Saturday night", "周六深夜"),
    ],
)
def test_the_greeting_goes_by_the_time_of_day(hour, en, zh):
    moment = datetime(2026, 11, 21, hour, tzinfo=UTC)
    with translation.override("en"):
        assert greeting(moment) == en
    with translation.override("zh-hans"):
        assert greeting(moment) == zh


@pytest.mark.parametrize("zone", ["Europe/Stockholm", "Nowhere/Atall", "../../etc/passwd", "\x00", "x" * 300])
def test_any_zone_in_the_cookie_is_survived(guest, zone):
    guest.cookies["zone"] = zone
    assert guest.get("/").status_code == 200

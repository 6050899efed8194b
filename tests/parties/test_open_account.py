"""A network opens only so many accounts in a day."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from alpheus.parties.errors import SignUpsUsedUp
from alpheus.parties.models import SignUps
from alpheus.parties.open_account import count_sign_up

NOON = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)


@pytest.mark.django_db
def test_a_day_has_so_many_and_tells_until_when():
    for _ in range(3):
        count_sign_up(network="here", most=3, now=NOON)
    with pytest.raises(SignUpsUsedUp) as refused:
        count_sign_up(network="here", most=3, now=NOON)
    assert refused.value.wait_seconds == 12 * 3600
    count_sign_up(network="elsewhere", most=3, now=NOON)
    count_sign_up(network="here", most=3, now=NOON + timedelta(hours=12))


@pytest.mark.django_db
def test_old_days_are_forgotten():
    count_sign_up(network="here", most=3, now=NOON)
    count_sign_up(network="here", most=3, now=NOON + timedelta(days=5))
    assert SignUps.objects.count() == 1


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite's write lock is the turn")
@pytest.mark.django_db(transaction=True)
def test_many_at_once_share_one_limit():
    def one(_):
        try:
            count_sign_up(network="here", most=5, now=NOON)
        except SignUpsUsedUp:
            return 0
        finally:
            connection.close()
        return 1

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(one, range(24))) == 5

import pytest

from alpheus.database.portions import portions
from alpheus.parties.models import Account

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("count", "sizes"), [(0, []), (2, [2]), (3, [3]), (7, [3, 3, 1])])
def test_all_rows_come_once_in_the_order_of_their_keys(count, sizes):
    made = Account.objects.bulk_create(Account(email=f"{it}@example.com") for it in range(count))
    found = list(portions(Account.objects.order_by("-pk"), 3))
    assert [len(it) for it in found] == sizes
    assert [row.pk for some in found for row in some] == [it.pk for it in made]


def test_what_is_changed_between_two_portions_does_not_move_the_rest():
    Account.objects.bulk_create(Account(email=f"{it}@example.com") for it in range(4))
    seen = 0
    for some in portions(Account.objects.filter(name=""), 2):
        Account.objects.filter(pk__in=[it.pk for it in some]).update(name="Wren")
        seen += len(some)
    assert seen == 4

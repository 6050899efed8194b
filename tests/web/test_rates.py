"""The office's page of rates: what holds, what was ever set and by whom, and another one from a day on."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from alpheus.shops.offers.models import Rate

pytestmark = pytest.mark.django_db


def text(answer):
    return answer.content.decode()


def typed(**given):
    today = timezone.now().date().isoformat()
    return {"currency": "JPY", "rate": "20.9", "rounding": "", "from_date": today} | given


def test_a_rate_is_set_and_listed_with_who_did(office, operator):
    assert "No rate yet" in text(office.get("/office/rates"))
    assert office.post("/office/rates", typed(currency="jpy"))["Location"] == "/office/rates"
    later = (timezone.now().date() + timedelta(days=40)).isoformat()
    office.post("/office/rates", typed(rate="21", rounding="tens", from_date=later))
    html = text(office.get("/office/rates"))
    holding, _, were_set = html.partition('id="set"')
    assert "20.9 JPY" in holding
    assert "21 JPY" not in holding
    assert "to come" in were_set
    row = Rate.objects.get(per_reference=Decimal("20.9"))
    assert (row.rounding, str(row.set_by)) == ("whole", str(operator.gid))
    assert str(operator) in were_set
    assert 'href="/office/rates"' in text(office.get("/office"))


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"currency": "beads"}, "Three letters"),
        ({"currency": "CNY"}, "own currency"),
        ({"rate": "20,9"}, "such as 20.9"),
        ({"rate": "0"}, "more than nothing"),
        ({"rate": "-3"}, "more than nothing"),
        ({"rate": "NaN"}, "more than nothing"),
        ({"from_date": "2020-01-01"}, "today or a later day"),
        ({"from_date": "soon"}, "Choose a day."),
        ({"rounding": "nines"}, "no hundredths"),
    ],
)
def test_what_is_no_rate_is_said_beside_its_field(office, given, says):
    refused = office.post("/office/rates", typed(**given))
    assert (refused.status_code, says in text(refused), Rate.objects.count()) == (422, True, 0)


def test_one_far_from_what_holds_is_asked_about(office):
    office.post("/office/rates", typed())
    asked = office.post("/office/rates", typed(rate="2.09", currency="jpy"))
    assert (asked.status_code, Rate.objects.count()) == (409, 1)
    assert "Until then it is 20.9 JPY." in text(asked)
    assert 'value="2.09"' in text(asked)
    assert office.post("/office/rates", typed(rate="2.09", sure="on")).status_code == 302
    assert Rate.objects.count() == 2

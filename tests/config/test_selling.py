"""Rates and sales as an operator types them, and the settings of prices."""

import pytest
from pydantic import ValidationError
from rich.console import Console

from alpheus.config import selling, selling_console
from alpheus.config.settings import Settings
from alpheus.shops.offers.models import Rate
from alpheus.shops.offers.queries import sales
from alpheus.values.money import Money


def test_the_settings_make_a_price():
    assert selling.terms(Settings()).track_price == Money(80, "CNY")
    assert selling.terms(Settings(currency="jpy", default_track_price="20")).track_price == Money(20, "JPY")


@pytest.mark.parametrize(
    "given",
    [
        {"currency": "beads"},
        {"currency": "JPY"},
        {"default_track_price": "0.00"},
        {"default_track_price": "-1"},
    ],
)
def test_a_price_that_is_none_is_refused(given):
    with pytest.raises(ValidationError):
        Settings(**given)


def rate(currency="JPY", amount="20.9", rounding="", day="2099-01-01", *, ask=True):
    console = Console(record=True, width=300)
    given = {"currency": currency, "rate": amount, "rounding": rounding, "from_date": day}
    return selling_console.add_rate(console, **given, ask=ask), console.export_text()


@pytest.mark.django_db
def test_rates(capsys):
    assert rate() == (0, "")
    assert rate("USD", "0.139", day="") == (0, "")
    assert rate("KRW", "194", "tens") == (0, "")
    assert list(Rate.objects.order_by("pk").values_list("rounding", flat=True)) == ["whole", "nines", "tens"]
    selling_console.list_rates()
    said = capsys.readouterr().out
    assert "1 CNY = 0.139 USD  to nines\n" in said
    assert "1 CNY = 20.9 JPY  to whole, from 2099-01-01" in said


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"currency": "beads"}, "no currency"),
        ({"amount": "many"}, "no number"),
        ({"amount": "0"}, "more than nothing"),
        ({"day": "2020-01-01"}, "days that are over"),
        ({"day": "soon"}, "soon"),
        ({"rounding": "nines"}, "no hundredths"),
        ({"rounding": "down"}, "down"),
        ({"currency": "CNY"}, "own currency"),
    ],
)
def test_rates_that_are_refused(given, says):
    code, said = rate(**given)
    assert (code, says in said, Rate.objects.count()) == (1, True, 0)


@pytest.mark.django_db
def test_a_rate_far_from_what_held_is_asked_about(monkeypatch):
    rate()
    asked = []
    monkeypatch.setattr("typer.confirm", lambda text, **_: asked.append(text) or len(asked) > 1)
    assert rate(amount="209")[0] == 1
    assert (Rate.objects.count(), "20.9" in asked[0]) == (1, True)
    assert rate(amount="209")[0] == 0
    assert rate(amount="20.9", ask=False)[0] == 0
    assert (Rate.objects.count(), len(asked)) == (3, 2)


@pytest.mark.django_db
def test_sales(capsys):
    console = Console(record=True, width=300)
    assert selling_console.begin_sales(console, where="pay.example", ask=False) == 1
    assert sales() is None
    assert selling_console.begin_sales(console, where="https://pay.example/", ask=False) == 0
    assert "takes no payments yet" in console.export_text()
    selling_console.show_sales()
    assert "Open since" in capsys.readouterr().out
    selling_console.end_sales()
    selling_console.end_sales()
    assert "Sales were not open." in capsys.readouterr().out

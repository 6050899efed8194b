"""`alpheus rates` and `alpheus sales` on a terminal."""

from datetime import date
from decimal import Decimal, InvalidOperation
from functools import partial
from urllib.parse import urlsplit

import typer
from django.utils import timezone
from rich.console import Console

from alpheus.shops.offers import queries
from alpheus.shops.offers.errors import RateFar, RateRefused
from alpheus.shops.offers.models import Rate, Wish
from alpheus.shops.offers.open_sales import close_sales, open_sales
from alpheus.shops.offers.rules import Rounding, usual_rounding
from alpheus.shops.offers.set_rate import set_rate
from alpheus.shops.offers.terms import terms
from alpheus.values.errors import CurrencyInvalid
from alpheus.values.money import in_digits, parse_currency


def list_rates() -> None:
    """Print the rates that hold today and those that are still to come."""
    reference, today = terms().reference, timezone.now().date()
    for currency, rate in sorted(queries.rates_on(today).items()):
        if currency != reference:
            typer.echo(f"1 {reference} = {in_digits(rate.per_reference)} {currency}  to {rate.rounding}")
    for row in Rate.objects.filter(from_date__gt=today).order_by("from_date", "currency", "pk"):
        typer.echo(
            f"1 {reference} = {in_digits(row.per_reference)} {row.currency}  to {row.rounding}, from {row.from_date}"
        )


def add_rate(
    console: Console, *, currency: str, rate: str, rounding: str, from_date: str, ask: bool = True
) -> int:
    """Set a rate; one far from what held is asked about, unless `ask` is False. Returns the exit code."""
    now = timezone.now()
    try:
        code = parse_currency(currency)
        set_it = partial(
            set_rate,
            currency=code,
            per_reference=Decimal(rate),
            rounding=Rounding(rounding) if rounding else usual_rounding(code),
            from_date=date.fromisoformat(from_date) if from_date else now.date(),
            now=now,
        )
        try:
            row = set_it(sure=not ask)
        except RateFar as error:
            if not typer.confirm(str(error), err=True):
                return 1
            row = set_it(sure=True)
    except InvalidOperation:
        console.print(f"{rate} is no number. Write it such as 20.9.", highlight=False)
        return 1
    except (RateRefused, CurrencyInvalid, ValueError) as error:
        console.print(str(error), highlight=False)
        return 1
    typer.echo(
        f"From {row.from_date} on 1 {terms().reference} is {in_digits(row.per_reference)} {row.currency}."
    )
    return 0


def show_sales() -> None:
    """Print whether the house sells, and how many wait to hear of it."""
    row = queries.sales()
    waiting = Wish.objects.filter(told_at=None).values("account").distinct().count()
    typer.echo(f"Open since {row.opened_at:%Y-%m-%d %H:%M} UTC: {row.where}" if row else "Closed.")
    typer.echo(f"Listeners who wait to hear: {waiting:,}")


def begin_sales(console: Console, *, where: str, ask: bool) -> int:
    """Open sales. Returns the exit code."""
    parts = urlsplit(where)
    if parts.scheme not in {"https", "http"} or not parts.netloc:
        console.print(
            "Give the whole address of the page on which listeners pay: https://...", highlight=False
        )
        return 1
    show_sales()
    console.print(
        f"Alpheus takes no payments yet: listeners are led to {where}, which must. Who waits gets a letter.",
        highlight=False,
        soft_wrap=True,
    )
    if ask and not typer.confirm("Open sales?", err=True):
        return 1
    open_sales(where=where, now=timezone.now())
    typer.echo("Sales are open.")
    return 0


def end_sales() -> None:
    """Close sales."""
    typer.echo("Sales are closed." if close_sales(now=timezone.now()) else "Sales were not open.")

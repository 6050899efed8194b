"""Labels' shops in the office: an operator founds one, makes its agreements, and invites its owner."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date
from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alpheus.shops.brand import queries
from alpheus.shops.brand.errors import (
    AddressRefused,
    AgreementRefused,
    InvitedTooMany,
    LabelHasShop,
    LabelRefused,
    MemberAlready,
)
from alpheus.shops.brand.found import agree, found, invite_owner
from alpheus.shops.brand.rules import Problem, Terms
from alpheus.shops.errors import ShopUnknown
from alpheus.shops.models import Shop
from alpheus.shops.offers.terms import terms as usual
from alpheus.values.errors import MoneyInvalid
from alpheus.values.money import Money, parse_money
from alpheus.web.countries import countries
from alpheus.web.guards import account_of, operators_only
from alpheus.web.prices import written
from alpheus.web.templatetags.words import locale
from alpheus.web.views.house import REFUSED, link_of

PROBLEMS: Mapping[Problem, tuple[str, Promise]] = {
    Problem.PRICE: (
        "price",
        gettext_lazy("Say how much. It is more than nothing; what costs nothing is free."),
    ),
    Problem.PAST: (
        "from_date",
        gettext_lazy("Choose today or a later day: what was asked before stays as it was."),
    ),
    Problem.ENDS: (
        "until",
        gettext_lazy("It does not end before it begins. Leave it empty if it has no end."),
    ),
}


@dataclass
class Typed:
    """What a form said, and what is wrong with it, by field."""

    label: str = ""
    country: str = ""
    email: str = ""
    price: str = ""
    from_date: str = ""
    until: str = ""
    wrong: dict[str, Promise | str] = field(default_factory=dict)


@require_http_methods(["GET", "HEAD", "POST"])
@operators_only
def page(request: HttpRequest) -> HttpResponse:
    """List labels' shops, and found one."""
    if request.method != "POST":
        return _page(request, _fresh())
    typed = _typed(request)
    terms = _terms(typed)
    if terms is None:
        return _page(request, typed)
    try:
        shop = found(
            operator=account_of(request),
            label=typed.label,
            country=typed.country,
            email=typed.email,
            terms=terms,
            answer=link_of(request),
            now=timezone.now(),
        )
    except LabelRefused:
        typed.wrong["label"] = _("A label needs a name and a country.")
    except LabelHasShop:
        typed.wrong["label"] = _("This label has a brand shop already.")
    except AddressRefused:
        typed.wrong["email"] = _("This is no e-mail address. They are asked by letter.")
    except AgreementRefused as error:
        name, text = PROBLEMS[error.problem]
        typed.wrong[name] = text
    else:
        messages.success(request, _("The shop is founded, and its owner is invited by letter."))
        return redirect("web:office-label", gid=shop.gid)
    return _page(request, typed)


@require_safe
@operators_only
def item(request: HttpRequest, gid: UUID) -> HttpResponse:
    """Show a label's shop: its agreements, its owner, its history."""
    return _item(request, _shop(gid), _fresh())


@require_POST
@operators_only
def agreement(request: HttpRequest, gid: UUID) -> HttpResponse:
    """Make another agreement."""
    shop, typed = _shop(gid), _typed(request)
    terms = _terms(typed)
    if terms is None:
        return _item(request, shop, typed)
    try:
        agree(operator=account_of(request), shop=gid, terms=terms, now=timezone.now())
    except AgreementRefused as error:
        name, text = PROBLEMS[error.problem]
        typed.wrong[name] = text
        return _item(request, shop, typed)
    messages.success(request, _("The agreement is made. The one before stays on record."))
    return redirect("web:office-label", gid=gid)


@require_POST
@operators_only
def owner(request: HttpRequest, gid: UUID) -> HttpResponse:
    """Invite somebody to own a label's shop."""
    shop, typed = _shop(gid), _typed(request)
    try:
        invite_owner(
            operator=account_of(request),
            shop=gid,
            email=typed.email,
            answer=link_of(request),
            now=timezone.now(),
        )
    except (AddressRefused, MemberAlready, InvitedTooMany) as error:
        fresh = _fresh()
        fresh.email, fresh.wrong = typed.email, {"email": REFUSED[type(error)]}
        return _item(request, shop, fresh)
    messages.success(request, _("They are invited. The letter's link holds for 14 days."))
    return redirect("web:office-label", gid=gid)


def _shop(gid: UUID) -> Shop:
    try:
        return queries.labels_shop(gid)
    except ShopUnknown as error:
        raise Http404 from error


def _today() -> date:
    return timezone.now().astimezone(UTC).date()


def _fresh() -> Typed:
    return Typed(price=f"{usual().track_price.decimal}", from_date=_today().isoformat())


def _typed(request: HttpRequest) -> Typed:
    given = request.POST

    def told(name: str) -> str:
        return given.get(name, "").strip()[:500]

    return Typed(
        label=told("label"),
        country=told("country"),
        email=told("email"),
        price=told("price"),
        from_date=told("from_date"),
        until=told("until"),
    )


def _terms(typed: Typed) -> Terms | None:
    """The agreement that was typed; None where something of it cannot be read, which is then said."""
    price, begins = _price(typed), _day(typed, "from_date")
    ends = _day(typed, "until") if typed.until else None
    return None if typed.wrong or price is None or begins is None else Terms(price, begins, ends)


def _price(typed: Typed) -> Money | None:
    try:
        return parse_money(typed.price, usual().reference, locale=locale())
    except MoneyInvalid:
        example = {"example": written(usual().track_price)}
        typed.wrong["price"] = _("Write the amount in digits, such as %(example)s.") % example
        return None


def _day(typed: Typed, name: str) -> date | None:
    try:
        return date.fromisoformat(getattr(typed, name))
    except ValueError:
        typed.wrong[name] = _("Choose a day.")
        return None


def _page(request: HttpRequest, typed: Typed) -> HttpResponse:
    return render(
        request,
        "web/labels/index.html",
        {
            "shops": queries.labels_shops(),
            "typed": typed,
            "countries": countries(),
            "currency": usual().reference,
        },
        status=HTTPStatus.UNPROCESSABLE_ENTITY if typed.wrong else HTTPStatus.OK,
    )


def _item(request: HttpRequest, shop: Shop, typed: Typed) -> HttpResponse:
    current = queries.agreement_on(shop, _today())
    return render(
        request,
        "web/labels/item.html",
        {
            "shop": shop,
            "agreements": [
                (it.agreement, written(it.agreement.terms.price), it.by, it.agreement == current)
                for it in reversed(queries.agreements_of(shop))
            ],
            "invitations": queries.invitations_of(shop, now=timezone.now()),
            "members": queries.members_of(shop),
            "history": queries.history_of(shop),
            "typed": typed,
            "currency": usual().reference,
        },
        status=HTTPStatus.UNPROCESSABLE_ENTITY if typed.wrong else HTTPStatus.OK,
    )

"""Behind a musician's shop: the details of who is paid, and the shop itself."""

from collections.abc import Mapping
from http import HTTPStatus
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from alpheus.catalogue.artwork import BYTES_MAX
from alpheus.mail.addresses import absolute
from alpheus.parties import details
from alpheus.parties.errors import DetailsRefused, DetailsUnknown
from alpheus.parties.rules import Problem
from alpheus.shops import keep_shop, queries
from alpheus.shops.errors import (
    HandleRefused,
    HandleTaken,
    HeaderUnfit,
    NotReady,
    NotSoldHere,
    NotStanding,
)
from alpheus.shops.feature import feature
from alpheus.shops.models import Shop
from alpheus.shops.rules import HandleProblem, Kind, Lacking, May, State
from alpheus.shops.seats import Seat
from alpheus.shops.set_header import set_header
from alpheus.submissions.give_details import give_details
from alpheus.submissions.terms import terms
from alpheus.web.countries import countries
from alpheus.web.guards import account_of, members_only
from alpheus.web.seats import seat_here, shop_here

PROBLEMS: Mapping[Problem, Promise] = {
    Problem.MISSING: gettext_lazy("This is needed."),
    Problem.UNKNOWN: gettext_lazy("Choose one of the list."),
    Problem.IBAN: gettext_lazy("This IBAN is not right: a character is wrong or missing."),
    Problem.ACCOUNT: gettext_lazy("An account number has 5 to 34 letters and digits."),
    Problem.ALIPAY: gettext_lazy("An Alipay account is an e-mail address or a telephone number."),
}
HANDLE_PROBLEMS: Mapping[HandleProblem, Promise] = {
    HandleProblem.FORM: gettext_lazy(
        "Two to thirty letters a to z and digits; a dash, a dot or a line between them."
    ),
    HandleProblem.RESERVED: gettext_lazy("This word belongs to the house. Choose another."),
}
TAKEN = gettext_lazy("Another shop has this address, or yours is open under another one.")
NAME_TAKEN = gettext_lazy("Another shop sells under this artist's name. Write to the operator.")
NOT_READY: Mapping[Lacking, Promise] = {
    Lacking.PIECE: gettext_lazy("A recording of yours is accepted"),
    Lacking.DETAILS: gettext_lazy("Your details are given"),
    Lacking.HANDLE: gettext_lazy("The shop has an address"),
}
HEADER_UNFIT = gettext_lazy(
    "This cannot be the picture above your shop's name. Choose a JPEG, PNG, WebP or AVIF: at least 320 pixels on its shorter "
    "side, at most 8,000 by 8,000 pixels and 32 MiB."
)
HUES = range(0, 360, 30)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@members_only
@reauthentication_required  # type: ignore[untyped-decorator] # allauth ships no types
def details_page(request: HttpRequest) -> HttpResponse:
    """Show an account's own details, and keep what is changed: whoever sees them proved anew who they are."""
    account = account_of(request)
    wrong: Mapping[str, Promise] = {}
    if request.method == "POST":
        try:
            give_details(account=account, fields=request.POST.dict(), now=timezone.now())
        except DetailsRefused as error:
            wrong = {name: PROBLEMS[problem] for name, problem in error.problems.items()}
        else:
            messages.success(request, _("Your details are kept. Only you and accountants can read them."))
            return redirect("web:studio-shop" if seat_here(request) else "web:studio")
    return render(
        request,
        "web/studio/details.html",
        {
            "given": request.POST if wrong else _own(request),
            "wrong": wrong,
            "countries": countries(),
            "seen": details.seen(account),
            "is_given": details.are_given(account),
        },
        status=HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK,
    )


def _own(request: HttpRequest) -> Mapping[str, str]:
    try:
        return details.own(account_of(request)).fields
    except DetailsUnknown:
        seat = seat_here(request)
        shop = seat.shop if seat else None
        return {"country": shop.country} if shop else {}


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def shop_page(request: HttpRequest) -> HttpResponse:
    """Show a musician their shop, and keep what they change of it."""
    if request.method != "POST":
        return _shop(request)
    shop = shop_here(request, May.PAGE).gid
    # First, so that an address that cannot be had loses nothing of what else was typed.
    fields = {name: request.POST[name] for name in ("biography", "links", "hue") if name in request.POST}
    keep_shop.describe(owner=account_of(request), shop=shop, fields=fields)
    try:
        if "handle" in request.POST:
            keep_shop.name_address(owner=account_of(request), shop=shop, handle=request.POST["handle"])
    except HandleRefused as error:
        return _shop(request, wrong=HANDLE_PROBLEMS[error.problem])
    except HandleTaken as error:
        return _shop(request, wrong=TAKEN, free=error.free)
    messages.success(request, _("Your shop is kept as you wrote it."))
    return redirect("web:studio-shop")


@require_POST
@members_only
def open_shop(request: HttpRequest) -> HttpResponse:
    """Open the shop."""
    shop = shop_here(request, May.OPEN).gid
    try:
        keep_shop.open_shop(owner=account_of(request), shop=shop, now=timezone.now())
    except NotReady:
        return _shop(request, refused=_("Something is left to do before it opens."))
    except NotSoldHere:
        return _shop(request, refused=NAME_TAKEN)
    messages.success(request, _("Your shop is open."))
    return redirect("web:studio-shop")


@require_POST
@members_only
def close_shop(request: HttpRequest) -> HttpResponse:
    """Close the shop."""
    shop = shop_here(request, May.CLOSE).gid
    keep_shop.close_shop(owner=account_of(request), shop=shop, now=timezone.now())
    messages.success(request, _("Your shop is closed. Open it again whenever you like."))
    return redirect("web:studio-shop")


@require_POST
@members_only
def order(request: HttpRequest) -> HttpResponse:
    """Move a release up in the shop's order."""
    shop = shop_here(request, May.PAGE)
    gids = [it.gid for it in queries.releases_of(shop)]
    moved = next((gid for gid in gids if str(gid) == request.POST.get("up")), None)
    if moved is not None:
        keep_shop.put_in_order(owner=account_of(request), shop=shop.gid, releases=_moved_up(gids, moved))
    return redirect("web:studio-shop")


@require_POST
@members_only
def feature_one(request: HttpRequest) -> HttpResponse:
    """Choose what the shop's page shows first."""
    shop = shop_here(request, May.PAGE).gid
    try:
        feature(owner=account_of(request), shop=shop, thing=_thing(request.POST.get("thing", "")))
    except (NotStanding, ValueError):
        return _shop(request, refused=_("It does not stand in the shop any more. Choose another."))
    messages.success(request, _("Your shop is kept as you wrote it."))
    return redirect("web:studio-shop")


@require_POST
@members_only
def header(request: HttpRequest) -> HttpResponse:
    """Give the shop the picture above its name, or take it away."""
    shop = shop_here(request, May.PAGE).gid
    image = None if "remove" in request.POST else _image(request.FILES.get("image"))
    try:
        set_header(owner=account_of(request), shop=shop, image=image, blobs=terms().blobs())
    except HeaderUnfit:
        return _shop(request, unfit=HEADER_UNFIT)
    messages.success(request, _("Your shop is kept as you wrote it."))
    return redirect("web:studio-shop")


def _image(sent: object) -> bytes:
    """What was sent; nothing of what is too large, or no file: that is no picture."""
    fits = isinstance(sent, UploadedFile) and (sent.size or 0) <= BYTES_MAX
    return bytes(sent.read()) if fits and isinstance(sent, UploadedFile) else b""


def _thing(gid: str) -> UUID | None:
    return UUID(gid) if gid else None


def _moved_up(gids: list[UUID], moved: UUID) -> list[UUID]:
    place = gids.index(moved)
    others = [gid for gid in gids if gid != moved]
    return [*others[: max(place - 1, 0)], moved, *others[max(place - 1, 0) :]]


def _shop(
    request: HttpRequest,
    *,
    wrong: Promise | str = "",
    free: str = "",
    refused: Promise | str = "",
    unfit: Promise | str = "",
) -> HttpResponse:
    seat = seat_here(request)
    if seat is None:
        raise Http404
    shop = seat.shop
    left = keep_shop.lacking(shop)
    return render(
        request,
        "web/studio/shop.html",
        {
            "shop": shop,
            "handle": request.POST.get("handle", request.GET.get("handle", shop.handle or "")),
            "wrong": wrong,
            "free": free,
            "refused": refused,
            "unfit": unfit,
            "seat": seat,
            "may": {it.value: seat.may(it) for it in May},
            "steps": [(NOT_READY[it], it not in left, _where(it, seat)) for it in _steps(shop)],
            "may_open": not left and shop.state != State.OPEN and seat.may(May.OPEN),
            "pieces": queries.pieces_of(shop),
            "is_left": shop.kind != Kind.BRAND and keep_shop.was_filled(shop),
            "featurable": queries.featurable(shop),
            "featured": queries.featured_of(shop),
            "hues": HUES,
            "address": _address(request, shop),
        },
        status=HTTPStatus.CONFLICT
        if refused
        else HTTPStatus.UNPROCESSABLE_ENTITY
        if wrong or unfit
        else HTTPStatus.OK,
    )


def _address(request: HttpRequest, shop: Shop) -> str:
    """The shop's address as people write it; its place where it has none yet."""
    return (
        absolute(request, reverse("web:shop", args=[shop.handle or "-"]))
        .partition("://")[2]
        .removesuffix("-")
    )


def _steps(shop: Shop) -> list[Lacking]:
    """What is asked of it: music only of an independent's in which none stood yet."""
    may_be_empty = shop.kind == Kind.BRAND or keep_shop.was_filled(shop)
    return [it for it in Lacking if not may_be_empty or it is not Lacking.PIECE]


def _where(lacking: Lacking, seat: Seat) -> str:
    """Details are given by who is paid: of a label, the owner whom it is written to."""
    own = lacking is Lacking.DETAILS and seat.may(May.OWNERS)
    return reverse("web:studio-details") if own else ""

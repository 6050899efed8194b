"""Behind a label's shop: its members and their roles, invitations, and the artists on its roster."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from alpheus.mail.addresses import absolute
from alpheus.parties.models import Account
from alpheus.shops.brand import queries
from alpheus.shops.brand.answer import answer, invitation_by
from alpheus.shops.brand.errors import (
    AddressRefused,
    ArtistElsewhere,
    ArtistRefused,
    InvitationElsewhere,
    InvitationOver,
    InvitationUnknown,
    InvitedTooMany,
    LastOwner,
    MemberAlready,
    MemberUnknown,
)
from alpheus.shops.brand.invite import invite, withdraw
from alpheus.shops.brand.members import change_role, hand_on, leave, remove
from alpheus.shops.brand.models import Invitation
from alpheus.shops.brand.models import Role as RoleName
from alpheus.shops.brand.roster import add_artist
from alpheus.shops.brand.rules import State, standing
from alpheus.shops.errors import ShopError
from alpheus.shops.models import Shop
from alpheus.shops.rules import Kind, May, Role
from alpheus.shops.seats import Seat, seat_of
from alpheus.web.guards import account_of, members_only
from alpheus.web.seats import choose, seat_here, shop_here

SAYS: Mapping[Role, Promise] = {
    Role.OWNER: gettext_lazy("Does everything: members, details, closing the shop."),
    Role.MANAGER: gettext_lazy("Does everything but name owners and close the shop."),
    Role.EDITOR: gettext_lazy("Hands in releases and writes the shop's page."),
    Role.BOOKKEEPER: gettext_lazy("Reads prices, splits and audience, and changes nothing."),
}
REFUSED: Mapping[type[ShopError], Promise] = {
    AddressRefused: gettext_lazy("This is no e-mail address. They are asked by letter."),
    MemberAlready: gettext_lazy("They belong to this shop already. Change their role instead."),
    InvitedTooMany: gettext_lazy(
        "Many were invited today, or there are 100 members. Invite the others tomorrow."
    ),
    InvitationOver: gettext_lazy("This invitation was answered before. Nothing was changed."),
    LastOwner: gettext_lazy("A shop is never without an owner. Hand the ownership on first."),
    ArtistRefused: gettext_lazy("Write the artist's name."),
    ArtistElsewhere: gettext_lazy(
        "They have a shop of their own, or are on a label's roster. Invite them to move: they say so themselves."
    ),
}
ELSEWHERE = gettext_lazy(
    "This invitation was sent to another address than yours. Sign in with that one, or ask for an invitation to yours."
)
OVER: Mapping[State, Promise] = {
    State.ACCEPTED: gettext_lazy("This invitation was accepted."),
    State.DECLINED: gettext_lazy("This invitation was declined. Ask for a new one if that was a mistake."),
    State.WITHDRAWN: gettext_lazy("This invitation was withdrawn, or a newer letter has another link."),
    State.EXPIRED: gettext_lazy("This invitation ran out. Ask for a new one."),
}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def members(request: HttpRequest) -> HttpResponse:
    """Show who belongs to a label's shop and what was done about them, and invite somebody."""
    shop = shop_here(request, May.SEE)
    if shop.kind != Kind.BRAND:
        return _elsewhere(request)
    if request.method != "POST":
        return _members(request, shop)
    role, email = _role(request), request.POST.get("email", "")
    try:
        invite(
            by=account_of(request),
            shop=shop.gid,
            email=email,
            role=role,
            answer=link_of(request),
            now=timezone.now(),
        )
    except (AddressRefused, MemberAlready, InvitedTooMany) as error:
        return _members(request, shop, wrong=REFUSED[type(error)])
    messages.success(request, _("They are invited. The letter's link holds for 14 days."))
    return redirect("web:studio-members")


@require_POST
@members_only
def role(request: HttpRequest, gid: UUID) -> HttpResponse:
    """Give a member another role."""
    shop, chosen = _brand(request, May.MEMBERS), _role(request)
    return _done(
        request,
        lambda: change_role(
            by=account_of(request),
            shop=shop.gid,
            member=gid,
            role=chosen,
            link=absolute(request, reverse("web:studio-members")),
            now=timezone.now(),
        ),
        _("Their role is changed."),
    )


@require_POST
@members_only
def remove_member(request: HttpRequest, gid: UUID) -> HttpResponse:
    """Remove a member."""
    shop = _brand(request, May.MEMBERS)
    return _done(
        request,
        lambda: remove(by=account_of(request), shop=shop.gid, member=gid, now=timezone.now()),
        _("They belong to the shop no more."),
    )


@require_POST
@members_only
def hand_on_shop(request: HttpRequest, gid: UUID) -> HttpResponse:
    """Make a member the owner in one's own place."""
    shop = _brand(request, May.OWNERS)
    return _done(
        request,
        lambda: hand_on(
            by=account_of(request),
            shop=shop.gid,
            member=gid,
            link=absolute(request, reverse("web:studio-shop")),
            account_link=absolute(request, reverse("web:account")),
            now=timezone.now(),
        ),
        _("The shop is theirs now. You manage it."),
    )


@require_POST
@members_only
def withdraw_invitation(request: HttpRequest, gid: UUID) -> HttpResponse:
    """Take an invitation back."""
    shop = _brand(request, May.MEMBERS)
    return _done(
        request,
        lambda: withdraw(by=account_of(request), shop=shop.gid, invitation=gid, now=timezone.now()),
        _("The invitation is withdrawn. Its link holds no more."),
    )


@require_POST
@members_only
def leave_shop(request: HttpRequest) -> HttpResponse:
    """Leave the shop."""
    shop = _brand(request, May.SEE)
    try:
        leave(account=account_of(request), shop=shop.gid, now=timezone.now())
    except LastOwner as error:
        return _members(request, shop, refused=REFUSED[type(error)])
    messages.success(request, _("You belong to the shop no more."))
    return redirect("web:studio")


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def roster(request: HttpRequest) -> HttpResponse:
    """Show the artists of a label, and add one by name."""
    shop = shop_here(request, May.SEE)
    if shop.kind != Kind.BRAND:
        return _elsewhere(request)
    wrong: Promise | str = ""
    if request.method == "POST":
        try:
            add_artist(
                by=account_of(request), shop=shop.gid, name=request.POST.get("name", ""), now=timezone.now()
            )
        except (ArtistRefused, ArtistElsewhere) as error:
            wrong = REFUSED[type(error)]
        else:
            messages.success(request, _("The artist is on your roster."))
            return redirect("web:studio-roster")
    return render(
        request,
        "web/studio/roster.html",
        {
            "shop": shop,
            "rows": queries.roster_of(shop),
            "may_add": _seat(request).may(May.ROSTER),
            "name": request.POST.get("name", ""),
            "wrong": wrong,
        },
        status=HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK,
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """Show what a letter's link is about, and take the answer of whoever is signed in."""
    try:
        row = invitation_by(secret)
    except InvitationUnknown as error:
        raise Http404 from error
    account = request.user if isinstance(request.user, Account) else None
    refused: Promise | str = ""
    if request.method == "POST" and account is not None:
        accepts = request.POST.get("answer") == "accept"
        try:
            answer(account=account, secret=secret, accepts=accepts, now=timezone.now())
        except InvitationOver as error:
            refused = OVER[error.state]
        except InvitationElsewhere:
            refused = ELSEWHERE
        else:
            return _answered(request, row, accepts=accepts)
    return render(
        request,
        "web/join.html",
        {
            "invitation": row,
            "says": SAYS[Role(row.role)],
            "over": OVER.get(standing(State(row.state), until=row.until, now=timezone.now()), ""),
            "elsewhere": account is not None and account.email.casefold() != row.email.casefold(),
            "is_member": account is not None and seat_of(account, row.shop.gid) is not None,
            "refused": refused,
            "here": reverse("web:join", args=[secret]),
        },
        status=HTTPStatus.CONFLICT if refused else HTTPStatus.OK,
    )


def link_of(request: HttpRequest) -> Callable[[str], str]:
    """Where the holder of a secret answers an invitation."""
    return lambda secret: absolute(request, reverse("web:join", args=[secret]))


def _answered(request: HttpRequest, row: Invitation, *, accepts: bool) -> HttpResponse:
    if not accepts:
        messages.success(request, _("Declined. Nothing else happens."))
        return redirect("web:home")
    choose(request, row.shop.gid)
    messages.success(request, _("Welcome. You work for %(shop)s here now.") % {"shop": row.shop.name})
    return redirect("web:studio")


def _done(request: HttpRequest, act: Callable[[], object], told: str) -> HttpResponse:
    """Do something about a member and say so; what is refused is said on the same page."""
    try:
        act()
    except (MemberUnknown, InvitationUnknown) as error:
        raise Http404 from error
    except (LastOwner, InvitationOver) as error:
        return _members(request, _brand(request, May.SEE), refused=REFUSED[type(error)])
    messages.success(request, told)
    return redirect("web:studio-members")


def _elsewhere(request: HttpRequest) -> HttpResponse:
    """Lead who works for an independent's shop to where they may choose a label's.

    Raises:
        Http404: they did something: it was meant for a label's.
    """
    if request.method == "POST":
        raise Http404
    return redirect("web:studio")


def _brand(request: HttpRequest, what: May) -> Shop:
    """The label's shop in which somebody may do this.

    Raises:
        Http404: they work for a shop that has no members.
    """
    shop = shop_here(request, what)
    if shop.kind != Kind.BRAND:
        raise Http404
    return shop


def _seat(request: HttpRequest) -> Seat:
    seat = seat_here(request)
    if seat is None:
        raise Http404
    return seat


def _role(request: HttpRequest) -> Role:
    """Which role was chosen; the least where it is none of the list."""
    given = request.POST.get("role", "")
    return Role(given) if given in set(Role) else Role.BOOKKEEPER


def _members(
    request: HttpRequest, shop: Shop, *, wrong: Promise | str = "", refused: Promise | str = ""
) -> HttpResponse:
    seat = _seat(request)
    gives = [it for it in Role if seat.may(May.OWNERS) or it is not Role.OWNER]
    return render(
        request,
        "web/studio/members.html",
        {
            "shop": shop,
            "may_manage": seat.may(May.MEMBERS),
            "may_own": seat.may(May.OWNERS),
            "members": queries.members_of(shop),
            "invitations": queries.invitations_of(shop, now=timezone.now()) if seat.may(May.MEMBERS) else [],
            "history": queries.history_of(shop),
            "roles": [(it.value, RoleName(it.value).label, SAYS[it]) for it in gives],
            "email": request.POST.get("email", ""),
            "chosen": _role(request).value if request.method == "POST" else Role.EDITOR.value,
            "wrong": wrong,
            "refused": refused,
        },
        status=HTTPStatus.CONFLICT
        if refused
        else HTTPStatus.UNPROCESSABLE_ENTITY
        if wrong
        else HTTPStatus.OK,
    )

"""Artists' moves between label and independence: asked for, seen before and after, answered."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
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
from django.views.decorators.http import require_POST, require_safe

from alpheus.mail.addresses import absolute
from alpheus.parties.know_artist import artist_key
from alpheus.parties.models import Artist
from alpheus.shops.brand.errors import AddressRefused
from alpheus.shops.errors import ShopError, ShopUnknown
from alpheus.shops.moves import queries
from alpheus.shops.moves.answer import decline, withdraw
from alpheus.shops.moves.ask import ask
from alpheus.shops.moves.errors import MoveAskedAlready, MoveHindered, MoveOver, MoveRefused, MoveUnknown
from alpheus.shops.moves.models import Move, MoveStep
from alpheus.shops.moves.rules import Conflict, State
from alpheus.shops.queries import shop_at
from alpheus.shops.rules import Kind, May, fit_handle
from alpheus.submissions.move_artist import agree
from alpheus.values.text import line
from alpheus.web.guards import account_of, members_only
from alpheus.web.seats import shop_here

HINDERED: Mapping[Conflict, Promise] = {
    Conflict.GONE: gettext_lazy(
        "They are somewhere else by now: another move was quicker. Nothing was changed."
    ),
    Conflict.CLOSED: gettext_lazy("A shop in it is closed. When it opens again, this can be done."),
    Conflict.IN_AUDIT: gettext_lazy(
        "A release of theirs is being heard, or waits for its day. When it is out or withdrawn, this can be done."
    ),
    Conflict.NO_SHOP: gettext_lazy(
        "Whoever is to run the artist sells another one in their own shop, or their account is gone."
    ),
}
REFUSED: Mapping[type[ShopError], Promise] = {
    MoveRefused: gettext_lazy(
        "Nobody by this name or address can move so: they sell nowhere here, are there already, or nobody is known who runs them."
    ),
    MoveAskedAlready: gettext_lazy("This was asked already, and waits for an answer."),
    ShopUnknown: gettext_lazy("There is no open shop at this address."),
    AddressRefused: gettext_lazy("This is no e-mail address. They are asked by letter."),
}


@dataclass(frozen=True)
class Line:
    """A move as lists show it."""

    move: Move
    waits_for_me: bool


@require_safe
@members_only
def page(request: HttpRequest) -> HttpResponse:
    """Show an account's moves, as who runs the artist and for the labels whose roster it keeps."""
    account = account_of(request)
    rows = queries.moves_of(account)
    lines = [Line(it, bool(queries.awaited(it) & queries.sides_of(account, it))) for it in rows]
    return render(request, "web/studio/moves.html", {"lines": lines, "runs": queries.run_by(account)})


@never_cache
@require_safe
@members_only
def item(request: HttpRequest, gid: UUID) -> HttpResponse:
    """Show exactly what moves and what stays; once it is done, what moved."""
    return _item(request, gid)


@require_POST
@members_only
def invite(request: HttpRequest) -> HttpResponse:
    """A label invites an artist, by the address of their shop or by name."""
    shop = shop_here(request, May.ROSTER)
    if shop.kind != Kind.BRAND:
        raise Http404
    return _asked(request, _meant(request.POST.get("artist", "")), to=shop.gid, back="web:studio-roster")


@require_POST
@members_only
def leave(request: HttpRequest) -> HttpResponse:
    """A label lets an artist go, or who runs the artist asks to: into independence, or to the label at an address."""
    given = fit_handle(line(request.POST.get("to", ""), limit=40))
    try:
        to = shop_at(given).gid if given else None
    except ShopUnknown:
        messages.error(request, str(REFUSED[ShopUnknown]))
        return redirect("web:studio-moves")
    return _asked(request, _gid(request.POST.get("artist", "")), to=to, back="web:studio-moves")


@require_POST
@members_only
def reply(request: HttpRequest, gid: UUID) -> HttpResponse:
    """Say yes or no, or take a yes back."""
    verbs: Mapping[str, tuple[Callable[..., Move], str]] = {
        "agree": (agree, _("You agreed.")),
        "decline": (decline, _("Declined. Everything stays as it was.")),
        "withdraw": (withdraw, _("It is taken back. Everything stays as it was.")),
    }
    chosen = request.POST.get("answer", "")
    if chosen not in verbs:
        raise Http404
    verb, told = verbs[chosen]
    try:
        move = verb(by=account_of(request), gid=gid, now=timezone.now())
    except MoveUnknown as error:
        raise Http404 from error
    except MoveOver:
        return _item(request, gid, refused=_("This was settled before. Nothing was changed."))
    except MoveHindered as error:
        return _item(request, gid, refused=HINDERED[error.conflict])
    messages.success(request, _("All agreed: it is done.") if move.state == State.MOVED else told)
    return redirect("web:studio-move", gid=gid)


def _asked(request: HttpRequest, artist: UUID | None, *, to: UUID | None, back: str) -> HttpResponse:
    """Ask for a move, and lead to its page; what is refused is said where it was asked."""
    try:
        if artist is None:
            raise MoveRefused  # noqa: TRY301 - the same sentence as for one who cannot move
        move = ask(
            by=account_of(request),
            artist=artist,
            to=to,
            takes_releases=request.POST.get("releases") == "move",
            email=request.POST.get("email", ""),
            link=lambda gid: absolute(request, reverse("web:studio-move", args=[gid])),
            now=timezone.now(),
        )
    except (MoveRefused, MoveAskedAlready, ShopUnknown, AddressRefused) as error:
        messages.error(request, str(REFUSED[type(error)]))
        return redirect(back)
    messages.success(request, _("Asked. Everybody in it gets a letter."))
    return redirect("web:studio-move", gid=move.gid)


def _meant(text: str) -> UUID | None:
    """Whom an address or a name means."""
    given = line(text, limit=500).strip()
    try:
        shop = shop_at(fit_handle(given.rpartition("/")[2]))
    except ShopUnknown:
        rows = Artist.objects.filter(key=artist_key(given)).order_by("pk")
        return next((it.gid for it in rows if queries.whereabouts(it) is not None), None)
    return shop.artist.gid if shop.artist is not None else None


def _gid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _item(request: HttpRequest, gid: UUID, *, refused: Promise | str = "") -> HttpResponse:
    account = account_of(request)
    try:
        move = queries.move_for(account, gid)
    except MoveUnknown as error:
        raise Http404 from error
    awaited, own = queries.awaited(move), queries.sides_of(account, move)
    steps = queries.history(move)
    return render(
        request,
        "web/studio/move.html",
        {
            "move": move,
            "releases": queries.releases_to_move(move),
            "moved": next((it.step for it in steps if it.step.event == "move"), None),
            "steps": steps,
            "awaited": [MoveStep.Side(it.value).label for it in sorted(awaited)],
            "may_answer": bool(awaited & own),
            "may_withdraw": move.state == State.ASKED and bool(own - awaited),
            "refused": refused,
        },
        status=HTTPStatus.CONFLICT if refused else HTTPStatus.OK,
    )

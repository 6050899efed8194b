"""Splits: a shop's owner proposes how income is shared, everyone in it answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date
from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
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
from alpheus.shops.models import Shop
from alpheus.shops.queries import every_piece_of
from alpheus.shops.rules import Kind, May
from alpheus.shops.seats import works_in
from alpheus.shops.splits import queries
from alpheus.shops.splits.answer import answer
from alpheus.shops.splits.errors import SplitPending, SplitRefused, SplitSettled, SplitUnknown
from alpheus.shops.splits.models import Split
from alpheus.shops.splits.propose import Links, propose, withdraw
from alpheus.shops.splits.rules import PEOPLE_MAX, Person, Problem, State
from alpheus.values.errors import ShareInvalid
from alpheus.values.share import Share, parse_share, write_share
from alpheus.values.text import line
from alpheus.web.guards import account_of, members_only
from alpheus.web.seats import seat_here, shop_here
from alpheus.web.templatetags.words import locale

PROBLEMS: Mapping[Problem, Promise] = {
    Problem.NOTHING: gettext_lazy("Choose at least one recording of yours."),
    Problem.NOBODY: gettext_lazy("Name at least one other person, with an e-mail address."),
    Problem.TOO_MANY: gettext_lazy("A split has at most twenty people."),
    Problem.TWICE: gettext_lazy("Everyone has one share: an address stands here twice, or it is your own."),
    Problem.SUM: gettext_lazy("All shares together must be exactly 100%."),
    Problem.FLOOD: gettext_lazy("You asked many people today already. Ask the others tomorrow."),
    Problem.PAST: gettext_lazy(
        "Choose today or a later day: what was earned before stays as it was divided."
    ),
}
PENDING = gettext_lazy("A split of one of these recordings waits for answers. Withdraw it first.")
SETTLED = gettext_lazy("This was answered or taken back before. Nothing was changed.")
ROWS = 2
"""Lines for people at first."""


@dataclass
class Row:
    """One person as they were typed."""

    name: str = ""
    email: str = ""
    share: str = ""
    wrong: Promise | str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed in it."""
        return not (self.name or self.email or self.share)


@dataclass
class Typed:
    """What the form said, and what is wrong with it."""

    chosen: frozenset[str] = frozenset()
    own: str = ""
    from_date: str = ""
    rows: list[Row] = field(default_factory=lambda: [Row() for _ in range(ROWS)])
    wrong: Promise | str = ""


@dataclass(frozen=True)
class Shown:
    """A split as pages show it."""

    split: Split
    shares: Sequence[tuple[str, str, str, bool]]
    """Who has how much, what they said, and whether that is yes."""
    titles: Sequence[tuple[str, str]]
    """With their languages."""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def page(request: HttpRequest) -> HttpResponse:
    """Show an account's splits, and propose one."""
    seat = seat_here(request)
    if request.method != "POST":
        may_see = seat is not None and seat.may(May.SEE_SPLITS)
        shop = seat.shop if seat and may_see else None
        return _page(request, shop, Typed(from_date=_today().isoformat()))
    if seat is None:
        return redirect("web:studio-splits")
    shop = shop_here(request, May.SPLITS)
    typed = _typed(request)
    if "more" in request.POST:
        typed.rows.append(Row())
        return _page(request, shop, typed)
    if not _proposed(request, shop, typed):
        return _page(request, shop, typed, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    messages.success(request, _("Everyone in it was written to. It counts once all have accepted."))
    return redirect("web:studio-splits")


@require_POST
@members_only
def take_back(request: HttpRequest, gid: UUID) -> HttpResponse:
    """Withdraw a proposal."""
    try:
        withdraw(owner=account_of(request), gid=gid, now=timezone.now())
    except SplitUnknown as error:
        raise Http404 from error
    except SplitSettled:
        messages.error(request, str(SETTLED))
    else:
        messages.success(request, _("It is taken back. Everything stays as it was."))
    return redirect("web:studio-splits")


@require_POST
@members_only
def reply(request: HttpRequest, gid: UUID) -> HttpResponse:
    """Accept or decline one's own share."""
    try:
        part = queries.part_of(account_of(request), gid)
        answer(account=account_of(request), part=part, accepts=_accepts(request), now=timezone.now())
    except SplitUnknown as error:
        raise Http404 from error
    except SplitSettled:
        messages.error(request, str(SETTLED))
    else:
        messages.success(request, _thanked(request))
    return redirect("web:studio-splits")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def asked(request: HttpRequest, secret: str) -> HttpResponse:
    """Show what a letter's link is about, and take the answer of whoever is signed in."""
    try:
        part = queries.part_by(secret)
    except SplitUnknown as error:
        raise Http404 from error
    account = request.user if isinstance(request.user, Account) else None
    refused: Promise | str = ""
    if request.method == "POST" and account is not None:
        try:
            answer(account=account, part=part, accepts=_accepts(request), now=timezone.now())
        except SplitSettled:
            refused = SETTLED
        else:
            messages.success(request, _thanked(request))
            return redirect("web:studio-splits")
    return render(
        request,
        "web/split.html",
        {
            "part": part,
            "share": write_share(Share(part.parts), locale=locale()),
            "shown": _shown(part.split),
            "waits": part.split.state == State.PROPOSED and not part.answer,
            "refused": refused,
            "here": reverse("web:split", args=[secret]),
        },
        status=HTTPStatus.CONFLICT if refused else HTTPStatus.OK,
    )


def _accepts(request: HttpRequest) -> bool:
    return request.POST.get("answer") == "accept"


def _thanked(request: HttpRequest) -> str:
    if _accepts(request):
        return _("Accepted. It counts once everyone in it has accepted; you get a letter then.")
    return _("Declined. Whoever proposed it is told, and everything stays as it was.")


def _today() -> date:
    return timezone.now().astimezone(UTC).date()


def _typed(request: HttpRequest) -> Typed:
    given = request.POST
    columns = [given.getlist(name)[:PEOPLE_MAX] for name in ("name", "email", "share")]
    rows = [
        Row(line(name, limit=500), line(email, limit=320), line(share, limit=20))
        for name, email, share in zip(*columns, strict=False)
    ]
    return Typed(
        chosen=frozenset(given.getlist("recording")),
        own=line(given.get("own", ""), limit=20),
        from_date=given.get("from_date", "")[:10],
        rows=rows or [Row()],
    )


def _proposed(request: HttpRequest, shop: Shop, typed: Typed) -> bool:
    """Propose what was typed; what cannot be is said in it."""
    people = _people(shop, typed)
    day = _day(typed)
    if people is None or day is None:
        return False
    recordings = [it.recording.gid for it in every_piece_of(shop) if str(it.recording.gid) in typed.chosen]
    links = Links(
        splits=absolute(request, reverse("web:studio-splits")),
        answer=lambda secret: absolute(request, reverse("web:split", args=[secret])),
    )
    try:
        propose(
            owner=account_of(request),
            shop=shop.gid,
            recordings=recordings,
            people=people,
            from_date=day,
            links=links,
            now=timezone.now(),
        )
    except SplitRefused as error:
        typed.wrong = PROBLEMS[error.problem]
    except SplitPending:
        typed.wrong = PENDING
    return not typed.wrong


def _day(typed: Typed) -> date | None:
    try:
        return date.fromisoformat(typed.from_date)
    except ValueError:
        typed.wrong = typed.wrong or _("Choose from which day it is to count.")
        return None


def _people(shop: Shop, typed: Typed) -> list[Person] | None:
    """Everyone who was named, the owner first; None where something of it cannot be read, which is then said."""
    people = []
    if typed.own:
        owner = _share(typed.own)
        if owner is None:
            typed.wrong = _("Write your own share in percent, such as 50; leave it empty if you take none.")
            return None
        people.append(Person(_holder(shop), "", owner))
    for row in typed.rows:
        if not row.is_empty:
            people += _person(row)
    return None if any(row.wrong for row in typed.rows) else people


def _holder(shop: Shop) -> str:
    """As whom a shop has its own share: a musician by their name, a label by its own."""
    if shop.kind == Kind.BRAND:
        return shop.name
    return (shop.owner.name if shop.owner else "") or _("Owner of the shop")


def _person(row: Row) -> list[Person]:
    share = _share(row.share)
    if not row.name:
        row.wrong = _("Say who this is.")
    elif not _is_address(row.email):
        row.wrong = _("This is no e-mail address. They are asked by letter.")
    elif share is None:
        row.wrong = _("Write the share in percent, such as 25 or 33.33.")
    return [Person(row.name, row.email, share)] if share and not row.wrong else []


def _share(text: str) -> Share | None:
    try:
        return parse_share(text, locale=locale())
    except ShareInvalid:
        return None


def _is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


def _page(
    request: HttpRequest, shop: Shop | None, typed: Typed, *, status: HTTPStatus = HTTPStatus.OK
) -> HttpResponse:
    account = account_of(request)
    pieces = every_piece_of(shop) if shop else []
    own = queries.splits_of(shop) if shop else []
    today = _today()
    counting = [it for it in own if it.counts_from is not None and it.counts_from <= today]
    shared = {recording.pk for it in counting for recording in it.recordings.all()}
    return render(
        request,
        "web/studio/splits.html",
        {
            "shop": shop,
            "may_propose": shop is not None and works_in(account, shop, May.SPLITS),
            "pieces": [
                (it, str(it.recording.gid) in typed.chosen, it.recording_id in shared) for it in pieces
            ],
            "typed": typed,
            "may_more": len(typed.rows) < PEOPLE_MAX - 1,
            "today": today.isoformat(),
            "own": [(_shown(it), it.shop == shop) for it in own],
            "others": [
                (part, write_share(Share(part.parts), locale=locale()), _shown(part.split))
                for part in queries.parts_with(account)
            ],
        },
        status=status,
    )


def _shown(split: Split) -> Shown:
    return Shown(
        split,
        [
            (it.name, write_share(Share(it.parts), locale=locale()), it.get_answer_display(), bool(it.answer))
            for it in split.parts.all()
        ],
        [(it.title, it.language) for it in split.recordings.all()],
    )

"""Lay a sheet out: its releases become drafts, its rows tracks. In portions, and done again it changes nothing.

A row is known by the file that it names: in a corrected sheet its track stays, with the sound that was sent for it. What a
sheet does not name any more goes, as long as it is a draft; what is handed in is left alone.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import transaction

from alpheus.parties.know_artist import artist_key
from alpheus.shops.models import Shop
from alpheus.shops.offers.queries import currency_of_shop
from alpheus.submissions import rules as submission_rules
from alpheus.submissions.bulk import rules
from alpheus.submissions.bulk.bring_sheet import shop_of_intake
from alpheus.submissions.bulk.columns import Column
from alpheus.submissions.bulk.models import Entry, Intake, LaidOut
from alpheus.submissions.bulk.rules import Planned
from alpheus.submissions.bulk.sheet import Row, parse
from alpheus.submissions.bulk.whose import rostered_by_name
from alpheus.submissions.describe import FIELDS, TRACK_FIELDS
from alpheus.submissions.drop_sound import drop_sound
from alpheus.submissions.errors import ShopMissing
from alpheus.submissions.models import Submission, Track, Upload
from alpheus.submissions.rules import Kind, State
from alpheus.submissions.terms import Terms
from alpheus.values.money import Currency

PORTION = 25
"""Releases of one transaction: between them others write."""


def lay_out(*, intake: int, terms: Terms, now: Callable[[], datetime], portions: int = 8) -> bool:
    """Lay out what is left of a sheet, some portions of it. Returns whether anything is left."""
    rows = Intake.objects.select_related("account", "shop__label")
    row = rows.filter(pk=intake, state=Intake.State.LAYING_OUT).first()
    if row is None:
        return False
    try:
        shop = shop_of_intake(row)
    except ShopMissing:
        return False
    planned = rules.plan(parse(row.sheet))
    for _ in range(portions):
        some = planned[row.done : row.done + PORTION]
        with transaction.atomic():
            # Somebody may have brought another sheet meanwhile.
            locked = Intake.objects.select_for_update().get(pk=row.pk)
            if locked.state != Intake.State.LAYING_OUT or locked.done != row.done:
                return False
            _portion(row, shop, some, now())
            row.done += len(some)
            if row.done >= len(planned):
                _clear(row, {row.key for it in planned for row in _keys(it)}, terms)
                row.state, row.done = Intake.State.OPEN, 0
            row.save(update_fields=["done", "state"])
        if row.state == Intake.State.OPEN:
            _go_on_with_zips(row)
            return False
    return True


def _go_on_with_zips(row: Intake) -> None:
    """A zip that came before its sheet was corrected is looked through again."""
    from alpheus.submissions.tasks import unpack  # noqa: PLC0415 - the task's module imports this

    for upload in row.uploads.filter(state=Upload.State.WHOLE):
        unpack.enqueue(upload.pk)


class _Keyed:
    """A row with its file's key."""

    def __init__(self, row: Row) -> None:
        self.row, self.key = row, rules.file_key(row[Column.FILE])


def _keys(planned: Planned) -> list[_Keyed]:
    return [_Keyed(it) for it in planned.rows]


def _portion(intake: Intake, shop: Shop, some: Sequence[Planned], now: datetime) -> None:
    for planned in some:
        draft = _draft(intake, shop, planned, now)
        if draft.state == State.DRAFT:
            _tracks(intake, draft, planned, currency_of_shop(shop))


def _draft(intake: Intake, shop: Shop, planned: Planned, now: datetime) -> Submission:
    """The draft of a release, saying what the sheet says; what somebody typed beside that stays."""
    known = LaidOut.objects.filter(intake=intake, key=planned.key).select_related("submission").first()
    draft = (
        known.submission if known else Submission(account=intake.account, kind=Kind.RELEASE, created_at=now)
    )
    if known and draft.state != State.DRAFT:
        return draft
    draft.country, draft.links, draft.by_hand, draft.changed_at = shop.country, shop.links, True, now
    for name, text in rules.release_fields(planned.rows).items():
        setattr(draft, name, FIELDS[Kind.RELEASE][name](text))
    cell = rules.release_price(planned.rows)
    draft.price = rules.written_price(cell, currency_of_shop(shop)) if cell else draft.price
    draft.shop = intake.shop
    if intake.shop is not None and draft.release_id is None:
        draft.artist = rostered_by_name(intake.shop, draft.artist_name)
        draft.artist_name = draft.artist.name if draft.artist else ""
    draft.artist_key = artist_key(draft.artist_name)
    draft.due_at = submission_rules.due(draft.due_local, draft.zone)
    draft.prelisten_at = submission_rules.due(draft.prelisten_local, draft.zone)
    draft.save()
    cover = rules.file_key(rules.cover_of(planned.rows))
    LaidOut.objects.update_or_create(
        intake=intake, key=planned.key, defaults={"submission": draft, "cover_key": cover}
    )
    return draft


def _tracks(intake: Intake, draft: Submission, planned: Planned, currency: Currency) -> None:
    keyed = _keys(planned)
    entries = Entry.objects.filter(intake=intake, key__in=[it.key for it in keyed])
    known = {it.key: it for it in entries.select_related("track__submission")}
    for position, one in enumerate(keyed):
        entry = known.get(one.key) or Entry(intake=intake, key=one.key)
        track = entry.track
        if track is not None and track.submission.state != State.DRAFT:
            continue
        track = track or Track(submission=draft)
        track.submission, track.position = draft, position
        for name, text in rules.track_fields(one.row).items():
            setattr(track, name, TRACK_FIELDS[name](text))
        cell = one.row[Column.PRICE]
        track.price = rules.written_price(cell, currency) if cell else track.price
        track.save()
        entry.number, entry.file, entry.track = one.row.number, one.row[Column.FILE], track
        entry.save()


def _clear(intake: Intake, keys: set[str], terms: Terms) -> None:
    """Take out what the sheet does not name any more."""
    gone = Entry.objects.filter(intake=intake).select_related("track__submission", "track__recording__credit")
    for entry in gone.iterator(chunk_size=500):
        if entry.key in keys:
            continue
        if entry.track is not None and entry.track.submission.state == State.DRAFT:
            drop_sound(entry.track, terms)
            entry.track.delete()
        entry.delete()
    empty = Submission.objects.filter(laid_out__intake=intake, state=State.DRAFT, tracks=None)
    empty.delete()

"""Reads of this room, named by what they return."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import BooleanField, Count, Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL

from alpheus.catalogue.models import Asset, Cover, Recording
from alpheus.parties import traces
from alpheus.parties.details import alike
from alpheus.parties.models import Account, StaffRole
from alpheus.parties.queries import has_role, names_of
from alpheus.shops.models import Shop
from alpheus.shops.seats import has_part_in
from alpheus.submissions import rules
from alpheus.submissions.access import belonging_to, handled_by, of_shop, paid_to
from alpheus.submissions.errors import SubmissionUnknown
from alpheus.submissions.hearing.queries import HeardThat, heard_then
from alpheus.submissions.models import Claim, Evidence, Opinion, Step, Submission, Track, Upload, Words
from alpheus.submissions.rules import Event, Hindrance, Kind, Prelisten, Side, Standing, State

RECENT = 50
"""Decisions that tell what is usual lately."""
RECENT_AGE = timedelta(days=90)
SHOWN_MAX = 100


_WAITS = RawSQL("submissions_submission.state IN ('submitted', 'in_audit')", (), output_field=BooleanField())
"""rules.WAITING, written out: SQLite uses the queue's index only where the query says what the index says, word for word."""


@dataclass(frozen=True)
class Happened:
    """A step as pages show it."""

    step: Step
    words: str
    by: str
    """The name of who did it; empty once their account is erased."""
    is_applicant: bool
    heard: HeardThat | None
    """What whoever did it had heard by then; None where that is not kept of such a step."""

    @property
    def is_among_auditors(self) -> bool:
        """Whether it is not told to who waits."""
        return self.step.event in rules.AMONG_AUDITORS


@dataclass(frozen=True)
class Given:
    """A colleague's opinion as the one who decides reads it."""

    answer: Happened
    question: str
    leaning: str


@dataclass(frozen=True)
class AuditorFigures:
    """What one auditor decided lately."""

    name: str
    accepted: int
    refused: int
    reversed: int
    """Of their decisions, how many were opened again or appealed, and then decided otherwise."""


def is_auditor(account: Account | None) -> bool:
    """Whether an account hears what is handed in."""
    return has_role(account, StaffRole.Role.AUDITOR)


def own(account: Account, shop: Shop | None = None) -> QuerySet[Submission]:
    """What an account handed in for itself, or what its members handed in for a label's shop; the latest first."""
    return Submission.objects.filter(of_shop(account, shop)).order_by("-created_at", "-pk")


def own_one(account: Account, gid: UUID) -> Submission:
    """An account's submission, or one of a shop for which it hands releases in.

    Raises:
        SubmissionUnknown: there is none of theirs.
    """
    rows = Submission.objects.filter(handled_by(account))
    row = (
        rows.select_related("account", "shop", "artist", "cover", "release", "early").filter(gid=gid).first()
    )
    if row is None:
        raise SubmissionUnknown
    return row


def handed_in(gid: UUID) -> Submission:
    """A submission that auditors may see: anything but a draft.

    Raises:
        SubmissionUnknown: there is none.
    """
    rows = Submission.objects.exclude(state=State.DRAFT).select_related("account", "shop", "cover")
    row = rows.filter(gid=gid).first()
    if row is None:
        raise SubmissionUnknown
    return row


def tracks_of(row: Submission) -> list[Track]:
    """What is handed in, in order, with all that is needed to hear it and to tell how far its file is."""
    rows = row.tracks.select_related("recording__asset", "recording__credit")
    return list(rows.prefetch_related("uploads", "recording__asset__renditions"))


def track_of(row: Submission, gid: UUID) -> Track:
    """One of them.

    Raises:
        SubmissionUnknown: there is no such track in it.
    """
    found = next((it for it in tracks_of(row) if it.gid == gid), None)
    if found is None:
        raise SubmissionUnknown
    return found


def upload_of(track: Track) -> Upload | None:
    """What was uploaded last for a track."""
    return max(track.uploads.all(), key=lambda it: it.pk, default=None)


def happened(row: Submission, *, after: int = 0) -> list[Happened]:
    """What happened to a submission, in order; of it what came after the step of a number."""
    steps = list(Step.objects.filter(submission=row, number__gt=after))
    if not steps:
        return []  # which is what a page that waits for news most often hears
    said = dict(Words.objects.filter(submission=row, number__gt=after).values_list("number", "text"))
    names, heard = names_of(it.actor for it in steps), heard_then(row)
    return [
        Happened(
            it,
            said.get(it.number, ""),
            names.get(it.actor, ""),
            rules.SIDES[Event(it.event)] is Side.APPLICANT,
            heard.get(it.number),
        )
        for it in steps
    ]


def last_said(row: Submission, event: Event) -> str:
    """What was said the last time that an event happened; empty where it did not."""
    steps = Step.objects.filter(submission=row, event=event.value).order_by("-number")
    last = steps.values_list("number", flat=True).first()
    if last is None:
        return ""
    return Words.objects.filter(submission=row, number=last).values_list("text", flat=True).first() or ""


def usual_wait(*, now: datetime) -> timedelta | None:
    """How long decisions have taken lately: the median; None where too few were made to say."""
    recent = Submission.objects.filter(decided_at__gt=now - RECENT_AGE, submitted_at__isnull=False)
    times = recent.order_by("-decided_at").values_list("submitted_at", "decided_at")[:RECENT]
    return rules.usual_wait([decided - since for since, decided in times if since and decided])


def queue() -> QuerySet[Submission]:
    """What waits for a decision, the longest first; with who has it on the desk."""
    waiting = Submission.objects.filter(_WAITS)
    rows = waiting.select_related("account", "claim__auditor").order_by("submitted_at", "pk")
    return rows.prefetch_related("tracks__recording")


def queue_for(auditor: Account, *, now: datetime) -> list[Submission]:
    """What an auditor may take or has, the longest waiting first: not their own, not on another's desk."""
    rows = _not_hindered(queue(), auditor)
    on_other_desks = Claim.objects.filter(submission=OuterRef("pk"), until__gt=now).exclude(auditor=auditor)
    asked = _asked_by(auditor, now=now).filter(submission=OuterRef("pk"))
    found = list(rows.exclude(Exists(on_other_desks)).exclude(Exists(asked))[:SHOWN_MAX])
    back = {it.pk for it in returned_to(auditor)}
    return sorted(found, key=lambda it: it.pk not in back)


def _not_hindered(rows: QuerySet[Submission], auditor: Account) -> QuerySet[Submission]:
    """Of what waits what an auditor may decide."""
    return rows.exclude(_hindered(auditor))


def _hindered(auditor: Account) -> Q:
    """What an auditor may not decide: `rules.hindrance` as a condition. What it is about is looked up by the auditor, who did little."""
    mine = Submission.objects.filter(account=auditor).exclude(artist_key="").values("artist_key")
    by_me = Step.objects.filter(actor=auditor.gid)
    passed_on = by_me.filter(event=Event.PASS_ON.value).values("submission")
    refused = by_me.filter(event=Event.REFUSE.value).values("submission")
    decided_before = Q(pk__in=passed_on) | Q(appealed=True, pk__in=refused)
    return belonging_to(auditor) | Q(artist_key__in=mine) | decided_before


def nobody_s() -> list[Submission]:
    """What waits though no auditor may decide it, the longest first: all have a part in it, passed it on or refused it before."""
    auditors = Account.objects.filter(roles__role=StaffRole.Role.AUDITOR, is_active=True).order_by("pk")
    left = Submission.objects.filter(_WAITS)
    for auditor in auditors:
        hindered = left.filter(_hindered(auditor)).values_list("pk", flat=True)
        left = Submission.objects.filter(pk__in=list(hindered))
        if not left:
            return []
    return list(left.select_related("account").order_by("submitted_at", "pk"))


def asked_opinion(row: Submission) -> Opinion | None:
    """The question to colleagues that waits for an answer."""
    return Opinion.objects.filter(submission=row, ended_at=None).select_related("asker").first()


def opinions_asked_of(auditor: Account) -> list[Opinion]:
    """What colleagues ask an auditor's opinion about, the longest first; nothing of a party of theirs."""
    rows = Opinion.objects.filter(ended_at=None, submission__state=State.IN_AUDIT).exclude(asker=auditor)
    rows = rows.select_related("submission__account", "submission__shop", "asker").order_by("asked_at", "pk")
    return [it for it in rows[:SHOWN_MAX] if conflict(it.submission, auditor) is None]


def opinions_awaited_by(auditor: Account, *, now: datetime) -> list[Opinion]:
    """What an auditor asked and nobody answered yet."""
    rows = _asked_by(auditor, now=now).select_related("submission__account", "submission__shop")
    return list(rows.order_by("asked_at", "pk")[:SHOWN_MAX])


def _asked_by(auditor: Account, *, now: datetime) -> QuerySet[Opinion]:
    return Opinion.objects.filter(
        ended_at=None,
        asker=auditor,
        submission__claim__auditor=auditor,
        submission__claim__until__gt=now,
    )


def returned_to(auditor: Account) -> list[Submission]:
    """What came back to an auditor with an opinion and is theirs to decide, the longest waiting first."""
    given = Opinion.objects.filter(
        submission=OuterRef("pk"),
        asker=auditor,
        given_number__isnull=False,
        asked_at__gte=OuterRef("claim__taken_at"),
    )
    rows = Submission.objects.filter(Exists(given), state=State.IN_AUDIT, claim__auditor=auditor)
    rows = rows.exclude(Exists(Opinion.objects.filter(submission=OuterRef("pk"), ended_at=None)))
    return list(rows.order_by("submitted_at", "pk"))


def opinions_about(row: Submission) -> list[Given]:
    """Opinions that were given since it waits for the decision that is due, the latest first."""
    told = {it.step.number: it for it in happened(row)}
    decided = [number for number, it in told.items() if it.step.event in rules.DECISIONS]
    rows = Opinion.objects.filter(submission=row, given_number__gt=max(decided, default=0))
    return [
        Given(told[it.given_number], told[it.number].words, it.get_leaning_display())
        for it in rows.order_by("-given_number")
        if it.given_number is not None
    ]


def conflict(row: Submission, auditor: Account) -> Hindrance | None:
    """Whether an auditor belongs to who handed it in: nobody audits a party of theirs."""
    return rules.hindrance(_standing(row, auditor, history=False), appealed=False)


def hindrance(row: Submission, auditor: Account) -> Hindrance | None:
    """Why an auditor may not decide a submission; None when they may."""
    return rules.hindrance(_standing(row, auditor, history=True), appealed=row.appealed)


def _standing(row: Submission, auditor: Account, *, history: bool) -> Standing:
    did: set[str] = set()
    if history:
        steps = Step.objects.filter(submission=row, actor=auditor.gid)
        did = set(steps.values_list("event", flat=True))
    theirs = Submission.objects.filter(account=auditor, artist_key=row.artist_key)
    return Standing(
        is_own=row.account_id == auditor.pk or (row.shop is not None and has_part_in(auditor, row.shop)),
        shares_artist=bool(row.artist_key) and theirs.exists(),
        refused_it=Event.REFUSE.value in did,
        passed_it_on=Event.PASS_ON.value in did,
    )


def paid_like_refused(payees: Iterable[int]) -> dict[int, set[traces.Kind]]:
    """Which payees (accounts by primary key) gave what somebody gave whom auditors refused; never what that is."""
    refused = Submission.objects.filter(state=State.REFUSED)
    owners = refused.exclude(shop=None).exclude(shop__owner=None).values("shop__owner")
    others = Account.objects.filter(Q(pk__in=refused.values("account")) | Q(pk__in=owners))
    return alike(payees, others)


def payees_like_refused(*, now: datetime) -> list[tuple[Shop, set[traces.Kind]]]:
    """Shops whose owners gave, in the last 90 days, what somebody gave whom auditors refused; the latest first."""
    rows = Shop.objects.filter(owner__details__changed_at__gt=now - RECENT_AGE).select_related("owner")
    shops = list(rows.order_by("-owner__details__changed_at", "-pk")[:SHOWN_MAX])
    same = paid_like_refused(it.owner_id for it in shops if it.owner_id is not None)
    return [(it, same[it.owner_id]) for it in shops if it.owner_id in same]


def latest_paid_to(shops: Iterable[Shop]) -> dict[int, Submission]:
    """The latest that was handed in by who is paid in each shop (by primary key)."""
    found: dict[int, Submission] = {}
    for shop in shops:
        if shop.owner is not None:
            rows = Submission.objects.filter(paid_to(shop.owner)).exclude(state=State.DRAFT)
            latest = rows.order_by("-submitted_at", "-pk").first()
            if latest is not None:
                found[shop.pk] = latest
    return found


def evidence(row: Submission) -> list[Evidence]:
    """What machines found, about its tracks and about who handed it in."""
    found = Evidence.objects.filter(submission=row).select_related("track")
    return [it for it in found if not _is_said_twice(it)]


def _is_said_twice(it: Evidence) -> bool:
    """What was found until November 2026 called each lossy file a lossy source too; `lossy-file` says it."""
    return it.kind == "lossy-source" and it.measured.get("form") == "declared"


def recordings_by_asset(keys: Iterable[str], *, but: int | None = None) -> dict[str, Recording]:
    """Recordings that evidence names, by the key of their asset: of several the one that is offered, else the first.

    Args:
        keys: of assets.
        but: the recording (by primary key) that is compared: of the same bytes it is the same asset.
    """
    rows = Recording.objects.filter(asset__key__in=set(keys)).exclude(pk=but or 0)
    found = sorted(rows.select_related("asset", "credit"), key=lambda it: (it.removed_at is None, -it.pk))
    return {it.asset.key: it for it in found if it.asset}


def handed_in_with(recordings: Iterable[Recording]) -> dict[int, Submission]:
    """What each recording (by primary key) was handed in with, the latest."""
    rows = Track.objects.filter(recording__in=[it.pk for it in recordings]).order_by("pk")
    rows = rows.select_related("submission__account", "submission__shop")
    return {it.recording_id: it.submission for it in rows if it.recording_id is not None}


def heard_by(account: Account | None, gids: Iterable[UUID]) -> set[UUID]:
    """Which recordings an auditor may hear whole though they are not offered, or not to them: what is handed in, and what evidence compares it with.

    An applicant hears their own.
    """
    if account is None:
        return set()
    wanted = set(gids)
    held = Track.objects.filter(recording__gid__in=wanted)
    mine = Submission.objects.filter(handled_by(account))
    own_ones = set(held.filter(submission__in=mine.values("pk")).values_list("recording__gid", flat=True))
    if not is_auditor(account):
        return {it for it in own_ones if it}
    handed = set(held.exclude(submission__state=State.DRAFT).values_list("recording__gid", flat=True))
    compared = Recording.objects.filter(
        Exists(Evidence.objects.filter(other=OuterRef("asset__key"), submission__state__in=rules.WAITING)),
        gid__in=wanted,
    )
    return {it for it in own_ones | handed if it} | set(compared.values_list("gid", flat=True))


def held_among(recordings: Iterable[int]) -> set[int]:
    """Which recordings (by primary key) are handed in and were never offered: hearing them whole is work, no play.

    What stood in a shop and was taken down keeps its place on a release: plays of it may be told of later. What is heard
    early has its place already, and was not offered either.
    """
    held = Track.objects.filter(recording__in=set(recordings), recording__removed_at__isnull=False)
    held = held.filter(Q(recording__tracks=None) | Q(recording__tracks__medium__release__early__isnull=False))
    return {it for it in held.values_list("recording_id", flat=True) if it is not None}


def assets_kept() -> QuerySet[Asset, int]:
    """Keys of rows of assets that submissions need: all but of those withdrawn."""
    needed = Track.objects.exclude(submission__state=State.WITHDRAWN).filter(asset__isnull=False)
    return Asset.objects.filter(pk__in=needed.values("asset_id")).values_list("pk", flat=True)


def covers_kept() -> QuerySet[Cover, int]:
    """Keys of rows of covers that submissions need: all but of those withdrawn."""
    needed = Submission.objects.exclude(state=State.WITHDRAWN).filter(cover__isnull=False)
    return Cover.objects.filter(pk__in=needed.values("cover_id")).values_list("pk", flat=True)


def is_superseded(row: Submission) -> bool:
    """Whether a later version of the same release was published."""
    if row.release_id is None:
        return False
    later = Submission.objects.filter(release=row.release_id, state=State.ACCEPTED, pk__gt=row.pk)
    return later.exclude(published_at=None).exists()


def to_publish(*, now: datetime) -> list[UUID]:
    """Releases that were accepted, whose time has come and whose shop is open, the earliest first."""
    rows = Submission.objects.filter(kind=Kind.RELEASE, state=State.ACCEPTED, published_at=None)
    rows = rows.filter(Q(due_at=None) | Q(due_at__lte=now), _in_open_shop())
    return list(rows.order_by("due_at", "pk").values_list("gid", flat=True))


def to_settle_early(*, now: datetime) -> list[UUID]:
    """Releases whose pre-listening is to begin, or has begun: it may have to end."""
    waiting = Submission.objects.filter(
        kind=Kind.RELEASE, state=State.ACCEPTED, published_at=None, release=None, due_at__gt=now
    )
    begun = Q(prelisten=Prelisten.ACCEPTED) | Q(prelisten=Prelisten.FROM, prelisten_at__lte=now)
    beginning = waiting.filter(begun, _in_open_shop()).exclude(early__early__isnull=False)
    heard = Submission.objects.filter(early__early__isnull=False)
    gids = [*beginning.order_by("due_at", "pk").values_list("gid", flat=True)]
    return gids + list(heard.order_by("pk").values_list("gid", flat=True))


def releases_early() -> QuerySet[Submission, int | None]:
    """Keys of releases that are what listeners see of something before it appears."""
    return Submission.objects.filter(early__isnull=False).values_list("early", flat=True)


def _in_open_shop() -> Q:
    own_open = Shop.objects.filter(owner=OuterRef("account"), kind="independent", state="open")
    return Q(shop__state="open") | Q(Exists(own_open), shop=None)


def figures_by_auditor(*, now: datetime) -> list[AuditorFigures]:
    """What each auditor decided in the last 90 days, the busiest first."""
    steps = Step.objects.filter(at__gt=now - RECENT_AGE, event__in=[it.value for it in rules.DECISIONS])
    counts = steps.values("actor").annotate(
        accepted=Count("pk", filter=Q(event=Event.ACCEPT.value)),
        refused=Count("pk", filter=Q(event=Event.REFUSE.value)),
        overturned=Count("pk", filter=Exists(decided_otherwise())),
    )
    names = names_of(row["actor"] for row in counts)
    rows = [
        AuditorFigures(names.get(row["actor"], ""), row["accepted"], row["refused"], row["overturned"])
        for row in counts
    ]
    return sorted(rows, key=lambda it: (-(it.accepted + it.refused), it.name))


def decided_otherwise() -> QuerySet[Step]:
    """Of steps that decided, later ones that decided the opposite: a condition on each."""
    later = Step.objects.filter(submission=OuterRef("submission"), number__gt=OuterRef("number"))
    return later.filter(event__in=[it.value for it in rules.DECISIONS]).exclude(event=OuterRef("event"))


def waiting_since() -> datetime | None:
    """Since when the longest in the queue waits; None while it is empty."""
    return queue().values_list("submitted_at", flat=True).first()

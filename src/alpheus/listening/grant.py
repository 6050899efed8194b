"""Grants: minted, renewed, cancelled. A grant is web's signed word that a stream may hear a recording."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import jwt
from django.db import transaction
from django.db.models import Max, QuerySet

from alpheus.catalogue.models import Recording
from alpheus.listening import edges
from alpheus.listening.assign import elsewhere_until
from alpheus.listening.errors import StreamEnded, TooManyGrants
from alpheus.listening.listeners import hides_explicit
from alpheus.listening.models import Device, Grant, Listener
from alpheus.listening.terms import Edge, Terms
from alpheus.locker import queries as locker
from alpheus.packaging.layout import aac
from alpheus.rights.available import is_heard_in
from alpheus.rights.early import heard_early
from alpheus.rights.hear import Hearing, hear
from alpheus.submissions import queries as submissions

ISSUER = "alpheus"
IDLE_MAX = timedelta(days=1)
"""A stream whose grants ended longer ago is over: its player presses play again."""

LIVE_MAX = 64
"""Grants that a stream may hold at once; a player needs a handful, and takes back what it will not play."""
TOLD_MAX = 500
"""Grants in one message to an edge, which takes 64 KiB."""


@dataclass(frozen=True)
class Stream:
    """A player's conversation with one edge, and on whose behalf."""

    id: UUID
    listener: Listener
    gate: UUID
    """The listener who opened it: a guest who signs in keeps gate and codeword until the next stream."""
    edge: Edge
    device: Device | None
    territory: str
    network: str
    """An opaque name of a guest's network, for the cap per network; empty for accounts."""
    moved_at: datetime | None = None
    """Until when another edge may have released music to the account; None when its gate is full again since."""


@dataclass(frozen=True)
class Minted:
    """A grant with the token that says so to the edge."""

    grant: Grant
    token: str
    rate_hz: int
    renditions: tuple[str, ...]

    @property
    def window_ms(self) -> tuple[int, int]:
        """The part that may be heard, in milliseconds."""
        return (
            self.grant.window_start * 1000 // self.rate_hz,
            self.grant.window_end * 1000 // self.rate_hz,
        )


def find_stream(*, stream: UUID, listener: Listener, network: str, now: datetime, terms: Terms) -> Stream:
    """A stream that a listener opened and that is not over.

    One that was opened by a guest who then signed in to an account which had a gate already keeps passing its network's
    gate: else an account would have as many gates as guests were joined to it, and nothing above them.

    Raises:
        StreamEnded: it is not theirs, was over a day ago, its edge is gone, or the account went to another edge.
    """
    last = Grant.objects.filter(stream=stream, listener=listener).order_by("-expires_at", "-pk").first()
    edge = next((edge for edge in terms.edges if last and edge.id == last.edge), None)
    if last is None or edge is None or last.expires_at < now - IDLE_MAX or _went_on(last):
        raise StreamEnded("This stream is over. Press play again to begin a new one.")
    own = listener.account_id is not None and last.gate == listener.gid
    moved_at = elsewhere_until(gate=last.gate, edge=edge, terms=terms, now=now)
    network = "" if own else network
    return Stream(stream, listener, last.gate, edge, last.device, last.territory, network, moved_at)


def _went_on(last: Grant) -> bool:
    """Whether the account was granted music on another edge since: there its streams go on."""
    since = last.issued_at
    others = Grant.objects.filter(gate=last.gate, expires_at__gt=since, issued_at__gt=since)
    return others.exclude(edge=last.edge).exists()


def mint(*, stream: Stream, recordings: Iterable[Recording], terms: Terms, now: datetime) -> list[Minted]:
    """Grant recordings to a stream, in their order.

    One without audio that is ready gets none, nor does an explicit one whose listener hides that: the player passes both over.

    Args:
        stream: whose grants they are.
        recordings: with assets and their renditions loaded.
        terms: the installation's.
        now: the time.
    """
    minted = []
    for recording in recordings:
        hearing = _hearing(recording, stream, terms, now)
        if hearing is not None:
            minted.append(_sign(_new(stream, recording, hearing, terms, now), recording, stream, terms, now))
    Grant.objects.bulk_create([item.grant for item in minted])
    return minted


@transaction.atomic
def mint_more(
    *, stream: Stream, recordings: Sequence[Recording], terms: Terms, now: datetime
) -> list[Minted]:
    """Grant further recordings to a stream that has some, as `mint` does.

    Raises:
        TooManyGrants: it would then hold more than `LIVE_MAX`; none is granted.
    """
    # Two calls at once would each find room for theirs.
    Listener.objects.select_for_update().get(pk=stream.listener.pk)
    live = Grant.objects.filter(stream=stream.id, cancelled_at=None, expires_at__gt=now).count()
    if recordings and live + len(recordings) > LIVE_MAX:
        raise TooManyGrants("This stream holds too many grants. Cancel some, or wait until they end.")
    return mint(stream=stream, recordings=recordings, terms=terms, now=now)


@transaction.atomic
def renew(*, stream: Stream, grants: Sequence[UUID], terms: Terms, now: datetime) -> list[Minted]:
    """Let grants of a stream hold for longer: the same grants with a later end.

    One that was cancelled, or whose right is no longer what it was, is left out: a new one may be asked for.
    """
    rows = (
        Grant.objects.select_for_update(of=("self",))
        .filter(stream=stream.id, listener=stream.listener, gid__in=grants, cancelled_at=None)
        .select_related("recording__asset")
        .prefetch_related("recording__asset__renditions")
    )
    renewed = []
    for row in rows:
        hearing = _hearing(row.recording, stream, terms, now)
        same = hearing and (hearing.window.start, hearing.window.end) == (row.window_start, row.window_end)
        if not same:
            continue
        row.expires_at = now + terms.grant_lifetime
        renewed.append(_sign(row, row.recording, stream, terms, now))
    Grant.objects.bulk_update([item.grant for item in renewed], ["expires_at"])
    return renewed


def cancel(*, stream: UUID, listener: Listener, grants: Sequence[UUID], now: datetime) -> list[Grant]:
    """Make grants of a listener's stream void. Returns those that were not yet; their edges are to be told."""
    return _void(Grant.objects.filter(stream=stream, listener=listener, gid__in=grants), now=now)


def cancel_device(*, device: Device, now: datetime) -> list[Grant]:
    """Make all that a device may hear void, as when it signs out. Returns what the edges are to be told."""
    return _void(Grant.objects.filter(device=device, expires_at__gt=now), now=now)


def cancel_others(*, listener: Listener, keep: Iterable[UUID], at_once: int, now: datetime) -> list[Grant]:
    """Make void what a listener's other streams may hear, but for the latest where several may sound at once.

    Args:
        listener: whose streams they are.
        keep: streams that go on, the one that begins among them.
        at_once: how many may sound at once.
        now: the time.
    """
    others = Grant.objects.filter(listener=listener, expires_at__gt=now, cancelled_at=None).exclude(
        stream__in=keep
    )
    if at_once > 1:
        latest = others.values("stream").annotate(last=Max("issued_at")).order_by("-last")
        others = others.exclude(stream__in=[row["stream"] for row in latest[: at_once - 1]])
    return _void(others, now=now)


@transaction.atomic(savepoint=False)
def _void(found: QuerySet[Grant], *, now: datetime) -> list[Grant]:
    rows = list(found.filter(cancelled_at=None).select_for_update())
    if rows:
        Grant.objects.filter(pk__in=[row.pk for row in rows]).update(cancelled_at=now)
    return rows


async def tell_edges(*, grants: Iterable[Grant], terms: Terms) -> None:
    """Tell each edge which of its grants are void.

    Raises:
        EdgeUnavailable: one did not confirm; its grants still end when they expire.
    """
    by_edge: dict[str, list[str]] = {}
    for grant in grants:
        by_edge.setdefault(grant.edge, []).append(grant.gid.hex)
    near = [edge for edge in terms.edges if edge.id in by_edge]
    # One that does not answer keeps none of the others from hearing it.
    told = await asyncio.gather(
        *(_tell(edge, by_edge[edge.id], terms) for edge in near), return_exceptions=True
    )
    for trouble in told:
        if trouble is not None:
            raise trouble


async def _tell(edge: Edge, grants: Sequence[str], terms: Terms) -> None:
    for first in range(0, len(grants), TOLD_MAX):
        await edges.cancel(edge, grants=grants[first : first + TOLD_MAX], terms=terms)


def _hearing(recording: Recording, stream: Stream, terms: Terms, now: datetime) -> Hearing | None:
    asset = recording.asset
    if asset is None or not asset.rate_hz or not asset.renditions.all():
        return None
    if recording.explicit and hides_explicit(stream.listener) and not _auditions(recording, stream):
        return None
    early = recording.removed_at is not None and not _is_open_to(stream, recording)
    if not _is_there(recording, stream, now, early=early):
        return None
    if early:
        return _heard(recording, asset.rate_hz, stream, terms, entitled=False, early=True)
    found = _heard(recording, asset.rate_hz, stream, terms, entitled=bool(recording.removed_at))
    if found is not None and found.preview and _is_open_to(stream, recording):
        return _heard(recording, asset.rate_hz, stream, terms, entitled=True)
    return found


def _is_there(recording: Recording, stream: Stream, now: datetime, *, early: bool) -> bool:
    """Whether it is offered where they are, or heard early; what is owned is heard wherever its owner is: it was bought for ever."""
    if early and not heard_early([recording.gid], now=now):
        return False
    return is_heard_in(recording.pk, here=stream.territory) or _is_open_to(stream, recording)


def _heard(
    recording: Recording, rate_hz: int, stream: Stream, terms: Terms, *, entitled: bool, early: bool = False
) -> Hearing | None:
    return hear(
        recording=recording,
        member=stream.listener.account_id is not None,
        entitled=entitled,
        access=terms.access,
        preview_seconds=terms.preview_seconds,
        grid_samples=aac(rate_hz).segment_samples,
        early=early,
    )


def _is_open_to(stream: Stream, recording: Recording) -> bool:
    """Whether they hear it whole whatever the setting: they own it, or judge it."""
    owned = recording.gid in locker.heard_by(stream.listener.account, [recording.gid])
    return owned or _auditions(recording, stream)


def _auditions(recording: Recording, stream: Stream) -> bool:
    """Whether it is heard to be judged: by an auditor, or by who handed it in."""
    return recording.gid in submissions.heard_by(stream.listener.account, [recording.gid])


def _new(stream: Stream, recording: Recording, hearing: Hearing, terms: Terms, now: datetime) -> Grant:
    return Grant(
        stream=stream.id,
        edge=stream.edge.id,
        gate=stream.gate,
        listener=stream.listener,
        device=stream.device,
        recording=recording,
        preview=hearing.preview,
        window_start=hearing.window.start,
        window_end=hearing.window.end,
        territory=stream.territory,
        issued_at=now,
        expires_at=now + terms.grant_lifetime,
    )


def _sign(grant: Grant, recording: Recording, stream: Stream, terms: Terms, now: datetime) -> Minted:
    """Say a grant to its edge as an EdDSA JSON Web Token (RFC 7519, RFC 8037)."""
    asset = recording.asset
    if asset is None or asset.rate_hz is None:
        raise ValueError("only a recording with audio is granted")
    renditions = tuple(sorted(rendition.name for rendition in asset.renditions.all()))
    claims = {
        "iss": ISSUER,
        "aud": grant.edge,
        "jti": grant.gid.hex,
        "iat": int(now.timestamp()),
        "exp": int(grant.expires_at.timestamp()),
        "acc": grant.gate.hex,
        "str": grant.stream.hex,
        "rec": recording.gid.hex,
        "ast": asset.key,
        "rnd": list(renditions),
        "win": [grant.window_start, grant.window_end],
        "pre": grant.preview,
        "ter": grant.territory,
    }
    if stream.network:
        claims["net"] = stream.network
    if stream.moved_at is not None:
        claims["mov"] = max(0, int((now - stream.moved_at).total_seconds()))
    return Minted(grant, jwt.encode(claims, terms.grant_key, algorithm="EdDSA"), asset.rate_hz, renditions)

"""A player's POST answered: grants checked, the gate asked, the release logged, names and keys given."""

import asyncio
import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from alpheus.edge.cancellations import Cancellations
from alpheus.edge.clock import Clock
from alpheus.edge.epochs import Epochs, Named
from alpheus.edge.errors import (
    AccountMoved,
    EdgeError,
    GrantCancelled,
    GrantExpired,
    GrantUnknown,
    KeyLogUnavailable,
    OverBudget,
    RenditionUnavailable,
    SequenceStale,
)
from alpheus.edge.gate import Gates, Passage
from alpheus.edge.grants import Grant, GrantVerifier
from alpheus.edge.keylog import KeyLog
from alpheus.edge.metrics import Metrics
from alpheus.edge.pace import Pace
from alpheus.edge.release import Plan, Release, plan
from alpheus.edge.renditions import Opened, Renditions
from alpheus.edge.strategies.contract import BatchContext, SegmentKey
from alpheus.edge.strategies.known import STRATEGIES
from alpheus.edge.streams import Stream, Streams
from alpheus.edge.tokens import UrlTokens
from alpheus.edge.wire import BatchRequest, Want
from alpheus.packaging.layout import CHUNKS_PER_SEGMENT
from alpheus.packaging.rendition import RenditionIndex
from alpheus.packaging.segments import SegmentName, blend_of
from alpheus.watermark.codeword import symbols

Json = dict[str, object]
_written_out = json.JSONEncoder(separators=(",", ":")).encode
FOLLOWING_MAX = 2
"""Pieces of the queue whose beginning is read ahead: a skip finds them in memory."""
_STRETCH = 16
"""Segments, about a minute."""


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer's bytes, and what is to be read ahead: what it released, then where the queue goes on."""

    body: bytes
    released: tuple[tuple[str, SegmentName], ...] = ()
    following: tuple[tuple[str, SegmentName], ...] = ()


@dataclass(frozen=True)
class Batches:
    """Answers POSTs; every part is the edge's one."""

    clock: Clock
    verifier: GrantVerifier
    cancellations: Cancellations
    streams: Streams
    gates: Gates
    epochs: Epochs
    tokens: UrlTokens
    renditions: Renditions
    keylog: KeyLog
    metrics: Metrics
    codeword_key: bytes
    pace: Pace
    """Of accounts."""
    strangers_pace: Pace
    """Of streams not known yet: kept apart, so that invented ones push no account out of memory."""

    async def answer(self, stream_id: str, request: BatchRequest) -> Answered:
        """Answer one POST; the same sequence again gets the same bytes, undebited.

        Raises:
            EdgeError: it is refused as a whole; nothing was debited and the sequence is not used up.
        """
        grants = self._grants(stream_id, request)
        stream = self.streams.admit(stream_id, grants)
        self._begin_anew(stream, grants)
        async with stream.lock:
            if request.sequence == stream.sequence and stream.answer is not None:
                return Answered(stream.answer)
            if request.sequence <= stream.sequence:
                raise SequenceStale(
                    f"The stream is at sequence {stream.sequence}; go on with the next.",
                    sequence=stream.sequence,
                )
            return await self._next(stream, request)

    def _grants(self, stream_id: str, request: BatchRequest) -> list[Grant]:
        """Count the POST and verify its grants; counting comes first, because signatures cost more than all else."""
        now, account = self.clock.monotonic(), self.streams.account_of(stream_id)
        if account is not None:
            self.pace.take(account, now=now)
            return [self.verifier.read(token) for token in request.tokens]
        self.strangers_pace.take(stream_id, now=now)
        grants = [self.verifier.read(token) for token in request.tokens]
        if grants:
            self.pace.take(grants[0].account, now=now)
        return grants

    def _begin_anew(self, stream: Stream, grants: Sequence[Grant]) -> None:
        """Take from the gate what another edge may have released: an account that moves brings no lead along."""
        since = [grant.moved_for(self.clock) for grant in grants]
        moved = [seconds for seconds in since if seconds is not None]
        if moved:
            now = self.clock.monotonic()
            self.gates.of(stream.account, stream.network, now=now).begin_anew(min(moved), now=now)

    async def _next(self, stream: Stream, request: BatchRequest) -> Answered:
        opened = await self._open(stream, request.wants)
        passage = self.gates.of(stream.account, stream.network, now=self.clock.monotonic())
        made = self._plan(stream, request, opened, passage)
        for _, error in made.refusals:
            self.metrics.refused.add(1, error.code)
        if request.wants and not made.releases:
            _refuse(made)
        names, keys = self._keys(stream, made.releases)
        answer = self._shaped(stream, request, made, keys, passage)
        try:
            await self.keylog.append(self._record(stream, request, made, passage))
        except KeyLogUnavailable:
            for release in made.releases:
                passage.give_back(release.debits)
            raise
        self._commit(stream, request, made, answer)
        return Answered(answer, names, self._following(stream, request, made))

    def _following(
        self, stream: Stream, request: BatchRequest, made: Plan
    ) -> tuple[tuple[str, SegmentName], ...]:
        """Where the queue goes on beyond what was released: the first wanted segment of each of the next pieces."""
        released = {release.grant.id for release in made.releases}
        refused = {id(want) for want, _ in made.refusals}
        names = []
        for want in request.wants:
            held = stream.grants.get(want.grant)
            if held is None or want.grant in released or id(want) in refused:
                continue
            opened = self.renditions.peek(held.grant.asset, want.rendition)
            if opened is not None and want.segment < opened.index.segments:
                named = self._named(stream, held.grant, opened.index, want.rendition, want.segment)
                names.append((named.name, named.says))
        return tuple(names[:FOLLOWING_MAX])

    def _named(
        self, stream: Stream, grant: Grant, index: RenditionIndex, rendition: str, segment: int
    ) -> Named:
        """A segment in the account's blend, as its epoch delivers it."""
        blend = self._blend(stream, grant.recording, segment)
        blend &= (1 << len(index.chunks_of(segment))) - 1
        epoch = self.epochs.of(grant.asset, rendition)
        return epoch.named(grant.asset, rendition, segment, blend)

    async def _open(self, stream: Stream, wants: Sequence[Want]) -> dict[tuple[str, str], Opened | EdgeError]:
        """Open the renditions that wants name, as far as grants name them too; all at once, for a store may be slow."""
        opened: dict[tuple[str, str], Opened | EdgeError] = {}
        missing: dict[tuple[str, str], None] = {}
        for want in wants:
            held = stream.grants.get(want.grant)
            if held is None or want.rendition not in held.grant.renditions:
                continue
            key = (held.grant.asset, want.rendition)
            known = self.renditions.peek(*key)
            if known is None:
                missing[key] = None
            else:
                opened[key] = known
        if missing:
            found = await asyncio.gather(*(self._opened(*key) for key in missing))
            opened.update(zip(missing, found, strict=True))
        return opened

    async def _opened(self, asset: str, rendition: str) -> Opened | EdgeError:
        try:
            return await self.renditions.open(asset, rendition)
        except EdgeError as error:
            return error

    def _plan(
        self,
        stream: Stream,
        request: BatchRequest,
        opened: Mapping[tuple[str, str], Opened | EdgeError],
        passage: Passage,
    ) -> Plan:
        now = self.clock.monotonic()

        def entitled(want: Want) -> tuple[Grant, Opened]:
            grant = self._valid(stream, want.grant, now)
            rendition = opened.get((grant.asset, want.rendition))
            if rendition is None:
                raise RenditionUnavailable(f"The grant does not name {want.rendition}. A renewed one may.")
            if isinstance(rendition, EdgeError):
                raise rendition
            return grant, rendition

        return plan(
            request.wants,
            entitled=entitled,
            run=stream.run,
            passage=passage,
            now=now,
            ahead_seconds=request.ahead_seconds,
        )

    def _valid(self, stream: Stream, grant_id: str, now: float) -> Grant:
        held = stream.grants.get(grant_id)
        if held is None:
            raise GrantUnknown("Send the grant's token again.")
        if self.cancellations.has_moved(held.grant):
            raise AccountMoved("Press play again; the stream goes on there.")
        if self.cancellations.covers(held.grant):
            raise GrantCancelled("Ask web whether it may still be heard.")
        if held.until <= now:
            raise GrantExpired("Ask web to renew it.")
        return held.grant

    def _keys(
        self, stream: Stream, releases: Sequence[Release]
    ) -> tuple[tuple[tuple[str, SegmentName], ...], list[SegmentKey]]:
        """Name each released segment in the account's blend and derive its key."""
        names, keys = [], []
        for release in releases:
            grant, index = release.grant, release.opened.index
            named = self._named(stream, grant, index, release.rendition, release.segment)
            names.append((named.name, named.says))
            token = self.tokens.make(named.name)
            keys.append(
                SegmentKey(
                    grant.id, release.rendition, release.segment, named.name, token, named.key, named.iv
                )
            )
        return tuple(names), keys

    def _blend(self, stream: Stream, recording: str, segment: int) -> int:
        """The account's blend of a segment, its codeword computed for a stretch of segments at once."""
        stretch, within = divmod(segment, _STRETCH)
        blends = stream.blends.get((recording, stretch))
        if blends is None:
            codeword = symbols(
                self.codeword_key,
                account=stream.account,
                recording=recording,
                start=stretch * _STRETCH * CHUNKS_PER_SEGMENT,
                count=_STRETCH * CHUNKS_PER_SEGMENT,
            )
            blends = bytes(
                blend_of(codeword[at : at + CHUNKS_PER_SEGMENT])
                for at in range(0, len(codeword), CHUNKS_PER_SEGMENT)
            )
            stream.remember_blends((recording, stretch), blends)
        return blends[within]

    def _shaped(
        self,
        stream: Stream,
        request: BatchRequest,
        made: Plan,
        keys: Sequence[SegmentKey],
        passage: Passage,
    ) -> bytes:
        epoch = self.epochs.current()
        context = BatchContext(stream.id, request.sequence, epoch.number)
        ahead = passage.account.ahead_seconds(now=self.clock.monotonic())
        answer: Json = {
            "sequence": request.sequence,
            "epoch": epoch.number,
            "strategy": epoch.strategy,
            "tracks": self._tracks(stream, request, made.releases),
            "released": STRATEGIES[epoch.strategy].shape(keys, context),
            "refused": [
                {"grant": want.grant, "code": error.code, "detail": error.detail}
                for want, error in made.refusals
            ],
            "gate": {
                "released_ahead_seconds": round(ahead, 3),
                "wait_seconds": round(made.wait_seconds, 3),
            },
        }
        return _written_out(answer).encode()

    def _tracks(self, stream: Stream, request: BatchRequest, releases: Sequence[Release]) -> Json:
        """Describe what is released, with its init the first time, and what the player asked to have described."""
        tracks: Json = {}
        for grant_id, rendition in stream.described:
            held = stream.grants.get(grant_id) if grant_id in request.describe else None
            opened = self.renditions.peek(held.grant.asset, rendition) if held else None
            if held and opened:
                tracks[grant_id] = _track(held.grant, rendition, opened.index, with_init=True)
        for release in releases:
            grant = release.grant
            with_init = grant.id in request.describe or (grant.id, release.rendition) not in stream.described
            tracks[grant.id] = _track(grant, release.rendition, release.opened.index, with_init=with_init)
        return tracks

    def _record(self, stream: Stream, request: BatchRequest, made: Plan, passage: Passage) -> Json:
        """The key log's record of an answer (docs/protocol.md, "Key log")."""
        now = self.clock.monotonic()
        left = passage.account.state(now=now)
        record: Json = {
            "t": int(self.clock.steady() * 1000),
            "stream": stream.id,
            "seq": request.sequence,
            "acc": stream.account,
            "at": {"grant": request.at.grant, "sample": request.at.sample} if request.at else None,
            "released": _spans(made.releases),
            "closing": request.closing,
            "grants": {
                release.grant.id: _facts(release)
                for release in made.releases
                if release.grant.id not in stream.logged
            },
            "gate": [round(left.lead, 3), round(left.seek, 3)],
        }
        if passage.network is not None:
            shared = passage.network.state(now=now)
            record["net"] = stream.network
            record["netgate"] = [round(shared.lead, 3), round(shared.seek, 3)]
        return record

    def _commit(self, stream: Stream, request: BatchRequest, made: Plan, answer: bytes) -> None:
        stream.sequence, stream.answer, stream.run = request.sequence, answer, made.run
        for release in made.releases:
            stream.described.add((release.grant.id, release.rendition))
            stream.logged.add(release.grant.id)
        self.metrics.released_seconds.add(made.seconds)


def _refuse(made: Plan) -> None:
    """Refuse a POST that wanted something and got nothing; the first reason in order of play decides."""
    if made.refusals:
        want, error = made.refusals[0]
        error.extra.setdefault("grant", want.grant)
        raise error
    if made.shut:
        wait = round(made.wait_seconds, 3)
        raise OverBudget(
            "Music is released in real time. Ask again later.", retry_after_seconds=wait, wait_seconds=wait
        )


def _track(grant: Grant, rendition: str, index: RenditionIndex, *, with_init: bool) -> Json:
    track: Json = {
        "recording": grant.recording,
        "rendition": rendition,
        "mime": index.mime,
        "rate_hz": index.rate_hz,
        "samples": index.samples,
        "delay_samples": index.delay_samples,
        "segment_samples": index.layout.segment_samples,
        "segments": index.segments,
        "window": list(grant.window),
    }
    if with_init:
        track["init"] = base64.b64encode(index.init).decode()
    return track


def _spans(releases: Sequence[Release]) -> list[Json]:
    """Released samples, one item for each stretch of neighbouring segments."""
    spans: list[Json] = []
    for release in releases:
        start, end = release.span
        last = spans[-1] if spans else None
        if last is not None and last["grant"] == release.grant.id and last["until"] == start:
            last["until"] = end
            continue
        spans.append(
            {
                "grant": release.grant.id,
                "rec": release.grant.recording,
                "rate": release.opened.index.rate_hz,
                "from": start,
                "until": end,
            }
        )
    return spans


def _facts(release: Release) -> Json:
    grant, index = release.grant, release.opened.index
    return {
        "rec": grant.recording,
        "rate": index.rate_hz,
        "samples": index.samples,
        "win": list(grant.window),
        "pre": grant.preview,
        "ter": grant.territory,
    }

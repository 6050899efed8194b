"""One edge: its parts put together, its upkeep, and what its operator may do."""

import asyncio
import contextlib
import itertools
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from alpheus.edge.answers import Headers, segment_headers
from alpheus.edge.batches import Batches, Json
from alpheus.edge.cancellations import Cancellations
from alpheus.edge.clock import Clock
from alpheus.edge.delivery import Delivery
from alpheus.edge.epochs import Epoch, Epochs
from alpheus.edge.errors import EdgeError, EpochOver, NameForged
from alpheus.edge.gate import Gates
from alpheus.edge.grants import GrantVerifier
from alpheus.edge.keylog import KeyLog
from alpheus.edge.logs import LOGGER, note
from alpheus.edge.metrics import Metrics
from alpheus.edge.options import EdgeOptions
from alpheus.edge.pace import Pace
from alpheus.edge.recovery import recover
from alpheus.edge.renditions import Renditions, Store
from alpheus.edge.strategies import service
from alpheus.edge.strategies.known import STRATEGIES, chosen
from alpheus.edge.streams import Streams
from alpheus.edge.tokens import UrlTokens
from alpheus.edge.wire import read_batch_request
from alpheus.packaging.errors import NameForged as NotOurs
from alpheus.packaging.segments import SegmentName
from alpheus.storage.blobs import Blobs

_log = logging.getLogger(LOGGER)
_UPKEEP_SECONDS = 1.0
_TIDY_EVERY = 30
_LISTENING_SECONDS = 30.0
"""Players report every 8 to 12 s."""
_RESOLVED_MAX = 50_000
_WARMING_MAX = 64


Change = Callable[[service.Service], service.Service]


@dataclass(frozen=True, slots=True)
class Resolved:
    """A URL that was checked: what it names and until when, on the monotonic clock, that may be believed."""

    text: str
    name: SegmentName
    epoch: Epoch
    until: float
    headers: Headers


class Edge:
    """Everything an edge does, without HTTP."""

    def __init__(self, options: EdgeOptions, *, blobs: Blobs, clock: Clock) -> None:
        """Put an edge together and take its key log's folder.

        Raises:
            OptionsError: it cannot start so.
        """
        self.metrics = Metrics()
        self._clock = clock
        chosen(options.strategies)
        verifier = GrantVerifier(options.grant_public_key, options.edge_id)
        self.epochs = Epochs(
            clock,
            seconds=options.epoch_seconds,
            grace_seconds=options.epoch_grace_seconds,
            strategies=options.strategies,
        )
        self.tokens = UrlTokens(clock, seconds=options.token_seconds)
        self.store = Store(blobs, metrics=self.metrics, timeout_seconds=options.store_timeout_seconds)
        renditions = Renditions(self.store, options.kek)
        self.delivery = Delivery(
            self.store, renditions, metrics=self.metrics, cache_bytes=options.cache_bytes
        )
        self.streams = Streams(clock, idle_seconds=options.stream_idle_seconds, most=options.streams_max)
        self.gates = Gates(
            lead_seconds=options.lead_seconds,
            seek_seconds=options.seek_seconds,
            guests_per_network=options.guests_per_network,
        )
        self.keylog = KeyLog(
            options.keylog,
            metrics=self.metrics,
            segment_bytes=options.keylog_segment_bytes,
            segment_seconds=options.keylog_segment_seconds,
        )
        self.cancellations = Cancellations(options.keylog, clock)
        self._folder = options.keylog
        self.service = service.read(options.keylog, usual=options.strategies)
        self.epochs.choose(self.service.installed, self.service.forced)
        self._choosing = asyncio.Lock()
        self._recover(options)
        self.batches = Batches(
            clock=clock,
            verifier=verifier,
            cancellations=self.cancellations,
            streams=self.streams,
            gates=self.gates,
            epochs=self.epochs,
            tokens=self.tokens,
            renditions=renditions,
            keylog=self.keylog,
            metrics=self.metrics,
            codeword_key=options.codeword_key,
            pace=_pace(options),
            strangers_pace=_pace(options),
        )
        self._resolved: dict[tuple[str, str], Resolved] = {}
        self._warming: set[asyncio.Task[None]] = set()
        self._add_gauges()

    def _recover(self, options: EdgeOptions) -> None:
        recovered = recover(
            options.keylog,
            now=self._clock.steady(),
            seek_seconds=options.seek_seconds,
            idle_seconds=options.stream_idle_seconds,
            flows=options.guests_per_network,
        )
        self.gates.restore(recovered.accounts, recovered.networks, now=self._clock.monotonic())
        self.streams.restore(recovered.streams)

    async def batch(self, stream_id: str, body: bytes) -> bytes:
        """Answer a player's POST; raises EdgeError."""
        answered = await self.batches.answer(stream_id, read_batch_request(body))
        self._warm((*answered.released, *answered.following))
        return answered.body

    def resolved(self, path: str, token: str) -> Resolved:
        """Check a segment's URL, once for all who ask with it; called from several threads.

        Raises:
            NameForged, TokenForged, TokenExpired, EpochOver: the URL is not, or no longer, good.
        """
        resolved = self._resolved.get((path, token))
        if resolved is None or resolved.until <= self._clock.monotonic():
            resolved = self._resolve(path, token)
        return resolved

    async def fetched(self, resolved: Resolved) -> bytes:
        """Make the ciphertext of a checked URL; raises EdgeError."""
        return await self.delivery.fetch(resolved.text, resolved.name, resolved.epoch)

    async def cancel(self, named: Sequence[tuple[str, str]]) -> None:
        """Take grants back, durably.

        Raises:
            OSError: they hold in memory, but it could not be written down.
        """
        await asyncio.to_thread(self.cancellations.add, named)

    def turn(self) -> Epoch:
        """End all epochs now."""
        self._resolved.clear()
        epoch = self.epochs.turn()
        self.metrics.epoch_turns.add()
        note("epoch turned by command", epoch=epoch.number, strategy=epoch.strategy)
        return epoch

    async def choose(self, change: Change) -> None:
        """Change which strategies are in service, durably; epochs of one that may not be used now end at once.

        Args:
            change: gives the new choice for the one there is.

        Raises:
            Malformed: it cannot be so.
            OSError: it could not be written down, and is as it was.
        """
        async with self._choosing:
            new = change(self.service)
            await asyncio.to_thread(service.write, self._folder, new)
            self.service = new
            self.epochs.choose(new.installed, new.forced)
        note("strategies chosen", installed=", ".join(new.installed), forced=new.forced or "")
        allowed = {new.forced} if new.forced else set(new.installed)
        if any(self.epochs.uses(name) for name in STRATEGIES if name not in allowed):
            self.turn()

    def strategies(self) -> Json:
        """Which strategies are in service, and which is in force now."""
        epoch = self.epochs.current()
        return {
            "epoch": epoch.number,
            "in_force": epoch.strategy,
            "forced": self.service.forced,
            "installed": list(self.service.installed),
            "retired": list(self.service.retired),
        }

    def state(self) -> Json:
        """What the operator's page shows of this edge."""
        epoch = self.epochs.current()
        return {
            "epoch": epoch.number,
            "strategy": epoch.strategy,
            "streams": len(self.streams),
            "listening": self.streams.active(_LISTENING_SECONDS),
            "accounts": len(self.gates),
            "cancellations": len(self.cancellations),
            "cache": {
                "chunks_bytes": self.delivery.chunks.size,
                "blends_bytes": self.delivery.blends.size,
            },
            "keylog": {"waiting": self.keylog.waiting, "failing": self.keylog.failing},
            "damaged": [{"object": path, "what": what} for path, what in self.store.corrupt.items()],
        }

    async def upkeep(self) -> None:
        """Destroy old epochs every second, forget what is over now and then, until cancelled."""
        for turn in itertools.count(1):
            await asyncio.sleep(_UPKEEP_SECONDS)
            try:
                self.epochs.destroy_old()
                if turn % _TIDY_EVERY == 0:
                    self.tidy()
            except Exception:  # noqa: BLE001 - what fails once must not keep secrets and memory for ever
                _log.exception("upkeep failed")

    def tidy(self) -> None:
        """Forget what is over: streams, full gates, cancellations, checked URLs. Takes a moment when there are many."""
        now = self._clock.monotonic()
        self.streams.expire()
        self.gates.prune(now=now)
        self.cancellations.prune()
        for key, resolved in list(self._resolved.items()):
            if resolved.until <= now:
                self._resolved.pop(key, None)

    def close(self) -> None:
        """Seal the key log."""
        for task in self._warming:
            task.cancel()
        self.keylog.close()

    def _resolve(self, path: str, token: str) -> Resolved:
        text, name, epoch = self._opened(path, token)
        left = self.epochs.honoured_seconds(name.epoch, name.asset, name.rendition)
        token_left = self.tokens.check(text, token)
        if left <= 0:
            raise EpochOver("Ask for a new batch.")
        # A CDN may keep it until the epoch is over, counted from the last moment at which these headers are sent.
        headers = segment_headers(int(max(0.0, left - token_left)))
        until = self._clock.monotonic() + min(left, token_left)
        resolved = Resolved(text, name, epoch, until, headers)
        if len(self._resolved) >= _RESOLVED_MAX:
            self._resolved.clear()
        self._resolved[path, token] = resolved
        return resolved

    def _opened(self, path: str, token: str) -> tuple[str, SegmentName, Epoch]:
        """Read a path in any known form, under any live epoch."""
        texts = [text for strategy in STRATEGIES.values() if (text := strategy.name_of(path)) is not None]
        for text in texts:
            for epoch in self.epochs.live():
                with contextlib.suppress(NotOurs):
                    return text, epoch.opened(text), epoch
        for text in texts:
            # A name that we cannot read but whose token we made was ours: its epoch's key is destroyed.
            if self.tokens.is_ours(text, token):
                raise EpochOver("Ask for a new batch.")
        raise NameForged("Ask for a batch; names come with it.")

    def _warm(self, released: Sequence[tuple[str, SegmentName]]) -> None:
        """Read into memory what players fetch next: what was just released, then where their queues go on."""
        for text, name in released:
            if self.delivery.is_warm(text, name):
                continue
            if len(self._warming) >= _WARMING_MAX:
                return
            task = asyncio.ensure_future(self._warmed(name))
            self._warming.add(task)
            task.add_done_callback(self._warming.discard)

    async def _warmed(self, name: SegmentName) -> None:
        with contextlib.suppress(EdgeError):  # who fetches it will be told
            await self.delivery.warm(name)

    def _add_gauges(self) -> None:
        gauge = self.metrics.gauge
        gauge("alpheus_edge_streams", "Streams held.", lambda: len(self.streams))
        gauge("alpheus_edge_accounts", "Accounts whose gate is not full.", lambda: len(self.gates))
        gauge("alpheus_edge_epoch", "Number of the epoch.", lambda: self.epochs.current().number)
        gauge("alpheus_edge_cancellations", "Cancellations held.", lambda: len(self.cancellations))
        gauge("alpheus_edge_keylog_waiting", "Records that wait for the disk.", lambda: self.keylog.waiting)
        gauge(
            "alpheus_edge_cache_chunks_bytes", "Stored chunks in memory.", lambda: self.delivery.chunks.size
        )
        gauge("alpheus_edge_cache_blends_bytes", "Ready blends in memory.", lambda: self.delivery.blends.size)


def _pace(options: EdgeOptions) -> Pace:
    return Pace(per_second=options.posts_per_second, burst=options.posts_burst, most=options.streams_max)

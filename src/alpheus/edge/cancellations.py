"""What web took back: grants, streams and accounts whose keys stop at the next POST, and accounts that moved.

Kept on disk beside the key log, because a crash must not give back what was taken: the file is a list of JSON lines,
flushed before web is answered, and shortened at every start. Entries outlive every grant they can concern.
"""

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from alpheus.edge.clock import Clock
from alpheus.edge.grants import LIFETIME_SECONDS_MAX, Grant

KEPT_SECONDS = 2 * LIFETIME_SECONDS_MAX
FILE = "cancelled.jsonl"


@dataclass(frozen=True, slots=True)
class Cancellation:
    """One thing taken back; `kind` is grant, stream, account or moved, `at` the steady clock in seconds."""

    kind: str
    id: str
    at: float


class Cancellations:
    """The set of what was taken back, on disk."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        """Read what an edge before us was told; lines torn by a crash were never answered for."""
        self._clock = clock
        self._path = folder / FILE
        self._held: dict[tuple[str, str], float] = {}
        folder.mkdir(parents=True, exist_ok=True)
        self._take(_lines(self._path))
        self.prune()
        self._rewrite()

    def __len__(self) -> int:
        return len(self._held)

    def covers(self, grant: Grant) -> bool:
        """Whether a grant was taken back: itself, or with its stream or account when it had been issued by then."""
        if not self._held:
            return False
        if ("grant", grant.id) in self._held:
            return True
        at = max(
            self._held.get(("stream", grant.stream), float("-inf")),
            self._held.get(("account", grant.account), float("-inf")),
        )
        return grant.issued_at <= at

    def has_moved(self, grant: Grant) -> bool:
        """Whether the grant's account was given to another edge after it was issued."""
        return bool(self._held) and grant.issued_at <= self._held.get(("moved", grant.account), float("-inf"))

    def add(self, named: Iterable[tuple[str, str]]) -> None:
        """Take things back, on disk when this returns. Blocks; call it from a thread.

        Args:
            named: pairs of grant, stream, account or moved and its id.

        Raises:
            OSError: it could not be written; it holds in memory all the same.
        """
        # The later of both clocks: a cancellation must cover what was issued before it on any clock.
        at = max(self._clock.steady(), self._clock.wall())
        new = [Cancellation(kind, name, at) for kind, name in named]
        self._take(new)
        with self._path.open("ab") as file:
            file.write(b"".join(_line(item) for item in new))
            file.flush()
            os.fsync(file.fileno())

    def prune(self) -> None:
        """Forget what no grant that still lives can concern."""
        oldest = min(self._clock.steady(), self._clock.wall()) - KEPT_SECONDS
        # Copied first: `add` runs in another thread, and a table that grows while it is read raises.
        for key in [key for key, at in list(self._held.items()) if at < oldest]:
            self._held.pop(key, None)

    def _take(self, items: Iterable[Cancellation]) -> None:
        for item in items:
            key = (item.kind, item.id)
            self._held[key] = max(item.at, self._held.get(key, item.at))

    def _rewrite(self) -> None:
        draft = self._path.with_suffix(".draft")
        with draft.open("wb") as file:
            file.writelines(_line(Cancellation(kind, name, at)) for (kind, name), at in self._held.items())
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._path)


def _line(item: Cancellation) -> bytes:
    return json.dumps({"kind": item.kind, "id": item.id, "at": item.at}).encode() + b"\n"


def _lines(path: Path) -> Iterable[Cancellation]:
    if not path.exists():
        return
    for line in path.read_bytes().splitlines():
        try:
            data: Mapping[str, object] = json.loads(line)
            yield Cancellation(str(data["kind"]), str(data["id"]), float(str(data["at"])))
        except (ValueError, KeyError, TypeError):
            continue

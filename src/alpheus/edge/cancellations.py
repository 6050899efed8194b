"""What web took back: grants whose keys stop at the next POST, for good or because their account has another edge now.

Each is named by its id. Dates, "all that was issued until now", would tell what came before from what comes after only
as long as no clock jumps: an hour's jump made the two look alike an hour later.

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
"""By the clock that is behind, from the date of the clock that was ahead: a token whose date is an hour ahead may be shown
for an hour longer."""
FILE = "cancelled.jsonl"
GRANT, MOVED = "grant", "moved"


@dataclass(frozen=True, slots=True)
class Cancellation:
    """A grant taken back: `kind` says whether for good or because its account moved.

    `at` is in seconds since 1970, by whichever of the wall and the steady clock was ahead.
    """

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
        """Whether a grant was taken back for good."""
        return (GRANT, grant.id) in self._held

    def has_moved(self, grant: Grant) -> bool:
        """Whether a grant is void because its account was given to another edge."""
        return (MOVED, grant.id) in self._held

    def add(self, named: Iterable[tuple[str, str]]) -> None:
        """Take grants back, on disk when this returns. Blocks; call it from a thread.

        Args:
            named: pairs of `GRANT` or `MOVED` and a grant's id.

        Raises:
            OSError: it could not be written; it holds in memory all the same.
        """
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

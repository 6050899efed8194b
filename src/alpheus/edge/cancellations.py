"""What web took back: grants, streams and accounts whose keys stop at the next POST, and accounts that moved.

Kept on disk beside the key log, because a crash must not give back what was taken: the file is a list of JSON lines,
flushed before web is answered, and shortened at every start. Entries outlive every grant they can concern.

What had been issued by then is told from what came after by web's dates, and wall clocks jump. So a cancellation has two
dates, of the edge's wall and of its steady clock. They differ only after a jump; then everything up to the later one is
taken back, but for what is dated from the earlier one on, by as much time as has passed since: that is new.
"""

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from alpheus.edge.clock import Clock
from alpheus.edge.grants import APART_SECONDS, LIFETIME_SECONDS_MAX, Grant

KEPT_SECONDS = 2 * LIFETIME_SECONDS_MAX
FILE = "cancelled.jsonl"


@dataclass(frozen=True, slots=True)
class Cancellation:
    """One thing taken back; `kind` is grant, stream, account or moved.

    `earlier` and `at` are seconds since 1970, by whichever of the wall and the steady clock was behind and ahead.
    """

    kind: str
    id: str
    earlier: float
    at: float


@dataclass(frozen=True, slots=True)
class _Taken:
    """The dates of the last cancellation of a thing, and when it was on the monotonic clock."""

    earlier: float
    at: float
    moment: float


class Cancellations:
    """The set of what was taken back, on disk."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        """Read what an edge before us was told; lines torn by a crash were never answered for."""
        self._clock = clock
        self._path = folder / FILE
        self._held: dict[tuple[str, str], _Taken] = {}
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
        return self._was_before(grant, ("stream", grant.stream)) or self._was_before(
            grant, ("account", grant.account)
        )

    def has_moved(self, grant: Grant) -> bool:
        """Whether the grant's account was given to another edge after it was issued."""
        return self._was_before(grant, ("moved", grant.account))

    def _was_before(self, grant: Grant, key: tuple[str, str]) -> bool:
        """Whether a grant had been issued when a thing was taken back."""
        taken = self._held.get(key)
        if taken is None or grant.issued_at > taken.at:
            return False
        passed = self._clock.monotonic() - taken.moment + APART_SECONDS
        return not taken.earlier < grant.issued_at <= min(taken.earlier + passed, taken.at - APART_SECONDS)

    def add(self, named: Iterable[tuple[str, str]]) -> None:
        """Take things back, on disk when this returns. Blocks; call it from a thread.

        Args:
            named: pairs of grant, stream, account or moved and its id.

        Raises:
            OSError: it could not be written; it holds in memory all the same.
        """
        earlier, at = sorted((self._clock.steady(), self._clock.wall()))
        new = [Cancellation(kind, name, earlier, at) for kind, name in named]
        self._take(new)
        with self._path.open("ab") as file:
            file.write(b"".join(_line(item) for item in new))
            file.flush()
            os.fsync(file.fileno())

    def prune(self) -> None:
        """Forget what no grant that still lives can concern."""
        oldest = min(self._clock.steady(), self._clock.wall()) - KEPT_SECONDS
        # Copied first: `add` runs in another thread, and a table that grows while it is read raises.
        for key in [key for key, taken in list(self._held.items()) if taken.at < oldest]:
            self._held.pop(key, None)

    def _take(self, items: Iterable[Cancellation]) -> None:
        for item in items:
            key = (item.kind, item.id)
            before = self._held.get(key)
            at = item.at if before is None else max(item.at, before.at)
            # Read from the file, it was some time ago; to count from now takes back a little more, never less.
            self._held[key] = _Taken(item.earlier, at, self._clock.monotonic())

    def _rewrite(self) -> None:
        draft = self._path.with_suffix(".draft")
        with draft.open("wb") as file:
            file.writelines(
                _line(Cancellation(kind, name, taken.earlier, taken.at))
                for (kind, name), taken in self._held.items()
            )
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._path)


def _line(item: Cancellation) -> bytes:
    written = {"kind": item.kind, "id": item.id, "earlier": item.earlier, "at": item.at}
    return json.dumps(written).encode() + b"\n"


def _lines(path: Path) -> Iterable[Cancellation]:
    if not path.exists():
        return
    for line in path.read_bytes().splitlines():
        try:
            data: Mapping[str, object] = json.loads(line)
            at = float(str(data["at"]))
            yield Cancellation(str(data["kind"]), str(data["id"]), float(str(data.get("earlier", at))), at)
        except (ValueError, KeyError, TypeError):
            continue

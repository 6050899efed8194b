"""After a crash: gates and streams rebuilt from the key log, so that dying gives nobody a fresh budget."""

from dataclasses import dataclass
from pathlib import Path

from alpheus.edge.chain import Record, files, read
from alpheus.edge.gate import SEEK_REFILL, GateState, refilled
from alpheus.edge.streams import GRANTS_MAX, Remembered


@dataclass(frozen=True, slots=True)
class Recovered:
    """What the key log tells: what gates have left now, and where streams were."""

    accounts: dict[str, GateState]
    networks: dict[str, GateState]
    streams: list[Remembered]


def recover(folder: Path, *, now: float, seek_seconds: float, idle_seconds: float, flows: int) -> Recovered:
    """Read the end of an edge's key log.

    Args:
        folder: the key log's.
        now: the steady clock. A wall clock that was set forward between crash and start refills gates; each
            at most to its capacity, once.
        seek_seconds: S; after S/0.1 seconds every gate is full again.
        idle_seconds: after which streams are forgotten.
        flows: how many guests' gates a network has the flow of.
    """
    reach = max(seek_seconds / SEEK_REFILL, idle_seconds)
    gates: dict[str, tuple[float, GateState]] = {}
    networks: dict[str, tuple[float, GateState]] = {}
    streams: dict[str, Remembered] = {}
    for record in _recent(folder, reach):
        at = _number(record.get("t")) / 1000
        _note_gate(gates, record.get("acc"), record.get("gate"), at)
        _note_gate(networks, record.get("net"), record.get("netgate"), at)
        _note_stream(streams, record)
    return Recovered(
        {name: refilled(state, now - at) for name, (at, state) in gates.items()},
        {name: refilled(state, now - at, flows=flows) for name, (at, state) in networks.items()},
        list(streams.values()),
    )


def _recent(folder: Path, reach: float) -> list[Record]:
    """Records of the last `reach` seconds of the log, oldest first, by the log's own dates."""
    newest: list[list[Record]] = []
    last = None
    for path in reversed(files(folder)):
        records = [record for record in read(path) if "stream" in record]
        if not records:
            continue
        newest.append(records)
        last = _number(records[-1].get("t")) if last is None else last
        if _number(records[0].get("t")) < last - reach * 1000:
            break
    oldest = (last or 0.0) - reach * 1000
    found = (record for records in reversed(newest) for record in records)
    return [record for record in found if _number(record.get("t")) >= oldest]


def _note_gate(gates: dict[str, tuple[float, GateState]], name: object, left: object, at: float) -> None:
    if isinstance(name, str) and name and isinstance(left, list) and len(left) == 2:
        gates[name] = at, GateState(_number(left[0]), _number(left[1]))


def _note_stream(streams: dict[str, Remembered], record: Record) -> None:
    name, account = record.get("stream"), record.get("acc")
    if not isinstance(name, str) or not isinstance(account, str):
        return
    described = record.get("grants")
    logged = frozenset(described) if isinstance(described, dict) else frozenset()
    old = streams.pop(name, None)
    if old is not None and len(old.logged) < GRANTS_MAX:
        logged |= old.logged
    network = record.get("net")
    streams[name] = Remembered(
        id=name,
        account=account,
        network=network if isinstance(network, str) else "",
        sequence=int(_number(record.get("seq"))),
        logged=logged,
    )


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0

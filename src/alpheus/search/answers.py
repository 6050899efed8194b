"""What one statement answers to several queries, apart. Pure."""

from collections.abc import Iterable
from uuid import UUID


def by_query(rows: Iterable[tuple[int, int, UUID]], count: int) -> list[list[tuple[int, UUID]]]:
    """Part rows of (query's number, rank, gid) by query, each the highest rank first."""
    parts: list[list[tuple[int, UUID]]] = [[] for _ in range(count)]
    for number, rank, gid in rows:
        parts[number].append((rank, gid))
    for part in parts:
        part.sort(key=lambda row: -row[0])
    return parts

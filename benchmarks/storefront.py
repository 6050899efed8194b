"""The storefront with 5,000 shops of two releases each, all with prices, on both databases.

Answers are made in one process through Django's test client, without a network. BENCH_SHOPS=200 makes it small.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.report import Row, at_most, publish

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import postgresql

ROOT = Path(__file__).parents[1]
PAGE_MS = 100
"""As for every page of ours (benchmarks/browse.py)."""


def main() -> None:
    """Measure and publish."""
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="alpheus-bench-") as named:
        for database in ("SQLite", "PostgreSQL"):
            data = Path(named) / database
            data.mkdir()
            for what, taken in _told(data, database).items():
                rows += _spread(f"{database}: {what}", taken)
    publish("storefront", rows)


def _told(data: Path, database: str) -> dict[str, list[float]]:
    url = postgresql.start().url() if database == "PostgreSQL" else ""
    environment = os.environ | {"ALPHEUS_DATA": str(data), "ALPHEUS_DATABASE_URL": url}
    command = [sys.executable, "-m", "benchmarks.support.selling"]
    done = subprocess.run(command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def _spread(measure: str, taken: Sequence[float]) -> list[Row]:
    return [
        at_most(f"{measure}, p50", round(statistics.median(taken), 2), "ms", PAGE_MS),
        at_most(f"{measure}, worst of {len(taken)}", round(max(taken), 2), "ms", PAGE_MS),
    ]


if __name__ == "__main__":
    main()

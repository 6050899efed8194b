"""What the edge writes, the player reads: answers of every known strategy, opened by the player's own code in node."""

import json
import os
import random
import secrets
import subprocess
import sys
from pathlib import Path

import pytest

from alpheus.edge.strategies.contract import BatchContext, SegmentKey
from alpheus.edge.strategies.known import STRATEGIES

ROOT = Path(__file__).resolve().parents[3]
SIZES = (0, 1, 2, 3, 8, 32)
STREAM = "0123456789abcdef" * 2


def segment_key(grant, rendition, segment):
    return SegmentKey(
        grant,
        rendition,
        segment,
        secrets.token_urlsafe(42),
        f"68a1b2c3.{secrets.token_urlsafe(16)}",
        secrets.token_bytes(16),
        secrets.token_bytes(16),
    )


def vector(strategy, size, number):
    """An answer as an edge writes it, and what a player must read of it."""
    grants = [secrets.token_hex(16) for _ in range(2)]
    keys = [
        segment_key(grants[place > size // 2], random.choice(["aac-64", "flac"]), place)
        for place in range(size)
    ]
    # Nobody wants one grant in two renditions at once.
    keys = [key for key in keys if key.rendition == next(k.rendition for k in keys if k.grant == key.grant)]
    batch = BatchContext(STREAM if number % 2 == 0 else secrets.token_hex(16), 100 + number, 483_920)
    answer = {
        "sequence": batch.sequence,
        "epoch": batch.epoch,
        "strategy": strategy.name,
        "released": strategy.shape(keys, batch),
    }
    releases = [
        {
            "grant": key.grant,
            "rendition": key.rendition,
            "segment": key.segment,
            "url": f"/s/{strategy.path_of(key.name)}?t={key.token}",
            "key": key.key.hex(),
            "iv": key.iv.hex(),
        }
        for key in keys
    ]
    return {"stream": batch.stream, "answer": answer, "releases": releases}


@pytest.mark.skipif(not (ROOT / "node_modules" / "esbuild").is_dir(), reason="run `make assets`")
def test_what_the_edge_writes_the_player_reads(tmp_path):
    vectors = [
        vector(strategy, size, number)
        for strategy in STRATEGIES.values()
        for number, size in enumerate(SIZES * 3)
    ]
    file = tmp_path / "vectors.json"
    file.write_text(json.dumps(vectors))
    done = subprocess.run(
        [
            str(ROOT / "tools" / "with-node"),
            sys.executable,
            "node",
            "tests/web/browser/run.mjs",
            "strategies",
        ],
        cwd=ROOT,
        env=os.environ | {"ALPHEUS_STRATEGY_VECTORS": str(file)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "# skipped 0" in done.stdout or "skipped 0" in done.stdout

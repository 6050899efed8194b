"""docs/strategies.md tells how to add a strategy: its example, added as told, passes what every strategy passes."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from edge.strategies.test_in_the_player import ROOT, SIZES, segment_key, vector

from alpheus.edge.strategies.contract import BatchContext
from alpheus.edge.strategies.known import STRATEGIES

PAGE = (ROOT / "docs" / "strategies.md").read_text()
EDGE, READER = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
(PLAYER,) = re.findall(r"```ts\n(.*?)```", PAGE, re.DOTALL)
(LINE,) = re.findall(r"`(reef: \(\) => import\(\"\./reef\"\),)`", PAGE)


@pytest.fixture
def reef():
    room = {}
    exec(EDGE, room)
    return room["Reef"]()


def test_its_paths_are_its_own(reef):
    name = segment_key("a" * 32, "flac", 1).name
    assert reef.name_of(reef.path_of(name)) == name
    assert not [one.name for one in STRATEGIES.values() if one.name_of(reef.path_of(name)) is not None]
    assert not [one.name for one in STRATEGIES.values() if reef.name_of(one.path_of(name)) is not None]


def test_its_reader_reads_it(reef):
    room = {}
    exec(READER, room)
    keys = [segment_key("a" * 32, "flac", number) for number in range(9)]
    batch = BatchContext("5" * 32, 1, 2)
    assert room["read_reef"](reef.shape(keys, batch), batch) == [
        (key.grant, "flac", key.segment, f"/s/{reef.path_of(key.name)}?t={key.token}", key.key, key.iv)
        for key in keys
    ]


@pytest.mark.skipif(not (ROOT / "node_modules" / "esbuild").is_dir(), reason="run `make assets`")
def test_the_player_reads_it_beside_the_others(reef, tmp_path):
    browser = added_to_the_player(tmp_path)
    strategies = [*STRATEGIES.values(), reef]
    vectors = [vector(one, size, number) for one in strategies for number, size in enumerate(SIZES * 2)]
    (tmp_path / "vectors.json").write_text(json.dumps(vectors))
    done = subprocess.run(
        [str(ROOT / "tools" / "with-node"), sys.executable, "node", str(browser / "run.mjs"), "strategies"],
        cwd=ROOT,
        env=os.environ | {"ALPHEUS_STRATEGY_VECTORS": str(tmp_path / "vectors.json")},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "reef reads all that an edge writes, on plain http" in done.stdout


def added_to_the_player(folder: Path) -> Path:
    """A copy of the player's code with the page's file and line in it; gives where its tests are."""
    source, tests = Path("src/alpheus/web/browser"), Path("tests/web/browser")
    shutil.copytree(ROOT / source, folder / source)
    (folder / tests).mkdir(parents=True)
    for name in ("run.mjs", "strategies.test.ts"):
        shutil.copy(ROOT / tests / name, folder / tests)
    (folder / "node_modules").symlink_to(ROOT / "node_modules")
    strategies = folder / source / "strategies"
    (strategies / "reef.ts").write_text(PLAYER)
    loader = strategies / "load.ts"
    text = loader.read_text()
    first = '  ladder: () => import("./ladder"),\n'
    assert first in text
    loader.write_text(text.replace(first, f"{first}  {LINE}\n"))
    return folder / tests

"""Real music to measure with: that of five Debian packages, all freely licensed, or any folder that BENCH_MUSIC names."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

PACKAGES = ("wesnoth-1.16-music", "ufoai-music", "warzone2100-music", "supertux-data", "hedgewars-data")
_CACHE = Path(os.environ.get("XDG_CACHE_HOME", "~/.cache")).expanduser() / "alpheus-bench" / "music"


def folder(pieces_least: int) -> Path:
    """Give the folder of music, fetched by apt-get and unpacked if need be.

    Args:
        pieces_least: how many pieces a folder must hold that is named instead, to say so.
    """
    named = os.environ.get("BENCH_MUSIC")
    if named:
        return Path(named)
    if shutil.which("apt-get") is None or shutil.which("dpkg") is None:
        sys.exit(f"Name a folder of at least {pieces_least} pieces: BENCH_MUSIC=/path make bench B=...")
    _CACHE.mkdir(parents=True, exist_ok=True)
    for package in PACKAGES:
        if not (_CACHE / package).is_dir():
            with tempfile.TemporaryDirectory(dir=_CACHE) as draft:
                subprocess.run(["apt-get", "download", "-qq", package], cwd=draft, check=True)
                archive = next(Path(draft).glob("*.deb"))
                subprocess.run(["dpkg", "-x", str(archive), f"{draft}/tree"], check=True)
                for pack in Path(draft).rglob("*.pk3"):  # a game's zip of music
                    shutil.unpack_archive(pack, pack.with_suffix(""), "zip")
                (Path(draft) / "tree").rename(_CACHE / package)
    return _CACHE

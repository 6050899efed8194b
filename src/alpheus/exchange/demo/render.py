"""Render the demo: music, sleeves and words as a folder of tagged FLAC files, such as a person might have."""

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

import numpy as np
import numpy.typing as npt

from alpheus.audio.write import write_flac
from alpheus.exchange.demo import art, catalogue
from alpheus.exchange.demo.catalogue import Release, Track
from alpheus.exchange.demo.synth.sound import RATE_HZ, Stereo
from alpheus.exchange.demo.words import Line, lrc

_VERSION_FILE = ".version"
_FORBIDDEN_IN_NAMES = str.maketrans({"/": "-", "\\": "-", ":": "-", "\0": ""})


class Piece(Protocol):
    """What a module in `pieces` gives."""

    def render(self) -> Stereo:
        """Play and mix the piece."""

    def cuts(self) -> tuple[int, ...]:
        """Give the samples at which further tracks begin; a piece of one track lacks this."""

    def words(self) -> tuple[Line, ...]:
        """Give the words with their times; a piece without words lacks this."""


def render_demo(folder: Path, *, jobs: int, on_piece: Callable[[Path], None]) -> None:
    """Render what is not there yet, the first piece first.

    Args:
        folder: where the demo lies; made if absent.
        jobs: processes beside this one that render; with 0 all is rendered here.
        on_piece: told each file, in the order of importance, as soon as it is there.
    """
    _begin(folder)
    wanted = [
        (release, piece)
        for release in catalogue.RELEASES
        for piece in release.pieces
        if not all(file_of(folder, release, track).exists() for track in _tracks(release, piece))
    ]
    for files in _rendered(folder, wanted, jobs):
        for file in files:
            on_piece(file)


def file_of(folder: Path, release: Release, track: Track) -> Path:
    """Give the file of a track."""
    artist, title = (part.translate(_FORBIDDEN_IN_NAMES) for part in (release.artist, release.title))
    return folder / artist / title / f"{track.number:02d} {track.title.translate(_FORBIDDEN_IN_NAMES)}.flac"


def _begin(folder: Path) -> None:
    """Make the folder; what an earlier version of the demo left goes."""
    folder.mkdir(parents=True, exist_ok=True)
    version = folder / _VERSION_FILE
    if version.exists() and version.read_text() == catalogue.VERSION:
        return
    for old in [*folder.rglob("*.flac"), *folder.rglob("*.lrc")]:
        old.unlink()
    version.write_text(catalogue.VERSION)


def _rendered(folder: Path, wanted: Sequence[tuple[Release, str]], jobs: int) -> Iterator[list[Path]]:
    """Render the first piece here, without waiting for a process to start, and the others beside it."""
    if not jobs or len(wanted) < 2:
        yield from (write_piece(folder, release, piece) for release, piece in wanted)
        return
    # The first piece has the machine to itself until it plays.
    yield write_piece(folder, *wanted[0])
    # Spawned, not forked: this process may hold a database and threads.
    spawning = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=spawning, initializer=_step_aside) as pool:
        others = [pool.submit(partial(write_piece, folder, release, piece)) for release, piece in wanted[1:]]
        for other in others:
            yield other.result()


def _step_aside() -> None:
    """Let whoever listens already go first."""
    os.nice(10)


def write_piece(folder: Path, release: Release, name: str) -> list[Path]:
    """Render a piece and write its tracks with their words beside them; returns the files."""
    piece = cast("Piece", import_module(f"alpheus.exchange.demo.pieces.{name}"))
    sound, sleeve = integers(piece.render()), art.cover(release.cover)
    cuts = piece.cuts() if hasattr(piece, "cuts") else ()
    parts = np.split(sound, cuts)
    files = []
    for track in _tracks(release, name):
        file = file_of(folder, release, track)
        file.parent.mkdir(parents=True, exist_ok=True)
        if track.words:
            text = lrc(piece.words(), title=track.title, artist=track.artist, language=track.words)
            file.with_suffix(".lrc").write_text(text, encoding="utf-8")
        write_flac(file, parts[track.part], rate_hz=RATE_HZ, comments=tags(release, track), png=sleeve)
        files.append(file)
    return files


def tags(release: Release, track: Track) -> list[tuple[str, str]]:
    """Give the Vorbis comments of a track."""
    told = [
        ("TITLE", track.title),
        ("ARTIST", track.artist),
        ("ALBUM", release.title),
        ("ALBUMARTIST", release.artist),
        ("TRACKNUMBER", str(track.number)),
        ("TRACKTOTAL", str(len(release.tracks))),
        ("DISCNUMBER", "1"),
        ("DATE", release.date),
        ("RELEASETYPE", release.type),
        ("LANGUAGE", track.words or track.language),
        ("LABEL", release.label),
        ("ARTISTSORT", catalogue.SORT_NAMES.get(track.artist, "")),
        ("ALBUMARTISTSORT", catalogue.SORT_NAMES.get(release.artist, "")),
        *(("GENRE", genre) for genre in release.genres),
    ]
    # Roles that have a comment of their own; the others are written as performers with their part.
    for role, person in track.roles:
        own = role in {"composer", "lyricist", "arranger", "producer"}
        told.append((role.upper(), person) if own else ("PERFORMER", f"{person} ({role})"))
    return [(name, value) for name, value in told if value]


def integers(sound: Stereo) -> npt.NDArray[np.int16]:
    """Round to 16 bits with triangular dither of one step (Lipshitz, Wannamaker, Vanderkooy, 1992), seeded."""
    rng = np.random.default_rng(16)
    noise = rng.random(sound.shape, dtype=np.float32) - rng.random(sound.shape, dtype=np.float32)
    # Silence at the ends stays digital silence.
    noise *= sound != 0
    return np.clip(np.rint(sound * np.float32(32_767) + noise), -32_768, 32_767).astype(np.int16)


def _tracks(release: Release, piece: str) -> list[Track]:
    return [track for track in release.tracks if track.piece == piece]

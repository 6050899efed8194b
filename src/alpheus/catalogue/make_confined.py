"""Have artwork made in a process of its own: an image that somebody sent costs whoever asks neither memory nor time."""

import base64
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any, Final

import alpheus
from alpheus.catalogue.artwork import (
    BYTES_MAX,
    COVER,
    FORMATS,
    Artwork,
    Shape,
    Tint,
    digest_of,
    too_many_bytes,
)
from alpheus.catalogue.confined import ANSWER_BYTES_MAX, CPU_SECONDS_MAX
from alpheus.catalogue.errors import CoverRefused

SECONDS_MAX: Final = 4 * CPU_SECONDS_MAX
"""By the wall: a machine under load takes longer than its CPU time."""
_PROGRAM = ["-m", "alpheus.catalogue.confined"]
_PLACEHOLDER = re.compile(r"data:image/webp;base64,[A-Za-z0-9+/=]{1,4000}")
_ONE_BY_ONE = threading.Lock()
"""One image at a time in a process: who sends many at once makes them wait, and does not multiply what one takes."""


def make_confined(source: bytes, shape: Shape = COVER) -> Artwork:
    """Make artwork of an image file's bytes, as `artwork.make` does, in a process with limits.

    Raises:
        CoverRefused: it cannot be artwork, or takes more memory or time than is allowed.
    """
    if len(source) > BYTES_MAX:
        raise too_many_bytes(len(source))
    with _ONE_BY_ONE:
        said = _asked(source, shape)
    try:
        answer = json.loads(said)
        if "refused" in answer:
            reason, remedy = answer["refused"]
            raise CoverRefused(str(reason), str(remedy))
        return _read(answer, digest_of(source, shape))
    except (ValueError, TypeError, KeyError) as error:  # whoever took the process over says what they like
        raise _costs_too_much() from error


def _asked(source: bytes, shape: Shape) -> bytes:
    with tempfile.TemporaryFile() as answer:
        try:
            subprocess.run(  # noqa: S603 - our own interpreter and module
                [sys.executable, "-P", *_PROGRAM, shape.name],
                input=source,
                stdout=answer,
                stderr=subprocess.DEVNULL,
                env=_environment(),
                timeout=SECONDS_MAX,
                check=True,
            )
        except subprocess.SubprocessError as error:
            raise _costs_too_much() from error
        answer.seek(0)
        return answer.read(ANSWER_BYTES_MAX)


def _read(answer: dict[str, Any], digest: str) -> Artwork:
    """Read an answer, of which nothing is believed that would become a path or a part of a page."""
    images = {
        (int(width), FORMATS[extension] and extension): base64.b64decode(data, validate=True)
        for width, extension, data in answer["images"]
    }
    hue, chroma = (float(it) for it in answer["tint"])
    if not _PLACEHOLDER.fullmatch(answer["placeholder"]):
        raise ValueError(answer["placeholder"])
    widths = tuple(sorted({width for width, _ in images}))
    return Artwork(digest, widths, images, Tint(hue, chroma), answer["placeholder"])


def _costs_too_much() -> CoverRefused:
    return CoverRefused(
        "The image takes more memory or time than we allow, or is damaged.",
        "Save it anew as JPEG or PNG; 3000 x 3000 pixels are plenty.",
    )


def _environment() -> dict[str, str]:
    """Give the process nothing of ours but where our code is: no settings, no secrets."""
    kept = {it: os.environ[it] for it in ("PATH", "LANG", "LC_ALL", "VIRTUAL_ENV") if it in os.environ}
    ours = str(Path(alpheus.__path__[0]).parent)
    return {**kept, "PYTHONPATH": ours, "OPENBLAS_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "1"}

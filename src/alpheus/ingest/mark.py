"""Where variant B comes from: the seam that the watermark will fill."""

from collections.abc import Callable
from pathlib import Path

from alpheus.audio.pcm import Pcm

# Takes a recording's samples and a folder for files of its own; gives variant B's, equally many at the same rate.
Mark = Callable[[Pcm, Path], Pcm]


def unmarked(samples: Pcm, folder: Path) -> Pcm:  # noqa: ARG001 - a mark has the folder; this one needs none
    """Give A's samples as B's: both variants hold the same bytes."""
    return samples

"""The program in which images that somebody sent are decoded: `python -m alpheus.catalogue.confined [SHAPE]`.

It lays limits on itself before it looks at anything, reads an image file from standard input, and writes one line of JSON:
the artwork, or why there is none. What it is given can cost it its own memory and time, and nobody else's.
"""

import base64
import json
import sys
from typing import TYPE_CHECKING, Any, Final

from alpheus.audio.confined import confine

if TYPE_CHECKING:
    from alpheus.catalogue.artwork import Artwork

MEMORY_BYTES_MAX: Final = 3 * 2**29
"""Address space. Of images of 64,000,000 pixels, which are the largest that are accepted, WebP takes most: 1,032 MiB of memory,
PNG and AVIF with alpha 571 and 783, JPEG 300 (noise, measured on two cores; tests/catalogue/test_confined.py)."""
CPU_SECONDS_MAX: Final = 30.0
"""The same images take up to 3.3 s."""
ANSWER_BYTES_MAX: Final = 16 * 2**20
"""A cover's twelve images, of noise alone, have a quarter of it, and a header's of up to 2400 x 1200 pixels two thirds."""


def main() -> None:
    """Make artwork within the limits, in the shape that is asked for or a cover's, and answer."""
    confine(MEMORY_BYTES_MAX, cpu_seconds=CPU_SECONDS_MAX, file_bytes=ANSWER_BYTES_MAX)
    # Imported here: whatever loading costs, it costs within the limits.
    from PIL import AvifImagePlugin  # noqa: PLC0415

    from alpheus.catalogue import artwork  # noqa: PLC0415
    from alpheus.catalogue.errors import CoverRefused  # noqa: PLC0415

    AvifImagePlugin.DEFAULT_MAX_THREADS = 1  # on many cores the stacks alone would pass the limit
    shape = artwork.SHAPES[sys.argv[1]] if len(sys.argv) > 1 else artwork.COVER
    try:
        answer: dict[str, Any] = told(artwork.make(sys.stdin.buffer.read(artwork.BYTES_MAX + 1), shape))
    except CoverRefused as error:
        answer = {"refused": [error.reason, error.remedy]}
    except MemoryError:
        answer = {"refused": ["The image needs more memory than we allow.", "Make it smaller."]}
    sys.stdout.write(json.dumps(answer))


def told(made: "Artwork") -> dict[str, Any]:
    """Artwork as JSON can say it."""
    return {
        "digest": made.digest,
        "tint": [made.tint.hue, made.tint.chroma],
        "placeholder": made.placeholder,
        "images": [
            [width, extension, base64.b64encode(data).decode()]
            for (width, extension), data in made.images.items()
        ],
    }


if __name__ == "__main__":
    main()

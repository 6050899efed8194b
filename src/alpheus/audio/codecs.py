"""What the installed PyAV can do, for whoever checks an installation."""

import av

NEEDED = ("aac", "flac")


def missing() -> tuple[str, ...]:
    """Encoders that ingest needs and this PyAV lacks."""
    return tuple(name for name in NEEDED if name not in av.codecs_available)


def version() -> str:
    """The version of PyAV."""
    return av.__version__

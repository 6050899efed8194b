"""The program that the confined process runs: `python -m alpheus.audio.confined`.

It takes one JSON order on standard input, lays limits on itself, obeys, and writes JSON lines: `{"seconds": ...}` as
it goes, then `{"result": ...}` or `{"refused": [kind, reason, remedy]}`.
"""

import errno
import json
import math
import os
import resource
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from alpheus.audio.errors import AudioError, DiskFull, LimitExceeded, Unreadable
from alpheus.audio.limits import Limits

_REPORT_EVERY_SECONDS = 0.2


def main() -> None:
    """Read the order, obey it within the limits, answer."""
    order = json.load(sys.stdin)
    limits = Limits(**order["limits"])
    confine(limits.memory_bytes_max, cpu_seconds=order["cpu_seconds"], file_bytes=order["file_bytes"])
    try:
        answer: dict[str, Any] = {"result": _obey(order, limits)}
    except AudioError as error:
        answer = {"refused": [type(error).__name__, error.reason, error.remedy]}
    except OSError as error:
        answer = {"refused": _trouble(error)}
    except MemoryError:
        refusal = LimitExceeded(
            "Decoding it needs more memory than we allow.", "Export it again as FLAC or WAV."
        )
        answer = {"refused": [LimitExceeded.__name__, refusal.reason, refusal.remedy]}
    _say(answer)


def _trouble(error: OSError) -> list[str]:
    """Say why reading or writing failed: Python ignores the signal of a too large file and raises instead."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return [DiskFull.__name__, "The disk is full.", "Make room, or set TMPDIR to a larger disk."]
    if error.errno == errno.EFBIG:
        return [LimitExceeded.__name__, "Decoded it is larger than we allow.", "Split it into pieces."]
    if error.errno == errno.ENOMEM:
        return [
            LimitExceeded.__name__,
            "Decoding it needs more memory than we allow.",
            "Export it again as FLAC.",
        ]
    return [Unreadable.__name__, f"It cannot be read: {error.strerror}.", "Check the disk it lies on."]


def _say(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def confine(memory_bytes: int, *, cpu_seconds: float, file_bytes: int) -> None:
    """Lay limits on this process for good: its address space, its CPU time, and how much it may write."""
    for what, most in (
        (resource.RLIMIT_AS, memory_bytes),
        (resource.RLIMIT_CPU, math.ceil(cpu_seconds)),
        (resource.RLIMIT_FSIZE, file_bytes),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 64),
    ):
        with suppress(ValueError, OSError):  # macOS has no limit on address space
            resource.setrlimit(what, (most, most))
    with suppress(OSError):
        os.nice(5)  # listeners first


def _obey(order: dict[str, Any], limits: Limits) -> dict[str, Any]:
    # Imported here: a process that starts from nothing loads FFmpeg's libraries only once the limits hold.
    from alpheus.audio import decoder, inspection  # noqa: PLC0415

    source = Path(os.fsdecode(bytes.fromhex(order["source"])))
    if order["verb"] == "inspect":
        return inspection.inspect(source, limits)
    if order["verb"] == "tags":
        return inspection.tags(source, limits)
    target = Path(os.fsdecode(bytes.fromhex(order["target"])))
    tally = decoder.decode_to(
        source, target, rate_hz=order["rate_hz"], limits=limits, on_seconds=_now_and_then()
    )
    return {**asdict(tally), "rates_hz": sorted(tally.rates_hz)}


def _now_and_then() -> Callable[[float], None]:
    """Report progress, but seldom."""
    last = time.monotonic()

    def report(seconds: float) -> None:
        nonlocal last
        if time.monotonic() - last > _REPORT_EVERY_SECONDS:
            last = time.monotonic()
            _say({"seconds": seconds})

    return report


if __name__ == "__main__":
    main()

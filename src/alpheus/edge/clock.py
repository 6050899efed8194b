"""The edge's clocks. Wall clocks jump; nothing that guards music or memory may.

`monotonic` measures: gates, expiry, grace. `steady` is the wall's time at start plus what `monotonic` measured
since: it dates the key log and numbers epochs, and does not jump either. `wall` is used only where somebody
else's date is read, and there beside `steady`.
"""

import time
from typing import Protocol


class Clock(Protocol):
    """Seconds, as floats."""

    def monotonic(self) -> float:
        """Seconds since some moment; never goes back."""
        ...

    def wall(self) -> float:
        """Seconds since 1970 as the machine believes now; may jump."""
        ...

    def steady(self) -> float:
        """Seconds since 1970 as the machine believed at start, measured on from there; never jumps."""
        ...


class SystemClock:
    """The machine's clocks."""

    def __init__(self) -> None:
        self._offset = time.time() - time.monotonic()

    def monotonic(self) -> float:
        """See `Clock`."""
        return time.monotonic()

    def wall(self) -> float:
        """See `Clock`."""
        return time.time()

    def steady(self) -> float:
        """See `Clock`."""
        return time.monotonic() + self._offset

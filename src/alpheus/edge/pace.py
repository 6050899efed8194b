"""How often somebody may POST: a token bucket each, by the generic cell rate algorithm (ITU-T I.371)."""

from collections import OrderedDict

from alpheus.edge.errors import TooManyRequests


class Pace:
    """Counts POSTs by name, a number each; a name silent for long enough is as good as a new one."""

    def __init__(self, *, per_second: float, burst: int, most: int) -> None:
        """Begin with nobody.

        Args:
            per_second: POSTs that flow in.
            burst: POSTs at once, after a silence.
            most: names remembered; those silent for longest are forgotten, which only lets them POST again.
        """
        self._step = 1 / per_second
        self._burst_seconds = burst / per_second
        self._most = most
        self._full_at: OrderedDict[str, float] = OrderedDict()

    def __len__(self) -> int:
        return len(self._full_at)

    def take(self, name: str, *, now: float) -> None:
        """Count one POST, at this time of the monotonic clock.

        Raises:
            TooManyRequests: there were too many; it says when the next is let in. It is not counted.
        """
        full_at = max(self._full_at.get(name, now), now) + self._step
        wait = full_at - now - self._burst_seconds
        if wait > 1e-9:  # rounding of sums of steps
            raise TooManyRequests(
                "A player asks a few times a minute. Ask again later.", retry_after_seconds=wait
            )
        self._full_at[name] = full_at
        self._full_at.move_to_end(name)
        if len(self._full_at) > self._most:
            self._full_at.popitem(last=False)

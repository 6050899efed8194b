"""A recording's peaks as an SVG path: the current's bars."""

WIDTH, HEIGHT = 600, 64
"""The path's own units; the page stretches it."""
MIDDLE = HEIGHT / 2
SMALLEST = 2
"""Half the height of a bar where it is silent, so that time passes visibly."""


def bars(peaks: bytes | memoryview | None, count: int = 96) -> str:
    """Draw peaks (unsigned bytes) as `count` vertical bars around the middle; empty without peaks."""
    values = bytes(peaks or b"")
    if not values:
        return ""
    heights = loudest_of_each(values, count)
    # The loudest bar fills the height, so that a quiet piece still has a shape.
    loudest, step = max(*heights, 1), WIDTH / count
    halves = (max(SMALLEST, height / loudest * (MIDDLE - 4)) for height in heights)
    return "".join(
        f"M{step * (place + 0.5):.0f} {MIDDLE - half:.0f}V{MIDDLE + half:.0f}"
        for place, half in enumerate(halves)
    )


def loudest_of_each(peaks: bytes, count: int) -> list[int]:
    """The loudest of what falls into each of `count` bars, 0 to 255."""
    return [
        max(peaks[place * len(peaks) // count : max((place + 1) * len(peaks) // count, 1)], default=0)
        for place in range(count)
    ]

"""Fractional keys: places between places, so that moving one item writes one row. Pure.

A key is a whole number, then digits of a fraction, all in base 62 and in the order of their bytes. The first letter of
the number says how many digits follow (`a`: 1, `b`: 2 …; `Z`: 1, `Y`: 2 … for those below zero), so that ten
thousand appended keys take four bytes each (D. Greenspan, Implementing fractional indexing, 2020).
"""

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_BASE = len(_DIGITS)
_FIRST = "a0"


def between(before: str | None, after: str | None) -> str:
    """Make the key of a place after one and before another; None is the beginning or the end.

    Raises:
        ValueError: `before` does not come before `after`.
    """
    if before is None:
        return _FIRST if after is None else _ahead_of(after)
    number, fraction = _split(before)
    following = _stepped(number, 1)
    if after is None:
        return following or number + _middle(fraction, None)
    if before >= after:
        raise ValueError(f"{before!r} does not come before {after!r}.")
    upper, upper_fraction = _split(after)
    if number == upper:
        return number + _middle(fraction, upper_fraction)
    return following if following and following < after else number + _middle(fraction, None)


def spread(before: str | None, after: str | None, count: int) -> list[str]:
    """Make the keys of so many places in order, after one and before another."""
    if count == 0:
        return []
    if after is None:
        keys = [between(before, None)]
        while len(keys) < count:
            keys.append(between(keys[-1], None))
        return keys
    middle, half = between(before, after), count // 2
    return [*spread(before, middle, half), middle, *spread(middle, after, count - half - 1)]


def _ahead_of(after: str) -> str:
    number, fraction = _split(after)
    if fraction:
        return number
    earlier = _stepped(number, -1)
    if earlier is None:
        raise ValueError("No place is before the smallest number.")  # after 62^26 steps down
    return earlier


def _split(key: str) -> tuple[str, str]:
    """A key's number and its fraction."""
    length = 1 + _digits_of(key[0])
    return key[:length], key[length:]


def _digits_of(head: str) -> int:
    return ord(head) - ord("a") + 1 if head >= "a" else ord("Z") - ord(head) + 1


def _stepped(number: str, step: int) -> str | None:
    """The next number up or down; None where all are used up (62^26 of them)."""
    value = [_DIGITS.index(digit) for digit in number[1:]]
    for place in reversed(range(len(value))):
        value[place] += step
        if 0 <= value[place] < _BASE:
            return number[0] + "".join(_DIGITS[digit] for digit in value)
        value[place] %= _BASE
    return _with_another_head(number[0], step)


def _with_another_head(head: str, step: int) -> str | None:
    """The first number of the next head: after `az` comes `b00`, before `a0` comes `Zz`."""
    if (head, step) in {("z", 1), ("A", -1)}:
        return None
    following = {("Z", 1): "a", ("a", -1): "Z"}.get((head, step), chr(ord(head) + step))
    return following + (_DIGITS[0] if step > 0 else _DIGITS[-1]) * _digits_of(following)


def _middle(lower: str, upper: str | None) -> str:
    """The digits of a fraction between two; None is one. No fraction ends in zero, so there is always room."""
    shared = 0
    if upper is not None:
        while (lower[shared] if shared < len(lower) else _DIGITS[0]) == upper[shared]:
            shared += 1
    if upper is not None and shared:
        return upper[:shared] + _middle(lower[shared:], upper[shared:])
    low = _DIGITS.index(lower[0]) if lower else 0
    high = _DIGITS.index(upper[0]) if upper else _BASE
    if high - low > 1:
        return _DIGITS[(low + high) // 2]
    if upper is not None and len(upper) > 1:
        return upper[0]
    return _DIGITS[low] + _middle(lower[1:], None)

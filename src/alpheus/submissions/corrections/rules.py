"""Which change of a title is a slip of the pen. Pure decisions.

A person heard a release under its title; what that person would have to look at again is a new version's. A slip is
at most two letters (of ten or more, in shorter titles fewer), and never another number, word or script: so no
series of slips or clever letter turns one song's title into another's.
"""

import re
import unicodedata

from rapidfuzz.distance import OSA

EDITS_MAX = 2
"""Letters put in, left out, exchanged or swapped with their neighbour (optimal string alignment)."""
SHARE_MAX = 0.2
"""Of the letters that the title has: a fifth."""

_DIGITS = re.compile(r"\d+")


def is_slip(before: str, after: str) -> bool:
    """Whether a title differs from the one that was heard by no more than a slip of the pen.

    Upper and lower case, full-width forms and spaces around it are no difference at all.
    """
    old, new = _folded(before), _folded(after)
    if not old or not new:
        return False
    if _DIGITS.findall(old) != _DIGITS.findall(new) or len(new.split()) > len(old.split()):
        return False
    if not _scripts(new) <= _scripts(old):
        return False
    letters = sum(it.isalnum() for it in old)
    return OSA.distance(old, new) <= min(EDITS_MAX, int(letters * SHARE_MAX))


def are_slips(before: str, after: str) -> bool:
    """The same of titles of discs, one a line: none more and none fewer, and each as it was or a slip."""
    old, new = before.split("\n"), after.split("\n")
    return len(old) == len(new) and all(a == b or is_slip(a, b) for a, b in zip(old, new, strict=True))


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _scripts(text: str) -> set[str]:
    """Scripts of its letters, by the first word of their names: LATIN, CJK, HIRAGANA."""
    return {unicodedata.name(it, "UNNAMED").partition(" ")[0] for it in text if it.isalpha()}

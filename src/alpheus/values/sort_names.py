"""Sort names: what a list of names is ordered by, the same in every database."""

import re

from alpheus.values.romanisation import romanised

_ARTICLE = re.compile(r"(the|a|an|les|le|la|los|las|el|die|der|das) (?=\S)")
_MAX = 400


def sort_name(name: str) -> str:
    """Write a name to sort by: romanised in lower case, a leading article at the end: "beatles, the".

    A name without any letter sorts by itself, before all others; by what of it can be printed, since cursors carry it.
    """
    plain = romanised(name)[:_MAX]
    found = _ARTICLE.match(plain)
    if found:
        return f"{plain[found.end() :]}, {found.group(1)}"
    return plain or f" {''.join(filter(str.isprintable, name)).strip()}"[:_MAX]

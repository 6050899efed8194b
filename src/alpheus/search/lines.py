"""Which line of lyrics somebody meant. Pure."""

from collections.abc import Sequence

from alpheus.search.tokens import Group, Term, line_query, line_tokens


def best_line(lines: Sequence[str], text: str) -> int | None:
    """Tell which line holds most of what was typed, the first of those that hold as much; None when none holds any."""
    groups = line_query(text)
    held = [_held(line, groups) for line in lines]
    most = max(held, default=0)
    return held.index(most) if most else None


def _held(line: str, groups: Sequence[Group]) -> int:
    tokens = line_tokens([line])
    return sum(any(all(_holds(tokens, term) for term in way) for way in group) for group in groups)


def _holds(tokens: set[str], term: Term) -> bool:
    return term.text in tokens or (term.prefix and any(token.startswith(term.text) for token in tokens))

"""Territories by their names in the page's language, to choose from."""

from alpheus.values.territory import CODES
from alpheus.web.templatetags.words import territory


def countries() -> list[tuple[str, str]]:
    """Every territory's code and name, in the order of the names."""
    named = [(code, territory(code)) for code in CODES]
    return sorted(named, key=lambda it: it[1].casefold())

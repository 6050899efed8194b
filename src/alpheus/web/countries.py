"""Territories by their names in the page's language, to choose from."""

from alpheus.values.territory import CODES
from alpheus.web.templatetags.words import locale


def countries() -> list[tuple[str, str]]:
    """Every territory's code and name, in the order of the names."""
    spoken = locale()
    named = [(code, spoken.territories.get(code, code)) for code in CODES]
    return sorted(named, key=lambda it: it[1].casefold())


def country(code: str) -> str:
    """A territory's name; its code where the language has none."""
    return str(locale().territories.get(code, code))

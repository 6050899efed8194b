"""Addresses of the web that somebody typed."""

from alpheus.values.text import line

LINKS_MAX = 10
_CHARACTERS = 500


def web_addresses(text: str) -> str:
    """The addresses in a text, one a line; whatever else was typed is left out, and a bare name is one."""
    rows = [line(row, limit=_CHARACTERS) for row in text.replace(",", "\n").split()]
    named = [
        row if row.startswith(("https://", "http://")) else f"https://{row}" for row in rows if "." in row
    ]
    return "\n".join(dict.fromkeys(named[:LINKS_MAX]))

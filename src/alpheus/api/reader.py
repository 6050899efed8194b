"""Whose order names are in: that of the language which the caller reads (`Accept-Language`)."""

from django.utils.translation import get_language

from alpheus.values.collation import Reader, reader_of


def reader() -> Reader:
    """Tell it, as far as that language has an order of its own."""
    return reader_of(get_language() or "")

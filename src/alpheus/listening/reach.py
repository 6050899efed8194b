"""Which edges a page may connect to: its policy names those that were known when it was loaded, and stays as it is.

The list travels sealed, so that nobody chooses an edge by leaving others out: guests of a network share a gate an edge.
"""

from datetime import timedelta

from django.core import signing

from alpheus.listening.terms import Terms

KEPT = timedelta(days=7)
"""A page that has been open for longer is given any edge."""
_SALT = "alpheus.listening.reach"


def sealed(terms: Terms) -> str:
    """The edges that a page which is made now will know, for its player to carry along."""
    return signing.dumps([edge.id for edge in terms.edges], salt=_SALT)


def opened(text: str) -> frozenset[str] | None:
    """Ids of the edges in what `sealed` made; None, for any, when it is not ours or too old."""
    try:
        return frozenset(signing.loads(text, salt=_SALT, max_age=KEPT))
    except signing.BadSignature:
        return None

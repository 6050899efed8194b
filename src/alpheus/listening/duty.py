"""An edge is put in service or drained: whether it gets new streams; those that it has go on."""

from datetime import datetime

from alpheus.listening.errors import EdgeUnknown
from alpheus.listening.models import EdgeDuty
from alpheus.listening.terms import Terms


def put(*, edge: str, serving: bool, terms: Terms, now: datetime) -> None:
    """Let an edge have new streams, or no more of them, from the next press of play on.

    Raises:
        EdgeUnknown: the installation names no such edge.
    """
    if edge not in {known.id for known in terms.edges}:
        known = ", ".join(known.id for known in terms.edges)
        raise EdgeUnknown(f"No edge is called {edge!r}; there are {known}.")
    EdgeDuty.objects.update_or_create(edge=edge, defaults={"serving": serving, "changed_at": now})


def serving(terms: Terms) -> frozenset[str]:
    """Which edges get new streams: by the operator's latest command, else by the settings."""
    told = dict(EdgeDuty.objects.values_list("edge", "serving"))
    return frozenset(edge.id for edge in terms.edges if told.get(edge.id, edge.serving))

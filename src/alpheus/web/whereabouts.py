"""Where a reader is, and how an answer that differs by it may be kept."""

from collections.abc import Collection

from django.http import HttpRequest

from alpheus.catalogue.models import Release
from alpheus.listening.territory import territory_here
from alpheus.rights.available import is_bounded


def where(request: HttpRequest) -> str:
    """The territory that a reader is in, as far as it is known."""
    return territory_here(request.headers)


def kept_for(seconds: int, releases: Collection[Release]) -> str:
    """How long what is said of releases may be kept, and by whom: by everybody only what is the same everywhere.

    A shared cache is not told where its readers are, so that `Vary` would not help it.
    """
    return f"{'private' if is_bounded(releases) else 'public'}, max-age={seconds}"

"""Whether explicit recordings are among what a caller gets: as they ask, else as their account has it."""

from django.http import HttpRequest

from alpheus.api.callers import caller_of


def shows_explicit(request: HttpRequest, asked: str | None) -> bool:
    """Tell whether explicit recordings are shown."""
    if asked is not None:
        return asked == "show"
    account = caller_of(request).account
    return account is None or not account.hides_explicit

"""Whether who looks wants explicit recordings among what is shown to them."""

from django.http import HttpRequest

from alpheus.parties.models import Account


def shows_explicit(request: HttpRequest) -> bool:
    """Tell whether explicit recordings are shown: always, unless an account asks to hide them."""
    return not (isinstance(request.user, Account) and request.user.hides_explicit)

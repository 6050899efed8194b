"""Staff by command, and the first operator: made at first start, signed in by a printed one-time link, never by a default password."""

from django.urls import reverse
from django.utils import timezone

from alpheus.parties.models import Account, StaffRole
from alpheus.parties.sign_in_link import make as make_link

FIRST_EMAIL = "operator@localhost"


def first_link(*, base_url: str) -> str | None:
    """A link for the first operator while none has ever signed in; None afterwards."""
    operators = Account.objects.filter(roles__role=StaffRole.Role.OPERATOR)
    if operators.filter(last_login__isnull=False).exists():
        return None
    known = operators.order_by("id").first()
    return link_for(known.email if known else FIRST_EMAIL, base_url=base_url)


def link_for(email: str, *, base_url: str, role: StaffRole.Role = StaffRole.Role.OPERATOR) -> str:
    """Give `email` a staff role and return a link that signs it in once."""
    account = Account.objects.filter(email=email.lower()).first() or Account.objects.create_user(email)
    StaffRole.objects.get_or_create(account=account, role=role)
    token = make_link(account=account, now=timezone.now())
    return base_url.rstrip("/") + reverse("web:sign-in-link", args=[token])

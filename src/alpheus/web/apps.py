"""Django's registration of this room."""

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest


class Config(AppConfig):
    """The room `web`."""

    name = "alpheus.web"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Hear of sign-ins, which Django and allauth do themselves, in several ways, and tell by this signal alone."""
        user_logged_in.connect(_signed_in, dispatch_uid="alpheus.web.signed_in")


def _signed_in(request: HttpRequest | None, user: object, **_given: object) -> None:
    from alpheus.web.signed_in import signed_in  # noqa: PLC0415 - models load after apps are registered

    if request is not None:
        signed_in(request, user)

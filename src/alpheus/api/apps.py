"""Django's registration of this room."""

from django.apps import AppConfig
from django.conf import settings
from django.contrib.auth.signals import user_logged_out
from django.http import HttpRequest
from django.utils import timezone


class Config(AppConfig):
    """The room `api`."""

    name = "alpheus.api"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Hear of sign-outs, which Django and allauth do themselves and tell by this signal alone."""
        user_logged_out.connect(_signed_out, dispatch_uid="alpheus.listening.sign_out")


def _signed_out(request: HttpRequest | None, **_given: object) -> None:
    from alpheus.listening.sign_out import sign_out  # noqa: PLC0415 - models load after apps are registered

    if request is not None and hasattr(request, "session"):
        sign_out(session=request.session, terms=settings.LISTENING, now=timezone.now())

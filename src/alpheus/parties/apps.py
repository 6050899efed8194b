"""Django's registration of this room."""

from django.apps import AppConfig


class Config(AppConfig):
    """The room `parties`."""

    name = "alpheus.parties"
    default_auto_field = "django.db.models.BigAutoField"

"""Django's registration of this room."""

from django.apps import AppConfig


class Config(AppConfig):
    """The room `community`."""

    name = "alpheus.community"
    default_auto_field = "django.db.models.BigAutoField"

"""Django's registration of this room."""

from django.apps import AppConfig


class Config(AppConfig):
    """The room `rights`."""

    name = "alpheus.rights"
    default_auto_field = "django.db.models.BigAutoField"

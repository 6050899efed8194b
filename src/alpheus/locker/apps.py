"""Django's registration of this room."""

from django.apps import AppConfig


class Config(AppConfig):
    """The room `locker`."""

    name = "alpheus.locker"
    default_auto_field = "django.db.models.BigAutoField"

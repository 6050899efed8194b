"""Django's registration of this room."""

from django.apps import AppConfig


class Config(AppConfig):
    """The room `catalogue`."""

    name = "alpheus.catalogue"
    default_auto_field = "django.db.models.BigAutoField"

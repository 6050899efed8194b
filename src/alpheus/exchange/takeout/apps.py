"""Django's registration of this part of the room."""

from django.apps import AppConfig


class Config(AppConfig):
    """Accounts' exported data."""

    name = "alpheus.exchange.takeout"
    label = "takeout"
    default_auto_field = "django.db.models.BigAutoField"

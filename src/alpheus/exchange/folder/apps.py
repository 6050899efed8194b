"""Django's registration of this room."""

from django.apps import AppConfig


class Config(AppConfig):
    """Imports of folders, remembered from run to run."""

    name = "alpheus.exchange.folder"
    label = "exchange_folder"
    default_auto_field = "django.db.models.BigAutoField"

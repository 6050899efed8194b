"""Django's registration of this room."""

from importlib import import_module

from django.apps import AppConfig, apps
from django.utils.module_loading import module_has_submodule


class Config(AppConfig):
    """Finds each room's `tasks.py`, so that a worker knows every task, policy and schedule."""

    name = "alpheus.tasks"
    default_auto_field = "django.db.models.BigAutoField"


def discover() -> None:
    """Import every installed room's `tasks.py`; a worker calls this once at start."""
    for app in apps.get_app_configs():
        if module_has_submodule(app.module, "tasks"):
            import_module(f"{app.name}.tasks")

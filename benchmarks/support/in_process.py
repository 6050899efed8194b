"""Answers made in this process by Django's test client, as web would make them."""

from django.conf import settings

from alpheus.config.web_server import keep_what_is_loaded


def answer_here() -> None:
    """Make ready for it: no files are collected, and nothing of the start is left for the first who asks."""
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    keep_what_is_loaded()

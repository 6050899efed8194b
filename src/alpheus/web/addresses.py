"""Addresses as a letter names them: whole, because whoever reads it is elsewhere."""

from django.conf import settings
from django.http import HttpRequest


def absolute(request: HttpRequest, path: str) -> str:
    """Where listeners reach a path: at the address that the operator set, else at the one they came by."""
    return (
        settings.OURS.public_url.rstrip("/") + path
        if settings.OURS.public_url
        else request.build_absolute_uri(path)
    )

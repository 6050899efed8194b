"""Addresses that leave the installation: in letters, feeds and links that are shared."""

from django.conf import settings
from django.http import HttpRequest


def absolute(request: HttpRequest, path: str) -> str:
    """Where listeners reach a path: at the address that the operator set, else at the one they came by."""
    base = str(settings.OURS.public_url)
    return base.rstrip("/") + path if base else request.build_absolute_uri(path)

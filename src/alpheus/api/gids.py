"""Gids in addresses: a UUID with or without dashes, since streams and grants write theirs without."""

from django.urls import register_converter
from django.urls.converters import UUIDConverter


class GidConverter(UUIDConverter):
    """Reads both forms; what is neither is no address of ours."""

    regex = "[0-9a-fA-F]{8}-?(?:[0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}"


register_converter(GidConverter, "gid")

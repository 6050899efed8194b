"""How a release or recording is put into another page: the HTML of its frame."""

from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from alpheus.mail.addresses import absolute

WIDTH = 640
"""Pixels where a site names no limit; the player fits any width from 240."""
HEIGHTS = {"recording": 152, "release": 380}
"""Pixels of a recording's player, and of a release's, whose tracks roll under it."""


def frame(request: HttpRequest, *, kind: str, gid: UUID, title: str, width: int | str, height: int) -> str:
    """The HTML by which a release or recording is embedded in another page.

    Args:
        request: by which address we are reached.
        kind: "recording" or "release".
        gid: its.
        title: its, for who cannot see the frame.
        width: pixels, or a share such as "100%".
        height: pixels.
    """
    return format_html(
        '<iframe src="{}" title="{}" width="{}" height="{}" style="border:0" loading="lazy" allow="autoplay">'
        "</iframe>",
        absolute(request, reverse(f"web:embed-{kind}", args=[gid])),
        title,
        width,
        height,
    )

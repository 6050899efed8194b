"""What leads other sites to the player of previews: the code that people copy, the address that sites ask (oEmbed)."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import template
from django.urls import reverse
from django.utils.html import escape

from alpheus.mail.addresses import absolute
from alpheus.web import embedding

register = template.Library()


@register.simple_tag(takes_context=True)
def embed_code(context: dict[str, Any], kind: str, gid: UUID, title: str) -> str:
    """HTML that puts a recording's or release's player into another page, written out so that it can be copied."""
    height = embedding.HEIGHTS[kind]
    code = embedding.frame(context["request"], kind=kind, gid=gid, title=title, width="100%", height=height)
    return escape(code)


@register.simple_tag(takes_context=True)
def card_address(context: dict[str, Any], kind: str, gid: UUID | str) -> str:
    """Where other sites find the picture to show beside a link to a release or recording, or by its handle to a shop."""
    return absolute(context["request"], reverse(f"web:card-{kind}", args=[gid]))


@register.simple_tag(takes_context=True)
def oembed_address(context: dict[str, Any]) -> str:
    """Where a site that was given this page's address asks how to embed it (oEmbed §4)."""
    request = context["request"]
    asked = urlencode({"url": absolute(request, request.path), "format": "json"})
    return absolute(request, f"{reverse('web:oembed')}?{asked}")

"""`{% sleeve release.cover sizes="180px" %}`: artwork in the size and format that the browser wants."""

from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from alpheus.catalogue.models import Cover
from alpheus.mail.addresses import absolute
from alpheus.web import covers
from alpheus.web.templatetags.words import hue

register = template.Library()

BANNER_FALLBACK_WIDTH = 960
"""What a browser gets that reads no list of sizes, pixels."""
SHARED_WIDTH = 1200
"""Pixels; larger ones are not fetched by most sites that show links."""


@register.simple_tag(takes_context=True)
def share_image(context: dict[str, Any], cover: Cover) -> str:
    """Where other sites find a picture to show beside a link (https://ogp.me): the widest JPEG that is not huge."""
    return absolute(context["request"], covers.address(cover, covers.at_most(cover, SHARED_WIDTH), "jpg"))


@register.simple_tag
def sleeve(
    cover: Cover | None,
    sizes: str,
    *,
    css: str = "",
    style: str = "",
    alt: str = "",
    seed: str = "",
    lead: bool = False,
) -> SafeString:
    """Draw a sleeve; its colour and a blur of it show until it arrives. Without artwork, a plain one of ours.

    Args:
        cover: the artwork, or None.
        sizes: how wide it stands on the page, as the `sizes` attribute says it.
        css: further classes, such as "fix" for a fixed width `--d`.
        style: custom properties for it.
        alt: what it shows; empty where the title stands beside it.
        seed: what decides the colour of a sleeve without artwork.
        lead: it is the page's main picture, so it loads first.
    """
    classes = f"sleeve {css}".strip()
    if not cover or not cover.widths:  # a template says "" where a recording is on no release
        return _plain(classes, style, alt, seed)
    ground = (
        f"{style};--art:oklch(70% {cover.chroma:.3f} {cover.hue:.0f});--blur:url({cover.placeholder})".lstrip(
            ";"
        )
    )
    return _picture(
        cover,
        classes,
        ground,
        sizes=sizes,
        alt=alt,
        box=(600, 600),
        fallback=covers.fallback(cover),
        lead=lead,
    )


BANNER_SIZES = "(min-width:1552px) 1320px, (min-width:900px) calc(100vw - 232px), 100vw"
"""As wide as a page beside its sidebar; on phones as wide as they are."""


@register.simple_tag
def banner(cover: Cover | None, *, lead: bool = False, still: bool = False) -> SafeString:
    """Draw a shop's header picture, over its colour and a blur of it; nothing where there is none.

    Args:
        cover: the picture, or None.
        lead: it is the page's main picture, so it loads first.
        still: it stands in a column, as high as it is kept.
    """
    if not cover or not cover.widths:
        return SafeString("")
    sizes = "(min-width:900px) 640px, 100vw" if still else BANNER_SIZES
    ground = f"--art:oklch(70% {cover.chroma:.3f} {cover.hue:.0f});--blur:url({cover.placeholder})"
    classes = "banner still" if still else "banner"
    fallback = covers.address(cover, covers.at_least(cover, BANNER_FALLBACK_WIDTH), "jpg")
    return _picture(
        cover, classes, ground, sizes=sizes, alt="", box=(1440, 720), fallback=fallback, lead=lead
    )


def _picture(
    cover: Cover,
    classes: str,
    ground: str,
    *,
    sizes: str,
    alt: str,
    box: tuple[int, int],
    fallback: str,
    lead: bool,
) -> SafeString:
    """An image in every format and size that it has; `box` is its shape, and `fallback` what old browsers get."""
    sources = format_html_join(
        "",
        '<source type="{}" srcset="{}" sizes="{}">',
        (
            (covers.CONTENT_TYPES[extension], covers.source_set(cover, extension), sizes)
            for extension in ("avif", "webp")
        ),
    )
    return format_html(
        '<picture>{}<img class="{}" style="{}" src="{}" srcset="{}" sizes="{}" alt="{}" width="{}" height="{}"'
        ' decoding="async" {}></picture>',
        sources,
        classes,
        ground,
        fallback,
        covers.source_set(cover, "jpg"),
        sizes,
        alt,
        *box,
        SafeString('fetchpriority="high"') if lead else SafeString('loading="lazy"'),
    )


def _plain(classes: str, style: str, alt: str, seed: str) -> SafeString:
    """A sleeve without artwork: three lines of the current in its own tint."""
    named = format_html('role="img" aria-label="{}"', alt) if alt else SafeString('aria-hidden="true"')
    return format_html(
        '<svg class="{} plain tint" style="{}" viewBox="0 0 96 96" {}>'
        '<circle cx="48" cy="48" r="27"/><circle cx="48" cy="48" r="18"/><circle cx="48" cy="48" r="9"/></svg>',
        classes,
        f"{style};--h:{hue(seed)};--c:.06".lstrip(";"),
        named,
    )

"""`{% icon "play" %}`: one symbol of the sprite that build.mjs makes of the icons that templates name."""

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def icon(name: str, extra: str = "") -> SafeString:
    """Draw a lucide icon; hidden from screen readers, so what it stands in needs a name of its own.

    Args:
        name: the icon's name, written out: build.mjs finds it in the template's source.
        extra: further classes: "s" for 16 px instead of 20, "f" for a filled one.
    """
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>',
        f"i {extra}".strip(),
        static("built/icons.svg"),
        name,
    )

"""`{% player_words %}`: what the player's script must know of this page: sentences, addresses, the language."""

import random
from uuid import UUID

from django import template
from django.conf import settings
from django.template import Context
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import json_script
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from alpheus.insight.radio import NUMBER_MAX
from alpheus.listening import reach
from alpheus.web.context import TAGS
from alpheus.web.middleware import edge_origins

register = template.Library()

ANY = UUID(int=0)
"""Stands for a gid in an address; the script puts the real one there."""


def sentences() -> dict[str, str]:
    """Everything that the player says, in the page's language. {names} are filled by the script."""
    return {
        "play": _("Play"),
        "pause": _("Pause"),
        "mute": _("Mute"),
        "unmute": _("Unmute"),
        "repeat_off": _("Repeat"),
        "repeat_all": _("Repeat all"),
        "repeat_one": _("Repeat one"),
        "seek_value": _("{at} of {total}"),
        "volume_value": _("{percent}%"),
        "announce": _("Now playing: {title}, {artists}"),
        "cover": _("Cover of {title}"),
        "preview": _("Preview"),
        "from": _("From {release}"),
        "in_memory": _("{seconds} s in memory"),
        "stored": _("On this device: {amount} of music stored · {seconds} s in memory"),
        "stored_short": _("{amount} stored"),
        "byte": _("{value} bytes"),
        "kilobyte": _("{value} kB"),
        "megabyte": _("{value} MB"),
        "remove": _("Remove {title} from the queue"),
        "move": _("Move {title}: arrow keys, or drag"),
        "moved": _("{title}: now {number} of {count}."),
        "more_follow": _("And {count} more."),
        "this_device": _("This device"),
        "stops_in": _("The music stops in {minutes} min."),
        "plays_on": _("Plays on {device}"),
        "another_tab": _("another tab"),
        "play_next_done": _("{title} plays next."),
        **_troubles(),
    }


def _troubles() -> dict[str, str]:
    return {
        "offline": _("You are offline"),
        "offline_text": _(
            "The music stopped at {at} because none of it is stored here. It goes on from there by itself."
        ),
        "unreachable": _("The server does not answer"),
        "unreachable_text": _(
            "It may be starting again. The music goes on from {at} by itself as soon as it does."
        ),
        "refused": _("This cannot be played here"),
        "refused_text": _("{detail}"),
        "ended": _("Permission to hear this has ended"),
        "ended_text": _("You may have signed out, or the right to it has changed. Press play to ask again."),
        "busy": _("A short pause"),
        "busy_text": _("A lot was asked for at once. The music goes on in {seconds} s by itself."),
        "decoder": _("This browser could not decode the sound"),
        "decoder_text": _(
            "Nothing was lost. Press play to try again from {at}, or choose another recording."
        ),
        "blocked": _("Your browser wants a press first"),
        "blocked_text": _(
            "It does not let a page make sound by itself. Press play and the music goes on from {at}."
        ),
        "unready": _("Still being prepared"),
        "unready_text": _("This recording starts by itself as soon as its first encoding is ready."),
        "unsupported": _("This browser cannot stream"),
        "unsupported_text": _(
            "It lacks Media Source Extensions. Any current Firefox, Chrome, Edge or Safari has them."
        ),
        "try_again": _("Try again"),
    }


@register.simple_tag(takes_context=True)
def player_words(context: Context) -> SafeString:
    """The player's sentences and addresses, as a data block that no policy needs to allow."""
    code = get_language() or "en"
    request = context.get("request")
    return json_script(
        {
            "words": sentences(),
            "language": TAGS.get(code, code),
            "api": "/api/v1",
            "icons": static("built/icons.svg"),
            "edges": list(edge_origins(request)) if request else [],
            "reach": reach.sealed(settings.LISTENING),
            "clean": reverse("web:clean_device"),
            "artist": _pattern("web:artist"),
            "release": _pattern("web:release"),
        },
        "player-words",
    )


@register.simple_tag
def radio_number() -> int:
    """The number of a radio that was not heard yet, likely."""
    return random.randint(1, NUMBER_MAX)  # noqa: S311 - a shuffle, not a secret


def _pattern(name: str) -> str:
    return reverse(name, args=[ANY]).replace(str(ANY), "{gid}")

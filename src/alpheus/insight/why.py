"""Says in one sentence why something was chosen."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alpheus.insight.rules import Reason

_SENTENCES = {
    "seed": gettext_lazy("This is where the radio begins"),
    "listeners": gettext_lazy("Because listeners of %(name)s also played it"),
    "artist": gettext_lazy("Also by %(name)s"),
    "credit": gettext_lazy("%(name)s had a hand in it too"),
    "genre": gettext_lazy("Same genre: %(name)s"),
    "era": gettext_lazy("From about the same time: %(name)s"),
}


def sentence(reason: Reason) -> str:
    """Say why a recording was chosen, in the reader's language."""
    return str(_SENTENCES[reason.kind]) % {"name": reason.name}


def artist_sentence(reason: Reason) -> str:
    """Say why an artist is similar, in the reader's language."""
    if reason.kind == "listeners":
        return _("Because listeners of %(name)s also play them") % {"name": reason.name}
    if reason.kind == "artist":
        return _("Played together with %(name)s") % {"name": reason.name}
    if reason.kind == "credit":
        return _("%(name)s works with them too") % {"name": reason.name}
    return sentence(reason)

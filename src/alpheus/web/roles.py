"""Names of credits in the page's language; a role that is not known here is shown as its file says it."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

NAMES: dict[str, Promise] = {
    "composer": _("Music"),
    "lyricist": _("Words"),
    "writer": _("Words and music"),
    "librettist": _("Libretto"),
    "arranger": _("Arrangement"),
    "conductor": _("Conductor"),
    "performer": _("Performed by"),
    "producer": _("Production"),
    "engineer": _("Recorded"),
    "recording": _("Recorded"),
    "mixing": _("Mixed"),
    "mixer": _("Mixed"),
    "mastering": _("Mastered"),
    "remixer": _("Remixed"),
    "vocals": _("Voice"),
    "vocal": _("Voice"),
    "guitar": _("Guitar"),
    "bass": _("Bass"),
    "drums": _("Drums"),
    "piano": _("Piano"),
    "strings": _("Strings"),
    "guzheng": _("Guzheng"),
    "harmonium": _("Harmonium"),
    "organ": _("Organ"),
    "synthesizer": _("Synthesizer"),
    "saxophone": _("Saxophone"),
    "trumpet": _("Trumpet"),
    "flute": _("Flute"),
    "percussion": _("Percussion"),
    "programming": _("Programming"),
    "electric piano": _("Electric piano"),
    "double bass": _("Double bass"),
    "vibraphone": _("Vibraphone"),
    "marimba": _("Marimba"),
    "viola": _("Viola"),
    "clarinet": _("Clarinet"),
    "keyboards": _("Keyboards"),
    "synth": _("Synthesizer"),
    "choir": _("Choir"),
    "director": _("Director"),
    "violin": _("Violin"),
    "cello": _("Cello"),
    "artwork": _("Artwork"),
    "publisher": _("Publisher"),
}


def named(role: str) -> Promise | str:
    """What a role is called on a page."""
    return NAMES.get(role.casefold(), role[:1].upper() + role[1:])

"""What pages say where the library refuses: what happened, what to do."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from alpheus.listening.errors import ListeningError

SENTENCES: dict[str, Promise] = {
    "sign_in_needed": _("Sign in to publish or share a playlist. What you made stays as it is."),
    "too_much_kept": _(
        "There is no more room: 10,000 tracks and 50 editors a playlist, 1,000 playlists a listener."
    ),
    "title_missing": _("A playlist needs a title. Give it one of at least a letter."),
    "nothing_to_undo": _("There is nothing of yours left to undo here."),
    "invitation_over": _("This invitation does not hold any more. Ask for a new one."),
    "file_refused": _(
        "This file cannot be read as a playlist. It takes M3U8 or XSPF, up to 5 MiB and 10,000 tracks."
    ),
}


def sentence(error: ListeningError) -> Promise | str:
    """An error in the page's language."""
    return SENTENCES.get(error.code, str(error))

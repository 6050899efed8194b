"""What pages say where the library refuses: what happened, what to do."""

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from alpheus.listening.errors import ListeningError
from alpheus.submissions.errors import SubmissionError, SubmissionUnknown

View = Callable[[HttpRequest, UUID], HttpResponse]

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


def refusing(
    *,
    guard: Callable[[View], View],
    page: str,
    told: Callable[[HttpRequest, UUID, SubmissionError], HttpResponse],
) -> Callable[[View], View]:
    """Dress a form about a submission: who comes to its address otherwise is led to the submission's page.

    Args:
        guard: who may.
        page: the name of that page's route.
        told: that page, saying what was refused.
    """

    def dressed(view: View) -> View:
        @guard
        @wraps(view)
        def refused(request: HttpRequest, gid: UUID) -> HttpResponse:
            try:
                return view(request, gid) if request.method == "POST" else redirect(page, gid=gid)
            except SubmissionUnknown as error:
                raise Http404 from error
            except SubmissionError as error:
                return told(request, gid, error)

        return refused

    return dressed

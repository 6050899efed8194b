"""The switch between languages."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from alpheus.web.speech import choose
from alpheus.web.views.back import whence


@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    """Answer in `language` from now on, on the page that asked; an account remembers it."""
    response = HttpResponseRedirect(whence(request))
    choose(request, response, request.POST.get("language", "").lower())
    return response

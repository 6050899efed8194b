"""Now playing: a shell that the player fills from what it plays."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Show what plays in this browser."""
    return render(request, "web/playing.html")

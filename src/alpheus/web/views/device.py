"""This device: what it holds, measured in the page; language, theme, account."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Show what this device holds. The figures are the page's own script's: only the browser can know them."""
    return render(request, "web/device.html")


@require_POST
def clean(_request: HttpRequest) -> HttpResponse:
    """Have the browser empty its own cache of this site, pictures and pages, which no script can reach.

    Browsers do so on https and on localhost; elsewhere they pass the header over.
    """
    return HttpResponse(status=204, headers={"Clear-Site-Data": '"cache"', "Cache-Control": "no-store"})

"""This device: what it holds, measured in the page; language, theme, account."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Show what this device holds. The figures are the page's own script's: only the browser can know them."""
    return render(request, "web/device.html")

"""The one-time sign-in link: opening it asks, and only the button uses it up (mail scanners open links too)."""

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from alpheus.parties import sign_in_link
from alpheus.parties.errors import SignInLinkRefused
from alpheus.web.speech import settle

BACKEND = "django.contrib.auth.backends.ModelBackend"


@never_cache
@sensitive_variables("token")
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, token: str) -> HttpResponse:
    """Ask whether to sign in with this link; on POST use it up and sign in."""
    now = timezone.now()
    try:
        if request.method != "POST":
            account = sign_in_link.look(token=token, now=now)
            return render(request, "web/sign_in_link.html", {"account": account})
        account = sign_in_link.redeem(token=token, now=now)
    except SignInLinkRefused as error:
        return render(request, "web/sign_in_link_refused.html", {"why": error.why.value}, status=410)
    login(request, account, backend=BACKEND)
    response = HttpResponseRedirect(reverse("web:office"))
    settle(request, response, account)
    return response

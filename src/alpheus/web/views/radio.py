"""A radio: a queue from anything, each recording with the reason why it is in it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from alpheus.catalogue.queries import release_of
from alpheus.insight.errors import SeedUnknown
from alpheus.insight.radio import NUMBER_MAX, Tuned, make_radio
from alpheus.insight.seeds import SeedKind
from alpheus.insight.why import sentence
from alpheus.web.explicit import shows_explicit
from alpheus.web.listing import asked_number
from alpheus.web.preparing import Readiness, playable, readiness
from alpheus.web.views.library import listener_of

SIZE = 30
"""Two hours, and as long as one likes to read why."""


@require_safe
def page(request: HttpRequest, kind: SeedKind, key: str) -> HttpResponse:
    """Show a radio; its number is in the address, so that it can be shared and come back to."""
    number = asked_number(request, "n", digits=len(str(NUMBER_MAX)))
    try:
        radio = make_radio(
            kind=kind,
            key=key,
            number=number,
            size=SIZE,
            explicit=shows_explicit(request),
            listener=listener_of(request),
        )
    except SeedUnknown as error:
        raise Http404 from error
    return render(
        request,
        "web/radio.html",
        {
            "radio": radio,
            "rows": _rows(radio.tuned),
            "queue": playable(each.recording for each in radio.tuned),
            "back": reverse(f"web:{kind}", args=[key]),
            "again": f"{request.path}?n={(number + 1) % (NUMBER_MAX + 1)}",
        },
    )


def _rows(tuned: list[Tuned]) -> list[dict[str, object]]:
    place = 0
    rows: list[dict[str, object]] = []
    for each in tuned:
        ready = readiness(each.recording) is Readiness.READY
        rows.append(
            {
                "recording": each.recording,
                "release": release_of(each.recording),
                "place": place if ready else None,
                "why": sentence(each.why),
            }
        )
        place += ready
    return rows

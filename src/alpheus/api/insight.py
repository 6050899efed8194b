"""What goes together: radio from anything, similar artists, what is made for the caller."""

# ruff: noqa: ARG001 - the framework gives every operation the request, by that name
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router

from alpheus.api import represent
from alpheus.api.callers import Admitted, Caller, caller_of
from alpheus.api.explicit import shows_explicit
from alpheus.api.limits import BROWSE
from alpheus.api.shapes import (
    MadeForOut,
    RadioIn,
    RadioOut,
    SimilarIn,
    SimilarOut,
    SimilarsOut,
    StationOut,
    TunedOut,
    WhyOut,
)
from alpheus.api.token import Scope
from alpheus.insight import made_for as made
from alpheus.insight.radio import make_radio
from alpheus.insight.rules import Reason
from alpheus.insight.seeds import SeedKind
from alpheus.insight.similar_artists import similar_artists
from alpheus.insight.why import artist_sentence, sentence
from alpheus.listening.models import Listener

router = Router(tags=["browse"])

READS = Admitted(scope=Scope.READ, policy=BROWSE)


@router.get("/radio/{kind}/{key}", response=RadioOut, auth=READS, operation_id="get_radio")
def get_radio(request: HttpRequest, kind: SeedKind, key: str, given: Query[RadioIn]) -> RadioOut:
    """A queue from a recording, a release, an artist, a label, a playlist (gids), a genre (its slug) or a shop (its handle), each with the reason why."""
    explicit = shows_explicit(request, given.explicit)
    found = make_radio(
        kind=kind,
        key=key,
        number=given.n,
        size=given.limit,
        explicit=explicit,
        listener=_who_may_see(caller_of(request)),
    )
    items = [
        TunedOut(recording=represent.recording(each.recording), why=_why(each.why, sentence(each.why)))
        for each in found.tuned
    ]
    return RadioOut(kind=kind, name=found.seed.name, number=given.n, by=found.by, items=items)


@router.get("/artists/{gid:artist}/similar", response=SimilarsOut, auth=READS, operation_id="get_similar")
def get_similar(request: HttpRequest, artist: UUID, given: Query[SimilarIn]) -> SimilarsOut:
    """Similar artists: whom the same listeners play, or who shares genres and people."""
    page = similar_artists(artist=artist, cursor=given.cursor, size=given.limit)
    items = [
        SimilarOut(artist=represent.artist(each.artist), why=_why(each.why, artist_sentence(each.why)))
        for each in page.rows
    ]
    return SimilarsOut(items=items, next=page.next)


@router.get("/me/radios", response=MadeForOut, auth=READS, operation_id="get_my_radios")
def get_my_radios(request: HttpRequest) -> MadeForOut:
    """Radios made for the caller from what they played; from genres while they played nothing."""
    found = made.made_for(listener=caller_of(request).known_listener())
    items = [
        StationOut(kind=each.kind, key=each.key, name=each.name, language=each.language)
        for each in found.stations
    ]
    return MadeForOut(of=found.of, by=found.by, items=items)


def _who_may_see(caller: Caller) -> Listener | None:
    """Whose playlists may be begun from: those that a token without the scope for them does not see are unknown to it."""
    if caller.token is not None and Scope.LISTEN not in caller.token.scopes.split():
        return None
    return caller.known_listener()


def _why(reason: Reason, text: str) -> WhyOut:
    return WhyOut(kind=reason.kind, name=reason.name, text=text)

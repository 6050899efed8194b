"""The API as a whole: every router of `/api/v1`, its errors, its headers and its OpenAPI 3.1 document."""

import functools
import logging
from collections.abc import Awaitable, Callable
from typing import Any, cast

from asgiref.sync import iscoroutinefunction
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern
from ninja import NinjaAPI, Router
from ninja.openapi.schema import OpenAPISchema

from alpheus.api import (
    account,
    accounts,
    audit,
    browse,
    gids,  # noqa: F401 - gids are read in addresses
    house,
    insight,
    intakes,
    keeping,
    listen,
    moves,
    notices,
    offers,
    office,
    own_account,
    payees,
    playlists,
    problems,
    releases,
    search,
    session,
    shops,
    splits,
    studio,
)
from alpheus.api.callers import Admitted, Caller
from alpheus.api.problems import Problem
from alpheus.api.shapes import ProblemOut

log = logging.getLogger("alpheus.api")

PRIVATE = "no-store"
"""Answers are the caller's alone unless their route says otherwise."""


class Api(NinjaAPI):
    """Our API: errors are problems wherever they arise, and answers say how long they hold and what is left."""

    def create_temporal_response(self, request: HttpRequest) -> HttpResponse:
        """Begin an answer, which nobody may keep."""
        response = super().create_temporal_response(request)
        response.headers["Cache-Control"] = PRIVATE
        return response

    def get_openapi_schema(self, **given: Any) -> OpenAPISchema:
        """The document, with the problem that every operation may answer with, and who may call it."""
        return _described(self, super().get_openapi_schema(**given))

    def _get_urls(self) -> list[Any]:
        patterns = cast("list[URLPattern]", super()._get_urls())
        for pattern in patterns:
            pattern.callback = _dressed(pattern.callback)
        return patterns


def _dressed(view: Callable[..., Any]) -> Callable[..., Any]:
    """Give a view's answers the rate limit's headers, and a problem where the framework answers bare."""
    if iscoroutinefunction(view):

        async def dressed_async(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            return _dress(request, await cast("Awaitable[HttpResponse]", view(request, *args, **kwargs)))

        dressed_async.csrf_exempt = True  # type: ignore[attr-defined] # `callers` checks where it matters
        return dressed_async

    @functools.wraps(view)
    def dressed(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return _dress(request, view(request, *args, **kwargs))
        except Http404:  # the root of the API is an address of the framework's that shows nothing
            return problems.answer("not_found")

    return dressed


def _dress(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    if response.status_code == 405 and response.headers.get("Content-Type") != problems.CONTENT_TYPE:
        response = problems.answer("method_not_allowed", headers={"Allow": response.headers["Allow"]})
    caller = getattr(request, "auth", None)
    if isinstance(caller, Caller):
        for name, value in caller.allowance.headers().items():
            response.headers[name] = value
    return response


def _described(api: NinjaAPI, document: OpenAPISchema) -> OpenAPISchema:
    components = document["components"]
    problem = ProblemOut.model_json_schema(ref_template="#/components/schemas/{model}")
    components["schemas"] |= problem.pop("$defs", {}) | {"ProblemOut": problem}
    components["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer", "description": "made by POST /tokens"},
        "page": {"type": "apiKey", "in": "cookie", "name": "sessionid", "description": "with X-CSRFToken"},
    }
    members = {operation.operation_id: _admitted(operation) for operation in _operations(api)}
    for path in document["paths"].values():
        for operation in path.values():
            operation["responses"]["default"] = {
                "description": "A problem (RFC 9457)",
                "content": {problems.CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemOut"}}},
            }
            needed: list[dict[str, list[str]]] = [{"token": []}, {"page": []}]
            operation["security"] = needed if members[operation["operationId"]].member else [*needed, {}]
    return document


def _operations(api: NinjaAPI) -> list[Any]:
    return [
        operation
        for bound in api._get_bound_routers()  # noqa: SLF001 - the framework lists its operations nowhere else
        for view in bound.path_operations.values()
        for operation in view.operations
        if operation.include_in_schema
    ]


def _admitted(operation: Any) -> Admitted:
    return cast("Admitted", operation.auth_callbacks[0])


nowhere = Router()


@nowhere.api_operation(
    ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"], "/{path:rest}", include_in_schema=False
)
def not_here(request: HttpRequest, rest: str) -> None:  # noqa: ARG001 - the framework names them
    """Any address that is none of ours."""
    raise Problem("not_found")


api = Api(
    title="Alpheus",
    version="1",
    description="Browse, search, play and the playback session. Errors are problem+json (RFC 9457).",
    urls_namespace="api",
    docs_url=None,
)
problems.handle(api)
ROUTERS = (
    account.router,
    accounts.router,
    own_account.router,
    browse.router,
    search.router,
    insight.router,
    listen.router,
    keeping.router,
    playlists.router,
    session.router,
    studio.router,
    releases.router,
    intakes.router,
    shops.router,
    offers.router,
    splits.router,
    house.router,
    moves.router,
    notices.router,
    audit.router,
    office.router,
    payees.router,
    nowhere,  # the last, because it takes every address
)
for router in ROUTERS:
    api.add_router("", router)

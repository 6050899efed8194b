"""The API as a whole: every router of `/api/v1`, its errors and its OpenAPI document."""

from ninja import NinjaAPI

api = NinjaAPI(
    title="Alpheus",
    version="1",
    description="Browse, search, play and playback session, as JSON. Errors are problem+json (RFC 9457).",
    urls_namespace="api",
    docs_url=None,
)

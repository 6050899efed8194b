"""All routes of web: pages, accounts, the API."""

from django.urls import include, path

from alpheus.api.routes import api
from alpheus.config import observe

urlpatterns = [
    path("healthz", observe.health, name="healthz"),
    path("metrics", observe.metrics, name="metrics"),
    path("api/v1/", api.urls),
    path("account/", include("alpheus.web.accounts")),
    path("", include("alpheus.web.urls")),
]

handler400 = "alpheus.web.views.errors.bad_request"
handler403 = "alpheus.web.views.errors.forbidden"
handler404 = "alpheus.web.views.errors.not_found"
handler500 = "alpheus.web.views.errors.broken"

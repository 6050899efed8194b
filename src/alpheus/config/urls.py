"""All routes of web: pages, accounts, the API."""

from django.urls import include, path

from alpheus.api.routes import api
from alpheus.config import observe

urlpatterns = [
    path("healthz", observe.health, name="healthz"),
    path("metrics", observe.metrics, name="metrics"),
    path("api/v1/", api.urls),
    path("account/", include("allauth.account.urls")),
    path("", include("alpheus.web.urls")),
]

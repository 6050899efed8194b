"""The routes of the pages."""

from django.urls import path, re_path

from alpheus.web.views import (
    artist,
    cover,
    device,
    home,
    language,
    office,
    playing,
    recording,
    release,
    search,
    sign_in_link,
    theme,
)

app_name = "web"

urlpatterns = [
    path("", home.page, name="home"),
    path("search", search.page, name="search"),
    path("release/<uuid:gid>", release.page, name="release"),
    path("artist/<uuid:gid>", artist.page, name="artist"),
    path("recording/<uuid:gid>", recording.page, name="recording"),
    path("playing", playing.page, name="playing"),
    path("device", device.page, name="device"),
    path("device/clean", device.clean, name="clean_device"),
    path("office", office.page, name="office"),
    re_path(
        r"^cover/(?P<digest>[0-9a-f]{64})/(?P<width>[1-9]\d{0,4})\.(?P<extension>avif|webp|jpg)$",
        cover.image,
        name="cover",
    ),
    path("language", language.switch, name="language"),
    path("theme", theme.switch, name="theme"),
    path("account/link/<str:token>", sign_in_link.page, name="sign-in-link"),
]

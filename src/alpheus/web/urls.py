"""The routes of the pages."""

from django.urls import path, re_path

from alpheus.web.views import (
    account,
    artist,
    browse,
    cover,
    device,
    home,
    language,
    office,
    playing,
    radio,
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
    path("releases", browse.releases, name="releases"),
    path("recordings", browse.recordings, name="recordings"),
    path("artists", browse.artists, name="artists"),
    path("labels", browse.labels, name="labels"),
    path("label/<uuid:gid>", browse.label, name="label"),
    path("genres", browse.genres, name="genres"),
    path("genre/<str:slug>", browse.genre, name="genre"),
    path("years", browse.years, name="years"),
    re_path(r"^year/(?P<number>[1-9]\d{0,3})$", browse.year, name="year"),
    re_path(r"^radio/(?P<kind>recording|release|artist|genre)/(?P<key>[^/]+)$", radio.page, name="radio"),
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
    path("account/", account.page, name="account"),
    path("account/name", account.name, name="account_name"),
    path("account/explicit", account.explicit, name="explicit"),
    path("account/export", account.export, name="export"),
    path("account/export/<uuid:gid>.zip", account.export_file, name="export_file"),
    path("account/delete", account.delete, name="delete_account"),
    path("account/deleted", account.deleted, name="deleted"),
    path("account/link/<str:token>", sign_in_link.page, name="sign-in-link"),
]

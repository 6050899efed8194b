"""The routes of the pages."""

from django.urls import path

from alpheus.web.views import home, language, sign_in_link

app_name = "web"

urlpatterns = [
    path("", home.page, name="home"),
    path("office", home.page, name="office"),
    path("language", language.switch, name="language"),
    path("account/link/<str:token>", sign_in_link.page, name="sign-in-link"),
]

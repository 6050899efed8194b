"""What every page's template may ask for: the installation's name, access, languages, who looks."""

from django.conf import settings
from django.http import HttpRequest

LANGUAGE_NAMES = (("en", "en", "English"), ("zh-hans", "zh-Hans", "简体中文"))


def site(request: HttpRequest) -> dict[str, object]:
    """The values of the shell."""
    return {"site": {"title": settings.OURS.title, "access": settings.OURS.access.value}}

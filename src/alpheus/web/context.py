"""What every page's shell asks for: the installation's name, languages and theme, and who looks."""

from dataclasses import dataclass
from functools import cached_property

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from alpheus.catalogue.models import Release
from alpheus.catalogue.shown import releases_shown
from alpheus.mail.addresses import absolute
from alpheus.parties.models import Account, StaffRole
from alpheus.web.middleware import LANGUAGE_PARAMETER

THEME_COOKIE = "theme"
THEMES = ("light", "dark")

TAGS = {"en": "en", "zh-hans": "zh-Hans", "ja": "ja", "ko": "ko"}
"""BCP 47 tags of Django's language codes, as `lang` writes them."""
PUBLIC = frozenset(
    {"home", "search", "release", "artist", "recording", "genre", "label", "year", "radio"}
    | {"similar", "most", "versions", "shops", "shop"}
    | {"releases", "recordings", "artists", "genres", "labels", "years"}
)
"""Pages that say the same to everyone."""
OWN_NAMES = {"en": "English", "zh-hans": "简体中文", "ja": "日本語", "ko": "한국어"}
"""Each language's name in itself: whoever looks for theirs may not read this page's."""


@dataclass(frozen=True)
class Language:
    """One language to choose."""

    code: str
    tag: str
    name: str
    chosen: bool


class Shell:
    """The shell's values; what costs a query is asked only where a page shows it."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @property
    def title(self) -> str:
        """The installation's name."""
        return str(settings.OURS.title)

    @property
    def access(self) -> str:
        """Who hears whole recordings: open, members or by_right."""
        return str(settings.OURS.access.value)

    @property
    def preview_seconds(self) -> int:
        """How long a preview lasts for who may not hear the whole."""
        return int(settings.LISTENING.preview_seconds)

    @property
    def language(self) -> str:
        """This page's language as `lang` writes it."""
        code = get_language() or settings.LANGUAGE_CODE
        return TAGS.get(code, code)

    @property
    def languages(self) -> list[Language]:
        """Every language that pages exist in."""
        now = get_language()
        return [Language(code, TAGS[code], OWN_NAMES[code], code == now) for code, _ in settings.LANGUAGES]

    @property
    def alternates(self) -> list[tuple[str, str]]:
        """This page in every language, by `hreflang`, and last in whichever its reader wants."""
        spoken = [(TAGS[code], self._address(**{LANGUAGE_PARAMETER: code})) for code, _ in settings.LANGUAGES]
        return [*spoken, ("x-default", self._address())]

    @property
    def address(self) -> str:
        """This page, as it is shared: without what its query narrows or pages."""
        return absolute(self._request, self._request.path)

    def _address(self, **asked: str) -> str:
        given = self._request.GET.copy()
        given.pop(LANGUAGE_PARAMETER, None)
        given.update(asked)
        query = given.urlencode()
        return self._request.build_absolute_uri(self._request.path + (f"?{query}" if query else ""))

    @property
    def is_public(self) -> bool:
        """Whether this page is for everyone, and found by search engines in every language."""
        return self.nav in PUBLIC

    @property
    def theme(self) -> str:
        """The theme that was chosen, light or dark; empty follows the system."""
        chosen = self._request.COOKIES.get(THEME_COOKIE, "")
        return chosen if chosen in THEMES else ""

    @property
    def nav(self) -> str:
        """Which entry of the navigation this page belongs to."""
        match = self._request.resolver_match
        name = match.url_name if match and match.url_name else ""
        if name.startswith(("library", "playlist", "import-playlist")):
            return "library"
        return next((it for it in ("studio", "audit", "payee") if name.startswith(it)), name)

    @property
    def is_operator(self) -> bool:
        """Whether who looks runs the installation."""
        return StaffRole.Role.OPERATOR in self._roles

    @property
    def is_auditor(self) -> bool:
        """Whether who looks audits what is handed in."""
        return StaffRole.Role.AUDITOR in self._roles

    @property
    def is_accountant(self) -> bool:
        """Whether who looks pays musicians out."""
        return StaffRole.Role.ACCOUNTANT in self._roles

    @cached_property
    def _roles(self) -> set[str]:
        """The staff roles of who looks, asked for once a page."""
        user = getattr(self._request, "user", None)  # absent where a request was refused before anyone asked
        return set(user.roles.values_list("role", flat=True)) if isinstance(user, Account) else set()

    @cached_property
    def door(self) -> Release | None:
        """What hangs on the front door beside signing in: the newest release with artwork."""
        shown = releases_shown().filter(cover__isnull=False).select_related("cover", "credit")
        return shown.prefetch_related("credit__artists__artist").order_by("-created_at", "-id").first()


def site(request: HttpRequest) -> dict[str, Shell]:
    """Give templates `shell`: allauth's views put a `site` of their own into theirs."""
    return {"shell": Shell(request)}

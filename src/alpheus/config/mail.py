"""Where letters go: the setting `ALPHEUS_MAIL_URL` in Django's words."""

from typing import TypedDict
from urllib.parse import unquote, urlsplit

from alpheus.config.settings import SettingsError

_PORTS = {"smtp": 25, "smtps": 465}  # RFC 5321, RFC 8314


class Mail(TypedDict):
    """Django's mail settings."""

    backend: str
    host: str
    port: int
    user: str
    password: str
    tls: bool


def mail_of(url: str) -> Mail:
    """Read `console://`, `smtp://user:password@host:port` or, with TLS from the first byte, `smtps://...`.

    Raises:
        SettingsError: it is none of these.
    """
    parts = urlsplit(url)
    if parts.scheme == "console":
        backend = "django.core.mail.backends.console.EmailBackend"
        return Mail(backend=backend, host="", port=0, user="", password="", tls=False)
    if parts.scheme not in _PORTS or not parts.hostname:
        raise SettingsError(
            "ALPHEUS_MAIL_URL: write console:// or smtp://user:password@host:port (smtps:// with TLS)."
        )
    return Mail(
        backend="django.core.mail.backends.smtp.EmailBackend",
        host=parts.hostname,
        port=parts.port or _PORTS[parts.scheme],
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        tls=parts.scheme == "smtps",
    )

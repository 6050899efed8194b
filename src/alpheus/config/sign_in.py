"""Whom else accounts may sign in with: the setting `ALPHEUS_SIGN_IN_PROVIDERS`, typed, and in allauth's words."""

from typing import Annotated, Any, Literal, get_args
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator

Word = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]


class _Provider(BaseModel):
    """What every provider is told by: the application that was registered with it."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    client_id: Word
    secret: Word = Field(repr=False)


class Google(_Provider):
    """Google (OAuth client of type "web application")."""

    kind: Literal["google"]


class Kakao(_Provider):
    """KakaoTalk (REST API key and client secret)."""

    kind: Literal["kakao"]


class Line(_Provider):
    """LINE (channel ID and channel secret of a LINE Login channel)."""

    kind: Literal["line"]


class WeChat(_Provider):
    """WeChat (AppID and AppSecret of a website application)."""

    kind: Literal["wechat"]


class Apple(BaseModel):
    """Apple (services ID, team ID, key ID and the key's PEM)."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    kind: Literal["apple"]
    client_id: Word
    team_id: Word
    key_id: Word
    private_key: Annotated[str, StringConstraints(pattern=r"^-----BEGIN ")] = Field(repr=False)


class OpenIdConnect(_Provider):
    """Any other that speaks OpenID Connect and tells where its ends are at /.well-known/openid-configuration."""

    kind: Literal["oidc"]
    id: Slug
    name: Word
    issuer: Word

    @field_validator("issuer")
    @classmethod
    def _https(cls, value: str) -> str:
        """Its answers are believed because TLS says whose they are; on this machine that is plain."""
        parts = urlsplit(value)
        local = parts.hostname in {"127.0.0.1", "localhost", "::1"}
        if not parts.hostname or parts.scheme not in ({"https", "http"} if local else {"https"}):
            raise ValueError("must be the issuer's https:// address, such as https://id.example")
        return value.rstrip("/")


Provider = Annotated[Google | Apple | Kakao | Line | WeChat | OpenIdConnect, Field(discriminator="kind")]

APPS = tuple(
    f"allauth.socialaccount.providers.{name}"
    for name in ("google", "apple", "kakao", "line", "weixin", "openid_connect")
)
"""allauth's packages for them."""
_ALLAUTH_NAME = {"wechat": "weixin", "oidc": "openid_connect"}
_NAMES = {"google": "Google", "apple": "Apple", "kakao": "KakaoTalk", "line": "LINE", "wechat": "WeChat"}
_SCOPES = {"google": ["openid", "email", "profile"], "line": ["openid", "profile", "email"]}
KINDS = tuple(get_args(kind.model_fields["kind"].annotation)[0] for kind in get_args(get_args(Provider)[0]))


def twice(providers: tuple[Provider, ...]) -> str:
    """A kind, or an OpenID Connect provider's id, that is named twice; empty when all differ."""
    names = [it.id if isinstance(it, OpenIdConnect) else it.kind for it in providers]
    return next((name for name in names if names.count(name) > 1), "")


def in_allauth(providers: tuple[Provider, ...]) -> dict[str, Any]:
    """Allauth's SOCIALACCOUNT_PROVIDERS."""
    found: dict[str, Any] = {}
    for it in providers:
        entry = found.setdefault(_ALLAUTH_NAME.get(it.kind, it.kind), {"APPS": []})
        entry["APPS"].append(_app(it))
        if scope := _SCOPES.get(it.kind):
            entry["SCOPE"] = scope
        if it.kind in {"google", "oidc"}:
            entry["OAUTH_PKCE_ENABLED"] = True
    return found


def _app(it: Provider) -> dict[str, Any]:
    if isinstance(it, Apple):
        return {
            "client_id": it.client_id,
            "secret": it.key_id,
            "key": it.team_id,
            "name": _NAMES["apple"],
            "settings": {"certificate_key": it.private_key},
        }
    if isinstance(it, OpenIdConnect):
        return {
            "provider_id": it.id,
            "name": it.name,
            "client_id": it.client_id,
            "secret": it.secret,
            "settings": {"server_url": it.issuer},
        }
    return {"client_id": it.client_id, "secret": it.secret, "name": _NAMES[it.kind]}

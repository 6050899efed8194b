"""Every page of an installation, found from the routes themselves: who adds a page has it looked at, or is told here."""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.urls import URLPattern, URLResolver, get_resolver
from journeys.conftest import House
from playwright.sync_api import APIResponse, BrowserContext, Page

PASSWORD = "four ordinary words do"
"""Of the account that looks at the pages."""

NOT_PAGES = {
    **dict.fromkeys(("healthz", "metrics", "web:shop-feed"), "for machines"),
    **dict.fromkeys(("web:manifest", "web:worker", "web:cover"), "files of the app"),
    "web:oembed": "for machines",
    **dict.fromkeys(("web:card-release", "web:card-recording", "web:card-shop"), "pictures"),
    **dict.fromkeys(
        ("web:embed-release", "web:embed-recording"), "stand in others' pages: test_embed looks at them"
    ),
    **dict.fromkeys(
        (
            "web:playlist-m3u8",
            "web:playlist-xspf",
            "web:export_file",
            "web:studio-intake-template",
            "web:studio-intake-columns",
            "web:studio-intake-faults",
        ),
        "files to take along",
    ),
    "mfa_download_recovery_codes": "a file to take along",
    "mfa_login_webauthn": "what a script asks",
    "web:share": "leads on to the search",
    "web:offer-after": "leads back to what is offered",
    **{
        f"web:{name}": "only takes a form"
        for name in (
            "describe-playlist",
            "delete-playlist",
            "undo-playlist",
            "invite",
            "remove-editor",
            "revoke-token",
            "studio-save",
            "studio-hand-in",
            "studio-discard",
            "studio-withdraw",
            "studio-answer",
            "studio-appeal",
            "studio-cover",
            "studio-header",
            "studio-mint-upc",
            "studio-change",
            "studio-new-version",
            "studio-member-role",
            "studio-remove-member",
            "studio-hand-on",
            "studio-withdraw-invitation",
            "audit-desk",
            "audit-leave",
            "audit-decide",
            "office-tell-apart",
            "wish-offer",
            "keep-offer",
        )
    },
    "web:audit-news": "a part of the auditor's page",
    "mfa_reauthenticate_webauthn": "the same template as mfa_reauthenticate, for those without an app",
    "socialaccount_signup": "only in the middle of a provider's answer",
    **{
        f"{provider}_{part}": "leads to a provider, or comes from one"
        for provider in ("google", "apple", "kakao", "line", "weixin", "openid_connect")
        for part in ("login", "callback", "login_by_token", "finish_callback")
    },
}
"""Routes that show no page of their own, and why. Those that answer 405 to whoever looks need no line."""

STATUSES = {"web:sign-in-link": 410, "socialaccount_login_error": 401}
"""Pages that say that something did not go well."""


@dataclass(frozen=True)
class Route:
    """A route by its name, its path with `{parameter}` in it."""

    name: str
    path: str

    def address(self, values: dict[str, str]) -> str:
        """The path with a value for each parameter, by what stands before and with it: `release/{gid}`."""
        path = self.path
        for found in re.finditer(r"\{\w+\}", self.path):
            place = self.path[: found.end()]
            assert place in values, (
                f"The new route {self.name} takes {place}: give it a value in Visitor.furnish, or say in NOT_PAGES why not."
            )
            path = path.replace(found[0], values[place], 1)
        return "/" + path


def routes() -> list[Route]:
    """Every named route that may show a page."""
    return [it for it in _walk(get_resolver().url_patterns) if it.name not in NOT_PAGES]


def _walk(patterns: list[URLPattern | URLResolver], prefix: str = "", namespace: str = "") -> Iterator[Route]:
    for pattern in patterns:
        path = prefix + str(pattern.pattern)
        if path.startswith("api/"):
            continue
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, path, pattern.namespace or namespace)
        else:
            yield Route(f"{namespace}:{pattern.name}".strip(":"), _template(path))


def _template(path: str) -> str:
    """A route's path for `str.format`, whether it is written with converters or as an expression."""
    path = re.sub(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)", r"{\1}", path)
    path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", path)
    return re.sub(r"(^|/)\^|\$$", r"\1", path)


@dataclass(frozen=True)
class Staged:
    """What `journeys.staging` made: a link to sign in by, pages beside those of the routes, what routes take."""

    link: str
    more: list[str]
    routes: dict[str, str]


def stage(house: House, email: str) -> Staged:
    """Make an account all that one can be, from outside; see `journeys.staging`."""
    return Staged(**json.loads(from_outside(house, "staging", email)))


def from_outside(house: House, module: str, *arguments: str) -> str:
    """Run a module of these in the installation's own environment; what it prints."""
    environment = house.installation.environment
    paths = os.pathsep.join([str(Path(__file__).parents[1]), environment["PYTHONPATH"]])
    done = subprocess.run(
        [sys.executable, "-m", f"journeys.{module}", *arguments],
        env=environment | {"PYTHONPATH": paths},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


class Visitor:
    """A listener who keeps something of everything, and is an operator: whoever sees every page has to be."""

    def __init__(self, house: House, context: BrowserContext) -> None:
        self.house, self.context, self.request = house, context, context.request
        self.url = house.url.replace("127.0.0.1", "localhost")
        """Passkeys need a name, not a number."""
        self.email = f"{uuid4().hex[:12]}@pages.example"

    def get(self, path: str) -> APIResponse:
        """Ask for a path without following it elsewhere."""
        return self.request.get(self.url + path, max_redirects=0, headers={"Accept": "text/html"})

    def post(self, path: str, *, to: str = "", page: str = "", **form: str) -> APIResponse:
        """Send the form of a page, opened now or before, to its own address or `to` one below it."""
        page = page or self.get(path).text()
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert token, f"{path} has no form"
        return self.request.post(
            self.url + path + to,
            form={"csrfmiddlewaretoken": token[1], **form},
            headers={"Referer": self.url + path},
            max_redirects=0,
        )

    def stage(self) -> Staged:
        """Become all that an account can be, from outside."""
        return stage(self.house, self.email)

    def sign_in(self, link: str) -> None:
        """Sign in by a link of the operator's."""
        assert self.post(link).status == 302

    def furnish(self, page: Page, staged: Staged) -> dict[str, str]:
        """Keep something of everything; what the routes' parameters may be."""
        release = self.house.release(self.house.album[0].album)
        page.goto(self.url + "/")
        made = page.evaluate(FURNISH, {"release": release, "title": "Rain <b> 夜 " + "و" * 30})
        invited = re.search(
            r"/invitation/([^\"&]+)", self.post(f"/playlist/{made['playlist']}", to="/invite").text()
        )
        assert invited
        return {
            **staged.routes,
            "release/{gid}": release,
            "artist/{gid}": made["artist"],
            "recording/{gid}": made["recording"],
            "label/{gid}": made["label"],
            "genre/{slug}": made["genre"],
            "year/{number}": made["year"],
            "radio/{kind}": "recording",
            "radio/{kind}/{key}": made["recording"],
            "playlist/{gid}": made["playlist"],
            "invitation/{secret}": invited[1],
            "device/{gid}": made["playlist"],
            "account/link/{token}": "used-before",
            "account/confirm-email/{key}": "used-before",
            "account/password/reset/key/{uidb36}": "1",
            "account/password/reset/key/{uidb36}-{key}": "used-before",
        }

    def set_password(self) -> None:
        """Have a password, and prove it anew as some pages ask for."""
        assert self.post("/account/password/set/", password1=PASSWORD, password2=PASSWORD).status == 302
        assert self.post("/account/reauthenticate/", password=PASSWORD).status == 302

    def set_two_steps(self) -> None:
        """Have a second step besides the password."""
        path = "/account/2fa/totp/activate/"
        page = self.get(path).text()
        secret = re.search(r"data-totp>(\w+)<", page)
        assert secret
        code = format_hotp_value(hotp_value(secret[1], int(time.time()) // 30))
        assert self.post(path, page=page, code=code).status == 302


FURNISH = """
async ({ release, title }) => {
    const token = document.querySelector("#player input[name=csrfmiddlewaretoken]").value;
    const ask = async (method, path, body) => {
        const headers = { "X-CSRFToken": token, "Content-Type": "application/json" };
        const answer = await fetch("/api/v1" + path, { method, headers, body: body && JSON.stringify(body) });
        if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
        return answer.status === 204 ? null : answer.json();
    };
    const found = await ask("GET", `/releases/${release}`);
    const recordings = found.media.flatMap(({ tracks }) => tracks.map(({ recording }) => recording.gid));
    const artist = found.credit.artists[0].gid;
    for (const [kind, gid] of [["recording", recordings[0]], ["release", release], ["artist", artist]])
        await ask("PUT", `/library/${kind}/${gid}`);
    const playlist = await ask("POST", "/playlists", { title, recordings, description: "For a late tram." });
    return { artist, recording: recordings[0], label: found.label_gid, genre: found.genre_slugs[0], year: found.date.slice(0, 4), playlist: playlist.gid };
}
"""

"""Real browsers behind one small interface, so that a journey is written once and driven in both.

Chromium is Debian's, driven by Playwright; Firefox is Debian's ESR, driven by our own BiDi client because Playwright
drives only its own build. Firefox neither plays Media Source nor runs an AudioContext without an output device, so
journeys start a PulseAudio server with a null sink for it.
"""

import contextlib
import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

import pytest
from journeys.bidi import Firefox
from playwright.sync_api import Page, Playwright

PHONE = {"width": 390, "height": 844}

CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

FIREFOX_PREFERENCES = {
    "app.normandy.enabled": False,
    "app.update.enabled": False,
    "browser.safebrowsing.downloads.enabled": False,
    "browser.safebrowsing.malware.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.page": 0,
    "datareporting.policy.dataSubmissionEnabled": False,
    "extensions.update.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "services.settings.server": "data:,#remote-settings-dummy/v1",
    "toolkit.telemetry.enabled": False,
    "media.gmp-manager.updateEnabled": False,
    # A tab without a window is never shown: without this Firefox waits for ever before it plays (FORMAT §7).
    "media.block-autoplay-until-in-foreground": False,
}


SOUND = """
    const it = document.querySelector("audio");
    if (!it) return null;
    const held = Array.from({ length: it.buffered.length }, (_, at) => [it.buffered.start(at), it.buffered.end(at)]);
    const { currentTime, paused, ended, seeking, readyState, error } = it;
    const state = window.alpheus?.state;
    return JSON.stringify({ state, currentTime, held, paused, ended, seeking, readyState, error: error?.message });
"""


class Browser(Protocol):
    """What a journey may do with a browser."""

    name: str
    pids: list[int]

    def visit(self, url: str) -> None: ...

    def run(self, script: str) -> object:
        """Run the body of an async function in the page; give its JSON back."""

    def press(self, selector: str) -> None: ...

    def script_address(self, path: str, content: str) -> str:
        """A JavaScript expression for an address from which a page may load this script. Before `visit`."""

    def close(self) -> None: ...


def wait_for(browser: Browser, condition: str, *, seconds: float = 30, what: str = "") -> object:
    """Ask the page until an expression is true; its value.

    Fails with what the page shows when it never is.
    """
    until = time.monotonic() + seconds
    while True:
        value = browser.run(f"return ({condition});")
        if value:
            return value
        if time.monotonic() > until:
            shown = browser.run("return document.body.innerText.slice(0, 1500);")
            sound = browser.run(SOUND)
            pytest.fail(
                f"{browser.name}: {what or condition} never happened. The page shows:\n{shown}\nIts sound: {sound}"
            )
        time.sleep(0.1)


class Chromium:
    """Debian's Chromium as a phone."""

    name = "chromium"

    def __init__(
        self,
        playwright: Playwright,
        profile: Path,
        *,
        environment: dict,
        free_autoplay: bool,
        scheme: str,
        bypass_csp: bool,
        scripts: bool,
        more_flags: Sequence[str],
    ) -> None:
        # Tabs of one site share a few processes, as on a phone.
        flags = [*CHROMIUM_FLAGS, "--renderer-process-limit=4", *more_flags]
        if free_autoplay:
            flags.append("--autoplay-policy=no-user-gesture-required")
        self._context = playwright.chromium.launch_persistent_context(
            str(profile),
            executable_path=program("chromium"),
            headless=True,
            args=flags,
            # Playwright would move shared memory into the temporary folder, where what is in flight looks stored.
            ignore_default_args=["--disable-dev-shm-usage"],
            env=environment,
            viewport=PHONE,
            device_scale_factor=2,
            has_touch=True,
            is_mobile=True,
            locale="en-GB",
            color_scheme=scheme,
            bypass_csp=bypass_csp,
            java_script_enabled=scripts,
        )
        self._context.set_default_timeout(30_000)
        self.page = self._context.pages[0]
        self.errors: list[str] = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.pids = _processes_naming(str(profile))

    def visit(self, url: str) -> None:
        self.page.goto(url, wait_until="load")

    def run(self, script: str) -> object:
        return json.loads(
            self.page.evaluate(
                f"(async () => JSON.stringify((await (async () => {{ {script} }})()) ?? null))()"
            )
        )

    def press(self, selector: str) -> None:
        self.page.locator(selector).first.click()

    def script_address(self, path: str, content: str) -> str:
        # Playwright's routes do not reach worklets, so the page's policy is bypassed (`bypass_csp`) for a blob.
        return f"URL.createObjectURL(new Blob([{json.dumps(content)}], {{type: 'text/javascript'}}))"

    def close(self) -> None:
        self._context.close()


class FirefoxBrowser:
    """Debian's Firefox ESR in a narrow tab."""

    name = "firefox"

    def __init__(self, profile: Path, *, environment: dict, free_autoplay: bool, preferences: dict) -> None:
        autoplay = {"media.autoplay.default": 0, "media.autoplay.blocking_policy": 0} if free_autoplay else {}
        self._firefox = Firefox(
            program("firefox"),
            profile,
            preferences=FIREFOX_PREFERENCES | autoplay | preferences,
            environment=environment,
        )
        self._firefox.call("browsingContext.setViewport", context=self._firefox.context, viewport=PHONE)
        self.pids = [self._firefox.pid]

    def visit(self, url: str) -> None:
        self._firefox.call(
            "browsingContext.navigate", context=self._firefox.context, url=url, wait="complete"
        )

    def run(self, script: str) -> object:
        return self._firefox.evaluate(script)

    def press(self, selector: str) -> None:
        self._firefox.press(selector)

    def script_address(self, path: str, content: str) -> str:
        self._firefox.serve(path, content, "text/javascript")
        return json.dumps(path)

    def close(self) -> None:
        self._firefox.close()


def pretend_fingers(page: Page) -> None:
    """Give Chromium's page a fingerprint reader that always says yes, for passkeys."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )


def program(name: str) -> str:
    """Where a browser is installed; skips where it is not."""
    names = {"chromium": ("chromium", "chromium-browser"), "firefox": ("firefox-esr", "firefox")}[name]
    for candidate in names:
        if path := shutil.which(candidate):
            return path
    return _missing(f"{name} is not installed: apt-get install {names[0]}")


def _missing(reason: str) -> str:
    """Skip where a browser is missing; CI must have them all."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def _processes_naming(text: str) -> list[int]:
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if text.encode() in (folder / "cmdline").read_bytes():
                found.append(int(folder.name))
    return found


@contextlib.contextmanager
def null_sink() -> Iterator[dict]:
    """A sound server that plays into nothing at 44.1 kHz; yields the environment that leads to it."""
    if not shutil.which("pulseaudio"):
        _missing("Firefox needs a sound device to capture from: apt-get install pulseaudio")
    with tempfile.TemporaryDirectory(prefix="alpheus-pulse-") as folder:
        socket = Path(folder) / "native"
        server = subprocess.Popen(
            [
                "pulseaudio",
                "-n",
                "--daemonize=no",
                "--exit-idle-time=-1",
                "--use-pid-file=no",
                "--log-level=error",
                f"--load=module-native-protocol-unix socket={socket} auth-anonymous=1",
                "--load=module-null-sink sink_name=null rate=44100",
            ],
            env=os.environ | {"XDG_RUNTIME_DIR": folder, "HOME": folder},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            until = time.monotonic() + 20
            while not socket.exists():
                assert server.poll() is None, "PulseAudio ended at once"
                assert time.monotonic() < until, "PulseAudio did not open its socket"
                time.sleep(0.05)
            yield {"PULSE_SERVER": f"unix:{socket}"}
        finally:
            server.terminate()
            server.wait()


@contextlib.contextmanager
def opened(
    name: str,
    playwright: Playwright,
    home: Path,
    *,
    sound: dict | None = None,
    free_autoplay: bool = False,
    scheme: str = "light",
    bypass_csp: bool = False,
    preferences: dict | None = None,
    scripts: bool = True,
    flags: Sequence[str] = (),
) -> Iterator[Browser]:
    """A browser whose profile, caches and temporary files all lie under `home`; closed at the end.

    `scripts` and `flags` are Chromium's, `preferences` Firefox's.
    """
    places = {
        "HOME": home,
        "TMPDIR": home / "tmp",
        "XDG_CACHE_HOME": home / "cache",
        "XDG_CONFIG_HOME": home / "config",
    }
    for place in places.values():
        place.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, **{key: str(place) for key, place in places.items()}}
    browser: Browser
    if name == "chromium":
        browser = Chromium(
            playwright,
            home / "profile",
            environment=environment,
            free_autoplay=free_autoplay,
            scheme=scheme,
            bypass_csp=bypass_csp,
            scripts=scripts,
            more_flags=flags,
        )
    else:
        browser = FirefoxBrowser(
            home / "profile",
            environment=environment | (sound or {}),
            free_autoplay=free_autoplay,
            preferences=preferences or {},
        )
    try:
        yield browser
    finally:
        browser.close()

"""A plain Chromium over its DevTools protocol, as a listener has it: hidden tabs are hidden, throttled and can freeze.

Playwright keeps every page visible and awake, which is right for other journeys and hides what these look for.
"""

import contextlib
import json
import os
import signal
import subprocess
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from journeys.browsers import CHROMIUM_FLAGS
from websockets.sync.client import ClientConnection, connect

START_SECONDS = 30
ANSWER_SECONDS = 60

FLAGS = (
    *CHROMIUM_FLAGS,
    "--headless",
    "--autoplay-policy=no-user-gesture-required",
    "--remote-debugging-port=0",
    "--window-size=390,844",
)


class CdpFailure(Exception):
    """The browser refused a command, or a script in the page threw."""


class Chrome:
    """A running Chromium with nothing changed in how it treats tabs."""

    def __init__(self, program: str, home: Path, *, environment: Mapping[str, str] | None = None) -> None:
        profile = home / "profile"
        profile.mkdir(parents=True, exist_ok=True)
        self._process = subprocess.Popen(
            [program, *FLAGS, f"--user-data-dir={profile}", "about:blank"],
            env={**os.environ, **(environment or {}), "HOME": str(home)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._numbers = iter(range(1, 1 << 62))
        self._open = contextlib.ExitStack()
        self._socket = self._open.enter_context(self._connected(profile / "DevToolsActivePort"))
        self._turn = threading.Lock()

    @property
    def pid(self) -> int:
        """The browser's own process; renderers and services are its descendants."""
        return self._process.pid

    def _connected(self, told: Path) -> ClientConnection:
        until = time.monotonic() + START_SECONDS
        while not (told.exists() and "\n" in told.read_text()):
            assert self._process.poll() is None, "Chromium ended at once"
            assert time.monotonic() < until, "Chromium never told its port"
            time.sleep(0.05)
        port, path = told.read_text().split()[:2]
        return connect(f"ws://127.0.0.1:{port}{path}", max_size=None, compression=None)

    def call(self, method: str, /, session: str = "", **parameters: object) -> dict[str, Any]:
        """One command and its result."""
        return self._called(method, session, parameters)[0]

    def _called(
        self, method: str, session: str, parameters: Mapping[str, object], *, until: str = ""
    ) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        """A command's result, and the events that came until then, or until the event named."""
        events: list[dict[str, Any]] = []
        with self._turn:
            number = next(self._numbers)
            message = {"id": number, "method": method, "params": parameters}
            self._socket.send(json.dumps(message | ({"sessionId": session} if session else {})))
            while True:
                answer = json.loads(self._socket.recv(timeout=ANSWER_SECONDS))
                if answer.get("id") == number:
                    break
            if "error" in answer:
                raise CdpFailure(f"{method}: {answer['error'].get('message')}")
            while until and not (events and events[-1]["method"] == until):
                events.append(json.loads(self._socket.recv(timeout=ANSWER_SECONDS)))
        return dict(answer["result"]), events

    def open(self, url: str = "about:blank") -> "Tab":
        """A new tab, in front of the others."""
        return Tab(self, self.call("Target.createTarget", url=url)["targetId"])

    def processes(self) -> list[dict[str, Any]]:
        """Every process: type, id, and the seconds of processor time it took."""
        return list(self.call("SystemInfo.getProcessInfo")["processInfo"])

    def allocators(self, pid: int) -> dict[str, float]:
        """What each allocator of a process holds, in bytes, as Chromium's memory-infra tells it.

        They overlap: pictures that were decoded (`cc`) lie in `discardable`, and that in `shared_memory`.
        """
        wanted = {
            "includedCategories": ["disabled-by-default-memory-infra"],
            "memoryDumpConfig": {"triggers": []},
        }
        self.call("Tracing.start", traceConfig=wanted)
        self.call("Tracing.requestMemoryDump", levelOfDetail="light")
        _, events = self._called("Tracing.end", "", {}, until="Tracing.tracingComplete")
        held: dict[str, float] = {}
        for event in events:
            for each in event["params"].get("value", ()):
                if each.get("pid") != pid or "dumps" not in each.get("args", {}):
                    continue
                for name, told in each["args"]["dumps"].get("allocators", {}).items():
                    size = told.get("attrs", {}).get("size")
                    if size and "/" not in name:
                        held[name] = float(int(size["value"], 16))
        return held

    def close(self) -> None:
        """End the browser and all its processes."""
        self._open.close()
        try:
            os.killpg(self._process.pid, signal.SIGTERM)
            self._process.wait(10)
        except (ProcessLookupError, subprocess.TimeoutExpired):
            self._process.kill()
            self._process.wait()


class Tab:
    """One tab: visited, asked, put into the background, slowed, cut off, frozen."""

    name = "chromium"

    def __init__(self, chrome: Chrome, target: str) -> None:
        self._chrome = chrome
        self.target = target
        self._session = chrome.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]

    def call(self, method: str, /, **parameters: object) -> dict[str, Any]:
        """One command of this tab's."""
        return self._chrome.call(method, session=self._session, **parameters)

    def visit(self, url: str) -> None:
        """Go to an address and wait until it has loaded."""
        self.call("Page.navigate", url=url)
        until = time.monotonic() + START_SECONDS
        while self.run("return [location.href, document.readyState];") != [url, "complete"]:
            assert time.monotonic() < until, f"{url} never loaded"
            time.sleep(0.05)

    def run(self, script: str) -> object:
        """Run the body of an async function in the page; give its JSON back."""
        answer = self.call(
            "Runtime.evaluate",
            expression=f"(async () => {{ {script} }})()",
            awaitPromise=True,
            returnByValue=True,
            userGesture=True,
        )
        if "exceptionDetails" in answer:
            raise CdpFailure(str(answer["exceptionDetails"].get("exception", {}).get("description")))
        return answer["result"].get("value")

    def press(self, selector: str) -> None:
        """Press the first element that matches, when it is there."""
        self.run(f"document.querySelector({json.dumps(selector)}).click(); return 0;")

    def to_front(self) -> None:
        """Show this tab; the others are hidden."""
        self.call("Page.bringToFront")

    def network(self, *, bits_per_second: float = 0, delay_ms: float = 0, offline: bool = False) -> None:
        """Bound the link in both directions (0: unbounded), or cut it.

        While its network is looked at, Chromium keeps an account of every request in the page's own memory until the page
        is left, which would pass for the page's: so nobody looks at a link that is as it was.
        """
        self.call("Network.enable", maxTotalBufferSize=0, maxResourceBufferSize=0)
        rate = bits_per_second / 8 if bits_per_second else -1
        self.call(
            "Network.emulateNetworkConditions",
            offline=offline,
            latency=delay_ms,
            downloadThroughput=rate,
            uploadThroughput=rate,
        )
        if not (bits_per_second or delay_ms or offline):
            self.call("Network.disable")

    def slow_processor(self, times: float) -> None:
        """Make the page's main thread so many times slower (1: as it is)."""
        self.call("Emulation.setCPUThrottlingRate", rate=times)

    def freeze(self, *, frozen: bool) -> None:
        """Freeze or thaw the tab, as a browser does with one in the background. It must be hidden."""
        self.call("Page.setWebLifecycleState", state="frozen" if frozen else "active")

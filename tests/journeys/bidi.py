"""A small client of WebDriver BiDi (W3C), enough to drive Firefox: one browser, one tab, plain calls."""

import contextlib
import itertools
import json
import re
import subprocess
import threading
import time
from pathlib import Path
from queue import Empty, SimpleQueue

from websockets.sync.client import connect

START_SECONDS = 60
CALL_SECONDS = 180


class BidiError(Exception):
    """The browser refused a command or a script threw."""


class Firefox:
    """Firefox without a window, spoken to over one socket."""

    def __init__(self, program: str, profile: Path, *, preferences: dict, environment: dict) -> None:
        profile.mkdir(parents=True, exist_ok=True)
        lines = [
            f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in preferences.items()
        ]
        (profile / "user.js").write_text("".join(lines))
        self._process = subprocess.Popen(
            [program, "--headless", "--no-remote", "--profile", str(profile), "--remote-debugging-port", "0"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env=environment,
            text=True,
            errors="replace",
        )
        self._open = contextlib.ExitStack()
        self._socket = self._open.enter_context(
            connect(f"{self._announced()}/session", max_size=None, open_timeout=START_SECONDS)
        )
        self._numbers = itertools.count(1)
        self._answers: dict[int, SimpleQueue] = {}
        self._listeners: dict[str, list] = {}
        threading.Thread(target=self._receive, daemon=True).start()
        self.call("session.new", capabilities={})
        self.context = self.call("browsingContext.getTree")["contexts"][0]["context"]

    @property
    def pid(self) -> int:
        return self._process.pid

    def _announced(self) -> str:
        found: SimpleQueue = SimpleQueue()

        def read() -> None:
            for line in self._process.stderr:
                if match := re.search(r"WebDriver BiDi listening on (ws://\S+)", line):
                    found.put(match[1])

        threading.Thread(target=read, daemon=True).start()
        try:
            return found.get(timeout=START_SECONDS)
        except Empty:
            self._process.kill()
            raise BidiError("Firefox did not announce its WebDriver BiDi address") from None

    def _receive(self) -> None:
        with contextlib.suppress(Exception):  # the socket closes when the browser does
            for text in self._socket:
                message = json.loads(text)
                if "id" in message and message["id"] in self._answers:
                    self._answers[message["id"]].put(message)
                elif message.get("type") == "event":
                    for listener in self._listeners.get(message["method"], []):
                        listener(message["params"])

    def call(self, method: str, **parameters: object) -> dict:
        """Send a command and wait for its answer."""
        answer = self.send(method, **parameters).get(timeout=CALL_SECONDS)
        if answer["type"] != "success":
            raise BidiError(f"{method}: {answer.get('error')}: {answer.get('message')}")
        return answer["result"]

    def send(self, method: str, **parameters: object) -> SimpleQueue:
        """Send a command without waiting; event listeners must, for they run where answers arrive."""
        number = next(self._numbers)
        self._answers[number] = SimpleQueue()
        self._socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        return self._answers[number]

    def listen(self, event: str, listener: object) -> None:
        """Call `listener` with every such event's parameters."""
        self._listeners.setdefault(event, []).append(listener)
        self.call("session.subscribe", events=[event])

    def evaluate(self, script: str) -> object:
        """Run the body of an async function in the page, as if a person had pressed something; give its JSON back."""
        answer = self.call(
            "script.callFunction",
            functionDeclaration=f"async () => JSON.stringify((await (async () => {{ {script} }})()) ?? null)",
            target={"context": self.context},
            awaitPromise=True,
            userActivation=True,
        )
        if answer["type"] == "exception":
            raise BidiError(answer["exceptionDetails"]["text"])
        return json.loads(answer["result"]["value"])

    def serve(self, path: str, content: str, kind: str) -> None:
        """Answer requests for `path` on any host ourselves."""

        def answer(event: dict) -> None:
            if event["request"]["url"].split("?")[0].endswith(path):
                self.send(
                    "network.provideResponse",
                    request=event["request"]["request"],
                    statusCode=200,
                    headers=[{"name": "Content-Type", "value": {"type": "string", "value": kind}}],
                    body={"type": "string", "value": content},
                )
            elif event["isBlocked"]:
                self.send("network.continueRequest", request=event["request"]["request"])

        self.listen("network.beforeRequestSent", answer)
        pattern = {"type": "pattern", "pathname": path}
        self.call("network.addIntercept", phases=["beforeRequestSent"], urlPatterns=[pattern])

    def press(self, selector: str) -> None:
        """Click the middle of the first element that matches."""
        where = self.evaluate(
            f"const e = document.querySelector({json.dumps(selector)}); e.scrollIntoView({{block: 'center'}});"
            "const r = e.getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2];"
        )
        x, y = map(round, where)
        actions = [
            {"type": "pointerMove", "x": x, "y": y},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        ]
        source = {"type": "pointer", "id": "finger", "actions": actions}
        self.call("input.performActions", context=self.context, actions=[source])

    def close(self) -> None:
        """End the browser as a person does, so that it writes what it writes at its end."""
        with contextlib.suppress(Exception):
            self.send("browser.close").get(timeout=10)
        try:
            self._process.wait(30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        time.sleep(0.2)
        with contextlib.suppress(Exception):
            self._open.close()

"""What a device is, from what its program says of itself. Names that programs have, never a guess at a person."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

_BROWSERS = (
    ("Edge", r"\bEdg(?:A|iOS)?/"),
    ("Opera", r"\bOPR/"),
    ("Samsung Internet", r"\bSamsungBrowser/"),
    ("WeChat", r"\bMicroMessenger/"),
    ("Firefox", r"\b(?:Firefox|FxiOS)/"),
    ("Chrome", r"\b(?:Chrome|CriOS|HeadlessChrome)/"),
    ("Safari", r"\bVersion/.*\bSafari/"),
)
"""The first that is found: most programs also name those that they are made of."""
_SYSTEMS = (
    ("iPhone", r"\biPhone\b"),
    ("iPad", r"\biPad\b"),
    ("HarmonyOS", r"\b(?:HarmonyOS|OpenHarmony)\b"),
    ("Android", r"\bAndroid\b"),
    ("Windows", r"\bWindows\b"),
    ("macOS", r"\bMac OS X\b"),
    ("ChromeOS", r"\bCrOS\b"),
    ("Linux", r"\bLinux\b"),
)


@dataclass(frozen=True)
class DeviceKind:
    """A program and the system that it runs on; empty where it does not say."""

    program: str
    system: str
    phone: bool


def kind_of(user_agent: str) -> DeviceKind:
    """What a User-Agent header says (RFC 9110 §10.1.5); a program that is no browser is called by its own first word."""
    browser = _found(_BROWSERS, user_agent)
    own = re.match(r"[A-Za-z][\w.+-]{0,40}", user_agent)
    program = browser or (own[0] if own and own[0] != "Mozilla" else "")
    phone = bool(re.search(r"\bMobile\b|\biPhone\b", user_agent))
    return DeviceKind(program, _found(_SYSTEMS, user_agent), phone)


def in_words(user_agent: str) -> str:
    """What a device is, in words: "Firefox on Android"."""
    kind = kind_of(user_agent)
    if kind.program and kind.system:
        return _("%(program)s on %(system)s") % {"program": kind.program, "system": kind.system}
    return kind.program or kind.system or _("Unknown program")


def _found(named: tuple[tuple[str, str], ...], text: str) -> str:
    return next((name for name, pattern in named if re.search(pattern, text)), "")

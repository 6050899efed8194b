"""Text from elsewhere, made fit to keep: one line, or several."""

import re
import unicodedata

# Invisible: controls, formats but the joiners that scripts and emoji need, surrogates, private use
_INVISIBLE = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)
_SPACE = re.compile(r"\s+")


def line(text: str, *, limit: int) -> str:
    """Make one line of a text: composed (NFC), without invisible controls, single spaces, at most `limit` long."""
    plain = _SPACE.sub(" ", text)
    return unicodedata.normalize("NFC", _INVISIBLE.sub("", plain)).strip()[:limit].rstrip()


def lines(text: str, *, limit: int) -> str:
    """Make a text of several lines clean in the same way; line ends become one newline."""
    rows = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(_INVISIBLE.sub("", unicodedata.normalize("NFC", row)).rstrip() for row in rows)[
        :limit
    ].strip("\n")

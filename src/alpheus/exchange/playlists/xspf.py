"""XSPF, the playlist format of xiph.org, read by expat with everything forbidden that a playlist has no need of.

A document type is refused where it begins, so no entity is ever declared: nothing is expanded, nothing is fetched.
"""

from collections.abc import Callable
from xml.parsers import expat
from xml.sax.saxutils import escape

from alpheus.exchange.playlists.errors import FileRefused
from alpheus.exchange.playlists.lines import LINES_MAX, Sheet, Track, track

MEDIA_TYPE = "application/xspf+xml"
NAMESPACE = "http://xspf.org/ns/0/"
_DEPTH_MAX = 64
_TEXT_MAX = 16_384  # characters of one element
_SEPARATOR = " "
_ISRC = "urn:isrc:"
_OF_A_TRACK = ("title", "creator", "album", "location", "identifier", "duration")


class _Reader:
    """Follows the parser: which element it is in, and what was said there."""

    def __init__(self) -> None:
        self.title = self.description = ""
        self.tracks: list[Track] = []
        self._path: list[str] = []
        self._text: list[str] = []
        self._length = 0
        self._told: dict[str, list[str]] = {}

    def begin(self, name: str, _attributes: dict[str, str]) -> None:
        self._path.append(name.rpartition(_SEPARATOR)[2])
        if self._path[0] != "playlist":
            raise FileRefused("This is XML, but no XSPF: its first element is not a playlist.")
        if len(self._path) > _DEPTH_MAX:
            raise FileRefused("This file is nested deeper than any playlist is.")
        if self._path == ["playlist", "trackList", "track"]:
            self._told = {}
        self._text, self._length = [], 0

    def say(self, text: str) -> None:
        self._length += len(text)
        if self._length > _TEXT_MAX:
            raise FileRefused("A text in this file is longer than any title is.")
        self._text.append(text)

    def end(self, _name: str) -> None:
        path, text = tuple(self._path), "".join(self._text).strip()
        self._path.pop()
        self._text, self._length = [], 0
        if path == ("playlist", "title"):
            self.title = text
        elif path == ("playlist", "annotation"):
            self.description = text
        elif path == ("playlist", "trackList", "track"):
            self._finish()
        elif path[:3] == ("playlist", "trackList", "track") and path[3:] and path[3] in _OF_A_TRACK:
            self._told.setdefault(path[3], []).append(text)

    def _finish(self) -> None:
        if len(self.tracks) >= LINES_MAX:
            raise FileRefused(f"This file has more than {LINES_MAX} tracks. Split it, and import the parts.")
        identifiers = [it for it in self._told.get("identifier", []) if it.lower().startswith(_ISRC)]
        duration = self._first("duration")
        self.tracks.append(
            track(
                title=self._first("title"),
                artist=self._first("creator"),
                album=self._first("album"),
                isrc=identifiers[0][len(_ISRC) :] if identifiers else "",
                location=self._first("location"),
                duration_ms=int(duration)
                if duration.isascii() and duration.isdigit() and len(duration) < 12
                else None,
            )
        )

    def _first(self, name: str) -> str:
        return next((text for text in self._told.get(name, []) if text), "")


def read(data: bytes) -> Sheet:
    """Read an XSPF.

    Raises:
        FileRefused: it is no XML, no XSPF, too large, or has a document type or entities.
    """
    reader = _Reader()
    parser = expat.ParserCreate(namespace_separator=_SEPARATOR)
    parser.StartDoctypeDeclHandler = _refusing("a document type (DTD)")
    parser.EntityDeclHandler = _refusing("entities")
    parser.ExternalEntityRefHandler = _refusing("what lies elsewhere")
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    parser.StartElementHandler, parser.EndElementHandler = reader.begin, reader.end
    parser.CharacterDataHandler = reader.say
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise FileRefused(f"This file is no XML that can be read (line {error.lineno}).") from error
    return Sheet(reader.title, tuple(reader.tracks), reader.description)


def write(sheet: Sheet) -> str:
    """Write an XSPF that `read` reads back whole."""
    rows = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<playlist version="1" xmlns="{NAMESPACE}">',
        *_element("title", sheet.title, 1),
        *_element("annotation", sheet.description, 1),
        "  <trackList>",
    ]
    for it in sheet.tracks:
        rows += [
            "    <track>",
            *_element("location", it.location, 3),
            *_element("identifier", _ISRC + it.isrc if it.isrc else "", 3),
            *_element("title", it.title, 3),
            *_element("creator", it.artist, 3),
            *_element("album", it.album, 3),
            *_element("duration", str(it.duration_ms) if it.duration_ms else "", 3),
            "    </track>",
        ]
    return "\n".join([*rows, "  </trackList>", "</playlist>"]) + "\n"


def _element(name: str, text: str, depth: int) -> list[str]:
    return [f"{'  ' * depth}<{name}>{escape(text)}</{name}>"] if text else []


def _refusing(what: str) -> Callable[..., int]:
    def refuse(*_given: object) -> int:
        raise FileRefused(f"This file declares {what}, which a playlist has no need of.")

    return refuse

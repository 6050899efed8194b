"""Names drawn into pictures: in our own letters, and in those of the machine for what ours do not have.

A browser has letters for its reader; a picture has only those of the machine that draws it. Ours are Latin. Han, kana and
hangul are drawn where the machine has a font for them. A name with a letter that no font here has is not drawn at all:
a box in its place would be no name.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import Final

from PIL import ImageDraw, ImageFont

Font = ImageFont.FreeTypeFont

BUILT: Final = Path(__file__).parent / "static" / "built" / "fonts"
OURS: Final = ("instrument-sans-latin-standard-*.woff2", "instrument-sans-latin-ext-standard-*.woff2")
NARROW, HEAVY = 78, 650
"""Width and weight of what is loud."""
OF_THE_MACHINE: Final = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc",  # Debian, Ubuntu: fonts-noto-cjk
    "/usr/share/fonts/noto-cjk/NotoSansCJK-Bold.ttc",  # Arch, Alpine
    "/usr/share/fonts/google-noto-sans-cjk-fonts/NotoSansCJK-Bold.ttc",  # Fedora
    "/usr/share/fonts/google-noto-sans-cjk-vf-fonts/NotoSansCJK-VF.ttc",
    "/System/Library/Fonts/PingFang.ttc",  # macOS
    "/System/Library/Fonts/Hiragino Sans GB.ttc",
    "/System/Library/Fonts/AppleSDGothicNeo.ttc",
)
"""Where fonts with Han, kana or hangul lie; those that are not there are passed over."""
FACES: Final[Mapping[str, str]] = {"ja": "JP", "ko": "KR", "zh-Hant": "TC", "zh-Hans": "SC"}
"""How families in one file are called, by the language whose forms they draw."""
FACES_MAX: Final = 10
UNASSIGNED: Final = "\U0010ffff"
"""No font has it: what is drawn for it stands for whatever a font does not have."""

SIZES: Final = (104, 88, 72, 60, 48)
"""Pixels, the largest first: the first in which a name fits is taken."""
LINES_MAX: Final = 3
LEADING: Final = 1.14
BASE: Final = 0.84
"""How far below a line's top its letters stand, of its size."""
ELLIPSIS: Final = "…"


@dataclass(frozen=True)
class Line:
    """Some letters, and the font that draws each run of them."""

    runs: tuple[tuple[str, Font], ...]

    @property
    def width(self) -> float:
        """How wide it is, pixels."""
        return sum(font.getlength(text) for text, font in self.runs)


@dataclass(frozen=True)
class Written:
    """A name in lines of one size."""

    size: int
    lines: tuple[Line, ...]

    @property
    def height(self) -> float:
        """How high it is, pixels."""
        return len(self.lines) * self.size * LEADING


def fitted(
    name: str, *, language: str, width: int, height: int, sizes: Sequence[int] = SIZES
) -> Written | None:
    """Lay a name out as large as fits, cut with an ellipsis where nothing does; None where no font here has a letter of it."""
    text = " ".join(name.split())
    try:
        for size in sizes:
            lines = _lines(text, size, language, width)
            if len(lines) <= LINES_MAX and len(lines) * size * LEADING <= height:
                return Written(size, lines) if lines else None
        return _cut(text, sizes[-1], language, width, height)
    except _NoLetter:
        return None


def write(
    pen: ImageDraw.ImageDraw, written: Written, *, left: int, top: float, ink: tuple[int, int, int]
) -> None:
    """Write the lines below each other."""
    for number, line in enumerate(written.lines):
        at, base = float(left), top + written.size * (LEADING * number + BASE)
        for text, font in line.runs:
            pen.text((at, base), text, font=font, fill=ink, anchor="ls")
            at += font.getlength(text)


class _NoLetter(Exception):
    """No font of this machine has a letter."""


def _cut(text: str, size: int, language: str, width: int, height: int) -> Written:
    most = max(1, min(LINES_MAX, int(height / (size * LEADING))))
    *before, last = _texts(text, size, language, width)[:most]
    while last and _line(last + ELLIPSIS, size, language).width > width:
        last = last[:-1]
    shown = [*before, last.rstrip() + ELLIPSIS]
    return Written(size, tuple(_line(it, size, language) for it in shown))


def _lines(text: str, size: int, language: str, width: int) -> tuple[Line, ...]:
    return tuple(_line(it, size, language) for it in _texts(text, size, language, width))


def _texts(text: str, size: int, language: str, width: int) -> list[str]:
    lines, line = [], ""
    for piece in _pieces(text, size, language, width):
        if line and _line((line + piece).rstrip(), size, language).width > width:
            lines.append(line.rstrip())
            line = ""
        line += piece
    return [*lines, line.rstrip()] if line.strip() else lines


def _pieces(text: str, size: int, language: str, width: int) -> Iterator[str]:
    """What stays on one line: a word with the space after it, a letter of a script without spaces, part of a huge word."""
    piece = ""
    for letter in text:
        if piece and _line(piece + letter.strip(), size, language).width > width:
            yield piece
            piece = ""
        piece += letter
        if letter == " " or _stands_alone(letter):
            yield piece
            piece = ""
    if piece:
        yield piece


def _stands_alone(letter: str) -> bool:
    """Han and kana; Korean breaks between words."""
    return "\u3040" <= letter <= "\u30ff" or "\u3400" <= letter <= "\u9fff" or letter >= "\U00020000"


def _line(text: str, size: int, language: str) -> Line:
    runs = groupby(text, key=lambda letter: _font_of(letter, size, language))
    return Line(tuple(("".join(letters), font) for font, letters in runs))


@lru_cache(maxsize=4096)
def _font_of(letter: str, size: int, language: str) -> Font:
    for font in _fonts(size, language):
        if letter == " " or _has(font, letter):
            return font
    raise _NoLetter(letter)


def _has(font: Font, letter: str) -> bool:
    drawn, nothing = font.getmask(letter), font.getmask(UNASSIGNED)
    return (drawn.size, bytes(drawn)) != (nothing.size, bytes(nothing))


@lru_cache(maxsize=64)
def _fonts(size: int, language: str) -> tuple[Font, ...]:
    ours = [_narrow(Font(str(path), size)) for pattern in OURS for path in sorted(BUILT.glob(pattern))]
    theirs = [_face(path, size, language) for path in OF_THE_MACHINE if Path(path).exists()]
    return (*ours, *theirs)


def _narrow(font: Font) -> Font:
    font.set_variation_by_axes([NARROW, HEAVY])
    return font


def _face(path: str, size: int, language: str) -> Font:
    """The family of a file that draws a language's forms of what is written alike; its first where none is named so."""
    wanted = next((face for tag, face in FACES.items() if language.startswith(tag)), FACES["zh-Hans"])
    first = Font(path, size)
    for number in range(FACES_MAX):
        try:
            face = Font(path, size, index=number)
        except OSError:
            break
        if wanted in (face.getname()[0] or "").split():
            return face
    return first

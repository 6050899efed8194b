"""Tags as a file holds them: names and texts, and the cover's bytes; read by tinytag under a budget.

A tag may be a bomb: a frame of a hundred thousand artists, a comment of a gigabyte. The budget counts bytes and
reads, so that parsing here costs a second at most; what exceeds it is read by the confined process instead.
"""

import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from tinytag import TinyTag

TEXT_CHARACTERS_MAX = 1000
LYRICS_CHARACTERS_MAX = 100_000
VALUES_MAX = 64

_PAIRS = frozenset({"tipl", "tmcl", "ipls"})  # ID3's role, name, role, name: one name may stand there twice
_LONG = frozenset({"lyrics", "syncedlyrics", "comment", "description"})


_BYTE_ORDER_MARK = "\ufeff"


class BudgetSpent(Exception):
    """The tags are larger than the budget; read them in the confined process or not at all."""


@dataclass(frozen=True)
class Budget:
    """How much of a file may be read for its tags."""

    bytes_max: int
    reads_max: int


# Words alone. tinytag looks for each value among those before it: at worst these cost a second.
WORDS = Budget(bytes_max=32 * 2**10, reads_max=4_000)
# With pictures, and in the confined process.
ALL = Budget(bytes_max=96 * 2**20, reads_max=100_000)


class _Counted:
    """A file that counts what is read from it."""

    def __init__(self, path: Path, budget: Budget) -> None:
        self._file: BinaryIO = path.open("rb")
        self._bytes_left, self._reads_left = budget.bytes_max, budget.reads_max

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def read(self, size: int = -1) -> bytes:
        # tinytag asks for what a header claims, which may be 4 GB: never read more than is left.
        data = self._file.read(self._bytes_left + 1 if size < 0 else min(size, self._bytes_left + 1))
        self._bytes_left -= len(data)
        self._reads_left -= 1
        if self._bytes_left < 0 or self._reads_left < 0:
            raise BudgetSpent
        return data

    def seek(self, offset: int, whence: int = 0) -> int:
        self._reads_left -= 1
        if self._reads_left < 0:
            raise BudgetSpent
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()


Fields = dict[str, list[str]]


def read_fields(path: Path, budget: Budget) -> Fields:
    """Read texts by name; names in lower case without spaces and underscores.

    Raises:
        BudgetSpent: there is more than the budget allows.
        Exception: whatever tinytag makes of a broken file.
    """
    fields: Fields = {}
    for name, values in _parsed(path, budget, image=False).as_dict().items():
        if isinstance(values, list):
            add(fields, name, values)
    return fields


def read_cover(path: Path) -> bytes | None:
    """Read the front cover's bytes, or another picture's where there is none; None without any.

    Raises:
        BudgetSpent: there is more than any budget allows.
        Exception: whatever tinytag makes of a broken file.
    """
    images = _parsed(path, ALL, image=True).images
    image = images.front_cover or images.any
    return image.data if image is not None else None


def _parsed(path: Path, budget: Budget, *, image: bool) -> TinyTag:
    with _Counted(path, budget) as file:
        try:
            # Without its name, so that the bytes decide what it is. Length is probe's business.
            return TinyTag.get(file_obj=file, duration=False, image=image)  # type: ignore[arg-type]
        except Exception as error:
            # tinytag wraps whatever stops it.
            if isinstance(error.__cause__, BudgetSpent):
                raise error.__cause__ from None
            raise


def add(fields: Fields, name: str, values: list[str]) -> None:
    """Add texts under a name, cleaned; what comes twice stays once."""
    plain = re.sub(r"[\s_\-]+", "", name.lower())
    most = LYRICS_CHARACTERS_MAX if plain in _LONG else TEXT_CHARACTERS_MAX
    kept = fields.setdefault(plain, [])
    for value in values:
        # ID3v2.4 parts several values by NUL.
        for part in str(value).split("\0")[: VALUES_MAX + 1]:
            text = cleaned(part, most)
            if text and (plain in _PAIRS or text not in kept) and len(kept) < VALUES_MAX:
                kept.append(text)


def cleaned(text: str, most: int = TEXT_CHARACTERS_MAX) -> str:
    """Mend a text: wrongly decoded scripts, control characters, composed forms, ends, length."""
    mended = unicodedata.normalize("NFC", _decoded_again(text[: 4 * most])).replace(_BYTE_ORDER_MARK, "")
    kept = (c for c in mended if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cs", "Co", "Cn"})
    return "".join(kept).strip()[:most].rstrip()


def _decoded_again(text: str) -> str:
    """Undo the commonest mistake of taggers: UTF-8, or Chinese in GB 2312, declared as Latin-1.

    Real Latin text is never valid UTF-8 beyond ASCII, and hardly ever a run of pairs that are all common Han
    characters (GB 2312 level 1: lead bytes B0 to D7).
    """
    if text.isascii():
        return text
    try:
        raw = text.encode("latin-1")
    except UnicodeEncodeError:
        return text  # properly decoded: it has characters that Latin-1 lacks
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        common_han = re.fullmatch(rb"(?:[\x00-\x7f]|[\xb0-\xd7][\xa1-\xfe])*", raw)
        pairs = sum(byte > 0x7F for byte in raw) // 2
        return raw.decode("gb2312", "replace") if common_han and pairs >= 2 else text

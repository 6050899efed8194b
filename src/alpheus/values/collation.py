"""Sort keys of names as readers of each language expect: one text a language, the same in every database.

en: Latin letters, all else romanised. zh: the same, Han characters by pinyin, tone and character. ja: what is read in kana first, in the
order of kana; then names in kanji whose reading is not known; then Latin letters. ko: hangul first, then Latin letters.
A key holds printable characters alone, since cursors carry it.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from alpheus.values import cursor as cursors
from alpheus.values.hangul import SYLLABLES
from alpheus.values.kana import KANA, kana_of, plain_kana
from alpheus.values.language import is_cjk, simplified
from alpheus.values.romanisation import HAN, romanised
from alpheus.values.sort_names import sort_name

Reader = Literal["en", "zh", "ja", "ko"]
"""Whose order a list is in: a language of the pages without its script."""
READERS: Final[Sequence[Reader]] = ("en", "zh", "ja", "ko")

_MAX = 400
_RUNS = re.compile(rf"[{HAN}]+|[^{HAN}]+")
_HAN = re.compile(rf"[{HAN}]+")
_KANA = re.compile(rf"[{KANA}\u30a1-\u30fa]")
_FIRST = re.compile(r"\w")
# Which names come first; those of one group are compared among themselves.
_OWN_SCRIPT, _KANJI, _OTHERS = "1", "2", "3"


_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_KANA_ROWS = "あかさたなはまやらわ"
_KANJI_UNREAD = "漢"
_HANGUL_ROWS = "가나다라마바사아자차카타파하"
INITIALS: Final[Mapping[Reader, str]] = {
    "en": _LETTERS,
    "zh": _LETTERS,
    "ja": _KANA_ROWS + _KANJI_UNREAD + _LETTERS,
    "ko": _HANGUL_ROWS + _LETTERS,
}
"""Where a reader may want to begin in a long list; 漢 stands for names in kanji whose reading is not known."""


@dataclass(frozen=True)
class SortKeys:
    """What a name is ordered by for readers of zh, ja and ko; for all others it is `sort_names.sort_name`."""

    zh: str
    ja: str
    ko: str

    @property
    def columns(self) -> Mapping[str, str]:
        """By the names of the columns that hold them."""
        return {"sort_zh": self.zh, "sort_ja": self.ja, "sort_ko": self.ko}


def reader_of(language: str) -> Reader:
    """Tell whose order somebody expects who reads a language (BCP 47); en where it has none of its own."""
    plain = language[:2].lower()
    return next((reader for reader in READERS if reader == plain), "en")


def order_name(name: str, reader: Reader) -> str:
    """Name the list and order of a reader's, by which its cursors know it."""
    return name if reader == "en" else f"{name}-{reader}"


def reader_within(name: str, *, cursor: str | None, reader: Reader) -> Reader:
    """Tell in whose order a list goes on: the one in which it was begun, whatever language is read meanwhile."""
    begun = cursors.ordering_of(cursor) if cursor else None
    return next((one for one in READERS if order_name(name, one) == begun), reader)


def begins(initial: str, reader: Reader) -> tuple[Reader, str] | None:
    """Tell where names with an initial begin: in whose order, and by a key that all names before them stay below.

    Kana and hangul tell whose order they are of, so that an address means the same to who gets it. None for no initial.
    """
    if len(initial) != 1:
        return None
    if initial in _LETTERS:
        return reader, f"{_OTHERS}{initial}" if reader in {"ja", "ko"} else initial
    if initial in _KANA_ROWS:
        return "ja", f"{_OWN_SCRIPT}{initial}"
    if initial == _KANJI_UNREAD:
        return "ja", _KANJI
    return ("ko", f"{_OWN_SCRIPT}{initial}") if initial in _HANGUL_ROWS else None


def sort_keys(name: str, *, reading: str = "", language: str = "") -> SortKeys:
    """Make the keys of a name.

    Args:
        name: as it is written.
        reading: how it is read, where that is known, in any script: "Utada, Hikaru", うただひかる.
        language: of the name (BCP 47); a reading in Latin letters is taken for romaji only where it is Japanese.
    """
    plain = _printable(name)
    read = _printable(reading) if is_cjk(plain) else ""
    latin = _printable(sort_name(read or plain))
    return SortKeys(
        _zh(plain, latin), _ja(plain, read, language, latin)[:_MAX], _ko(plain, read, latin)[:_MAX]
    )


def _zh(name: str, latin: str) -> str:
    """Han characters by pinyin with tone, then the character; those that sound alike stay together: 汪 before 王."""
    if not _HAN.search(name):
        return latin[:_MAX]
    parts = [_pinyin(run) if _HAN.fullmatch(run) else [romanised(run)] for run in _RUNS.findall(name)]
    return " ".join(word for part in parts for word in part if word)[:_MAX]


def _pinyin(han: str) -> list[str]:
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415 - its dictionary is big, and only Han names need it

    plain = simplified(unicodedata.normalize("NFKC", han))
    sounds = lazy_pinyin(plain, style=Style.TONE3, neutral_tone_with_five=True)
    if len(sounds) != len(plain):  # characters that nobody reads come back as one
        sounds = ["~"] * len(plain)
    return [f"{sound}{letter}" for sound, letter in zip(sounds, plain, strict=True)]


def _ja(name: str, read: str, language: str, latin: str) -> str:
    reading = _read_in_kana(name, read, language)
    if reading:
        return f"{_OWN_SCRIPT}{plain_kana(reading)} {reading}"
    if (found := _FIRST.search(name)) and _HAN.match(found[0]):
        return f"{_KANJI}{plain_kana(name)}"
    return f"{_OTHERS}{latin}"


def _read_in_kana(name: str, read: str, language: str) -> str:
    """How a name is read in kana, as far as it is known; empty where it begins with no kana."""
    for text in (read, name):
        found = _FIRST.search(unicodedata.normalize("NFKC", text))
        if found and _KANA.match(found[0]):
            return unicodedata.normalize("NFKC", text).replace(" ", "")
    is_japanese = language[:2].lower() == "ja" or _KANA.search(name)
    return kana_of(romanised(read)) if read and is_japanese else ""


def _ko(name: str, read: str, latin: str) -> str:
    """Hangul by its syllables, whose code points are in the order of dictionaries."""
    for text in (read, name):
        plain = unicodedata.normalize("NFKC", text)
        found = _FIRST.search(plain)
        if found and re.match(f"[{SYLLABLES}]", found[0]):
            return f"{_OWN_SCRIPT}{plain[found.start() :].casefold()}"
    return f"{_OTHERS}{latin}"


def _printable(text: str) -> str:
    return "".join(letter for letter in text if letter.isprintable()).strip()

"""Names in Latin letters: pinyin for Han characters, otherwise a letter-by-letter reading (anyascii).

Kanji are read as Chinese, since their Japanese reading cannot be told from the characters.
"""

import re
import unicodedata
from itertools import chain

from anyascii import anyascii

from alpheus.values.language import simplified

HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_RUNS = re.compile(rf"[{HAN}]+|[^{HAN}]+")
_HAN_RUN = re.compile(rf"[{HAN}]+")
_NOT_WORD = re.compile(r"[^a-z0-9]+")
_MARKS = re.compile(r"[\u0300-\u036f]")


def syllables(han: str) -> list[str]:
    """Read a run of Han characters as pinyin without tones: 周杰伦 → zhou, jie, lun; ü is v."""
    from pypinyin import lazy_pinyin  # noqa: PLC0415 - its dictionary is big, and only Han names need it

    read: list[str] = lazy_pinyin(simplified(han), errors=anyascii)
    return [syllable.lower() for syllable in read if syllable.strip()]


def romanised(text: str) -> str:
    """Write a text in lower-case ASCII words with single spaces: "周杰倫 Live" → "zhou jie lun live"."""
    folded = unicodedata.normalize("NFKC", text)
    words = chain.from_iterable(
        syllables(run) if _HAN_RUN.fullmatch(run) else [anyascii(run)] for run in _RUNS.findall(folded)
    )
    return _NOT_WORD.sub(" ", " ".join(words).lower().replace("'", "")).strip()


def fold_marks(text: str) -> str:
    """Take the marks off Latin, Greek and Cyrillic letters: é → e; kana and hangul keep theirs."""
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", _MARKS.sub("", unicodedata.normalize("NFD", text)))

"""Hangul by its letters: 봄날 is ㅂㅗㅁㄴㅏㄹ, its initial consonants are ㅂㄴ.

A syllable that is still being typed is the beginning of the finished one by letters, not by syllables: 바, 반, 바나.
"""

import re
import unicodedata

SYLLABLES = "\uac00-\ud7a3"
LETTERS = "\u1100-\u11ff\u3131-\u318e"
"""Jamo as keyboards write them and as NFKC leaves them."""

_INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_VOWELS = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
_FINALS: tuple[str, ...] = ("", *"ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ")
# Two consonants at a syllable's end, as they are typed
_PAIRS: dict[str, str] = {"ㄳ": "ㄱㅅ", "ㄵ": "ㄴㅈ", "ㄶ": "ㄴㅎ", "ㄺ": "ㄹㄱ", "ㄻ": "ㄹㅁ", "ㄼ": "ㄹㅂ", "ㄽ": "ㄹㅅ", "ㄾ": "ㄹㅌ", "ㄿ": "ㄹㅍ", "ㅀ": "ㄹㅎ", "ㅄ": "ㅂㅅ"}  # fmt: skip
_FIRST = 0xAC00  # 가; syllables stand in the order initial, vowel, final
_PLAIN: dict[int, str] = {
    ord(unicodedata.normalize("NFKC", chr(code))): chr(code) for code in range(0x3131, 0x3164)
}
_PLAIN |= {0x1100 + at: letter for at, letter in enumerate(_INITIALS)}
_PLAIN |= {0x1161 + at: letter for at, letter in enumerate(_VOWELS)}
_PLAIN |= {0x11A7 + at: letter for at, letter in enumerate(_FINALS) if letter}
_CONSONANTS = re.compile(f"[{_INITIALS}]+")


def letters(text: str) -> str:
    """Write hangul by its letters; what is no hangul stays."""
    return "".join(map(_letters, text))


def initials(text: str) -> str:
    """Take the initial consonants of a text's syllables: 방탄소년단 is ㅂㅌㅅㄴㄷ."""
    return "".join(_INITIALS[(ord(it) - _FIRST) // 588] for it in text if _FIRST <= ord(it) < _FIRST + 11_172)


def are_initials(text: str) -> bool:
    """Tell whether a text by letters is consonants alone, such as ㅂㅌㅅ."""
    return _CONSONANTS.fullmatch(text) is not None


def _letters(letter: str) -> str:
    code = ord(letter) - _FIRST
    if not 0 <= code < 11_172:
        plain = _PLAIN.get(ord(letter), letter)
        return _PAIRS.get(plain, plain)
    final = _FINALS[code % 28]
    return _INITIALS[code // 588] + _VOWELS[code % 588 // 28] + _PAIRS.get(final, final)

"""Kana in Latin letters (Hepburn), as people type names: とうきょう is toukyou and tokyo, ハロー is haro and haroo.

And back, and plain, as the order of kana compares them.
"""

import re
import unicodedata
from functools import cache

KANA = "\u3041-\u309f\u30fc"
"""Hiragana and the sign for a long vowel; katakana is folded to these first."""

_ROWS = [
    "あ",
    "a",
    "い",
    "i",
    "う",
    "u",
    "え",
    "e",
    "お",
    "o",
    "か",
    "ka",
    "き",
    "ki",
    "く",
    "ku",
    "け",
    "ke",
    "こ",
    "ko",
    "さ",
    "sa",
    "し",
    "shi",
    "す",
    "su",
    "せ",
    "se",
    "そ",
    "so",
    "た",
    "ta",
    "ち",
    "chi",
    "つ",
    "tsu",
    "て",
    "te",
    "と",
    "to",
    "な",
    "na",
    "に",
    "ni",
    "ぬ",
    "nu",
    "ね",
    "ne",
    "の",
    "no",
    "は",
    "ha",
    "ひ",
    "hi",
    "ふ",
    "fu",
    "へ",
    "he",
    "ほ",
    "ho",
    "ま",
    "ma",
    "み",
    "mi",
    "む",
    "mu",
    "め",
    "me",
    "も",
    "mo",
    "や",
    "ya",
    "ゆ",
    "yu",
    "よ",
    "yo",
    "ら",
    "ra",
    "り",
    "ri",
    "る",
    "ru",
    "れ",
    "re",
    "ろ",
    "ro",
    "わ",
    "wa",
    "ゐ",
    "i",
    "ゑ",
    "e",
    "を",
    "o",
    "ん",
    "n",
    "が",
    "ga",
    "ぎ",
    "gi",
    "ぐ",
    "gu",
    "げ",
    "ge",
    "ご",
    "go",
    "ざ",
    "za",
    "じ",
    "ji",
    "ず",
    "zu",
    "ぜ",
    "ze",
    "ぞ",
    "zo",
    "だ",
    "da",
    "ぢ",
    "ji",
    "づ",
    "zu",
    "で",
    "de",
    "ど",
    "do",
    "ば",
    "ba",
    "び",
    "bi",
    "ぶ",
    "bu",
    "べ",
    "be",
    "ぼ",
    "bo",
    "ぱ",
    "pa",
    "ぴ",
    "pi",
    "ぷ",
    "pu",
    "ぺ",
    "pe",
    "ぽ",
    "po",
    "ゔ",
    "vu",
    "ぁ",
    "a",
    "ぃ",
    "i",
    "ぅ",
    "u",
    "ぇ",
    "e",
    "ぉ",
    "o",
    "ゃ",
    "ya",
    "ゅ",
    "yu",
    "ょ",
    "yo",
    "ゎ",
    "wa",
]
_BASE = dict(zip(_ROWS[::2], _ROWS[1::2], strict=True))
_SMALL_Y = {"ゃ": "a", "ゅ": "u", "ょ": "o"}
_SMALL_VOWELS = {"ぁ": "a", "ぃ": "i", "ぅ": "u", "ぇ": "e", "ぉ": "o"}
_DOUBLING, _LONG = "っ", "ー"
_SMALL = str.maketrans("ぁぃぅぇぉっゃゅょゎゕゖ", "あいうえおつやゆよわかけ")
_KATAKANA_TO_HIRAGANA = {code: code - 0x60 for code in range(0x30A1, 0x30F7)}
_VOICING = re.compile(r"[\u3099\u309a]")
_NOT_WORD = re.compile(r"[^\w\u30fc]+")
_VOWELS = {"a": "あ", "i": "い", "u": "う", "e": "え", "o": "お"}
_LONG_VOWELS = re.compile(r"ou|oo|uu|aa|ee")


def readings(kana: str) -> list[str]:
    """Read a run of kana as Latin letters in the ways it is typed; the most literal first, each once."""
    drawn = _read(kana)
    literal = drawn.replace(_LONG, "")
    repeated = re.sub(rf"([aiueo]){_LONG}", r"\1\1", drawn).replace(_LONG, "")
    short = _LONG_VOWELS.sub(lambda found: found[0][0], literal)
    return [reading for reading in dict.fromkeys((literal, repeated, short)) if reading]


def plain_kana(text: str) -> str:
    """Write a text as the order of kana compares it first: hiragana, unvoiced, none small, long vowels as vowels."""
    flat = _NOT_WORD.sub("", unicodedata.normalize("NFKC", text).casefold())
    hiragana = flat.translate(_KATAKANA_TO_HIRAGANA).translate(_SMALL)
    plain: list[str] = []
    for letter in _VOICING.sub("", unicodedata.normalize("NFD", hiragana)):
        before = _BASE.get(plain[-1], "") if plain else ""
        plain.append(_VOWELS.get(before[-1:], letter) if letter == _LONG else letter)
    return "".join(plain)


def kana_of(latin: str) -> str:
    """Write romaji in hiragana: "utada hikaru" → うただひかる; empty where some of it is no Japanese."""
    out: list[str] = []
    for word in latin.lower().split():
        at = 0
        while at < len(word):
            size = next((size for size in (4, 3, 2, 1) if word[at : at + size] in _kana_by_sound()), 0)
            if size:
                out.append(_kana_by_sound()[word[at : at + size]])
            elif word[at] == "n" or (word[at] == "m" and word[at + 1 : at + 2] in {"b", "p", "m"}):
                out.append("ん")  # also as Hepburn writes it before b, p and m: Shimbashi
            elif word[at : at + 1] == word[at + 1 : at + 2] or word.startswith("tch", at):
                out.append(_DOUBLING)
            else:
                return ""
            at += size or 1
    return "".join(out)


@cache
def _kana_by_sound() -> dict[str, str]:
    """Every sound as kana: of those that sound alike the one that is written most."""
    found: dict[str, str] = {}
    for kana, sound in _BASE.items():
        if len(sound) > 1 or sound in _VOWELS:
            found.setdefault(sound, kana)
    for kana, sound in _BASE.items():
        for small, vowel in _SMALL_Y.items():
            if len(sound) > 1 and sound.endswith("i"):
                found.setdefault(
                    sound[:-1] + ("" if sound[:-1] in {"sh", "ch", "j"} else "y") + vowel, kana + small
                )
    typed = {"si": "し", "ti": "ち", "tu": "つ", "hu": "ふ", "zi": "じ", "o": "お"}
    return found | {sound: kana for sound, kana in typed.items() if sound not in found}


def _read(kana: str) -> str:
    """Read kana one by one; the sign for a long vowel stays."""
    out: list[str] = []
    doubled = False
    for letter in kana:
        if letter == _DOUBLING:
            doubled = True
            continue
        sound = _after(out, letter) or (_LONG if letter == _LONG else _BASE.get(letter, ""))
        out.append(("t" if sound.startswith("ch") else sound[:1]) + sound if doubled and sound else sound)
        doubled = False
    return "".join(out)


def _after(out: list[str], letter: str) -> str:
    """Join a small letter to the sound before it, which it takes out: ki, small ya → kya; fu, small a → fa."""
    before = out[-1] if out else ""
    if letter in _SMALL_Y and len(before) > 1 and before.endswith("i"):
        stem = out.pop()[:-1]
        return stem + ("" if stem.endswith(("sh", "ch", "j")) else "y") + _SMALL_Y[letter]
    if letter in _SMALL_VOWELS and before == "u":
        out.pop()
        return "w" + _SMALL_VOWELS[letter]
    if letter in _SMALL_VOWELS and len(before) > 1 and before[-1] in "iueo" and before != "n":
        return out.pop()[:-1] + _SMALL_VOWELS[letter]
    return ""

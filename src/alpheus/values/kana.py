"""Kana in Latin letters (Hepburn), as people type names: とうきょう is toukyou and tokyo, ハロー is haro and haroo."""

import re

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
_LONG_VOWELS = re.compile(r"ou|oo|uu|aa|ee")


def readings(kana: str) -> list[str]:
    """Read a run of kana as Latin letters in the ways it is typed; the most literal first, each once."""
    drawn = _read(kana)
    literal = drawn.replace(_LONG, "")
    repeated = re.sub(rf"([aiueo]){_LONG}", r"\1\1", drawn).replace(_LONG, "")
    short = _LONG_VOWELS.sub(lambda found: found[0][0], literal)
    return [reading for reading in dict.fromkeys((literal, repeated, short)) if reading]


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

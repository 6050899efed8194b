"""How a syllable is spoken: what it begins with, the vowels it passes through, what it ends with."""

from dataclasses import dataclass

_INITIALS = ("zh", "ch", "sh", *"bpmfdtnlgkhjqxrzcsyw")

# The vowels that a pinyin final passes through; "N" and "G" are the nasals at its end.
_FINALS = {
    "a": "a", "o": "uo", "e": "e", "i": "i", "u": "u", "v": "y", "ai": "ai", "ei": "Ei", "ao": "ao", "ou": "ou",
    "an": "aN", "en": "@N", "ang": "aG", "eng": "@G", "ong": "uG", "ia": "ia", "ie": "iE", "iao": "iao",
    "iu": "iou", "ian": "iEN", "in": "iN", "iang": "iaG", "ing": "iG", "iong": "yuG", "ua": "ua", "uo": "uo",
    "uai": "uai", "ui": "uEi", "uan": "uaN", "un": "u@N", "uang": "uaG", "ve": "yE", "van": "yEN", "vn": "yN",
}  # fmt: skip

# y and w spell a final that nothing stands before.
_ALONE = {
    "yi": "i", "ya": "ia", "ye": "ie", "yao": "iao", "you": "iu", "yan": "ian", "yin": "in", "yang": "iang",
    "ying": "ing", "yong": "iong", "yu": "v", "yue": "ve", "yuan": "van", "yun": "vn", "wu": "u", "wa": "ua",
    "wo": "uo", "wai": "uai", "wei": "ui", "wan": "uan", "wen": "un", "wang": "uang",
}  # fmt: skip


@dataclass(frozen=True)
class Syllable:
    """A syllable as a mouth makes it.

    `onset` is a consonant or ""; `vowels` are keys of `voice.VOWELS`, the last may be a nasal "N" or "G".
    """

    onset: str
    vowels: str


def pinyin(spelling: str) -> Syllable:
    """Read a syllable of Mandarin, without its tone: in a song the melody has the tones."""
    if spelling in _ALONE:
        return Syllable("", _FINALS[_ALONE[spelling]])
    initial = next((one for one in _INITIALS if spelling.startswith(one)), "")
    final = spelling[len(initial) :]
    if initial in {"j", "q", "x"} and final.startswith("u"):
        final = "v" + final[1:]
    if initial in {"zh", "ch", "sh", "r", "z", "c", "s"} and final == "i":
        return Syllable(initial, "I")
    if initial in {"b", "p", "m", "f"} and final == "o":
        return Syllable(initial, "o")
    return Syllable(initial, _FINALS[final])


def romaji(spelling: str) -> Syllable:
    """Read a mora of Japanese in Hepburn spelling: "ka", "chi", "n"."""
    if spelling == "n":
        return Syllable("", "N")
    vowel = {"a": "a", "i": "i", "u": "U", "e": "E", "o": "o"}[spelling[-1]]
    onset = spelling[:-1]
    return Syllable({"f": "h", "r": "l", "j": "zh", "ts": "z"}.get(onset, onset), vowel)

"""Which language a name is in, as far as its script tells: BCP 47 tags for `lang` and for sorting."""

import re
import unicodedata
from collections import Counter
from functools import cache

# Scripts by block where the script alone does not name a language (BCP 47: und plus the script)
_SCRIPTS = (
    ("und-Cyrl", re.compile(r"[\u0400-\u052f]")),
    ("el", re.compile(r"[\u0370-\u03ff\u1f00-\u1fff]")),
    ("he", re.compile(r"[\u0590-\u05ff]")),
    ("und-Arab", re.compile(r"[\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufeff]")),
    ("und-Deva", re.compile(r"[\u0900-\u097f]")),
    ("th", re.compile(r"[\u0e00-\u0e7f]")),
    ("und-Latn", re.compile(r"[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")),
)
_KANA = re.compile(r"[\u3041-\u309f\u30a1-\u30fa\u30fd-\u30ff\u31f0-\u31ff\uff66-\uff9d]")
_HANGUL = re.compile(r"[\u1100-\u11ff\u3131-\u318e\uac00-\ud7a3]")
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af]")

# Forms that Japan alone simplified that way: with one of them a name of Han characters is Japanese
_SHINJITAI = frozenset(
    "円亜悪圧囲壱営栄衛駅塩応桜奥仮価壊懐絵拡覚楽掛巻歓観関顔帰気亀拠挙経渓軽継鶏芸撃県検権験厳広"
    "鉱黒砕済斎剤雑児歯実釈収従渋獣縦粛処渉焼奨証乗剰縄畳譲醸触尽図粋酔穂枢数斉声静斉摂専銭浅戦践繊"
    "遷潜双捜挿巣装騒贈蔵続堕対帯滞沢択単団弾遅庁聴鎮逓鉄転伝稲灯闘徳読突縄弐悩脳拝廃売発髪抜蛮払仏"
    "辺変舗豊褒翻満黙弥薬訳予余与誉様謡頼覧竜両猟緑塁礼霊隷齢暦歴恋練錬炉労楼録湾込働峠畑辻榊凪匂"
)

# What tags say, beside BCP 47: ISO 639-2 in both forms, and names
_NAMED = {
    "chi": "zh", "zho": "zh", "chinese": "zh", "cmn": "zh", "mandarin": "zh", "zh-cn": "zh-Hans", "zh-sg": "zh-Hans",
    "zh-tw": "zh-Hant", "zh-hk": "zh-Hant", "zh-hans": "zh-Hans", "zh-hant": "zh-Hant", "jpn": "ja", "japanese": "ja",
    "kor": "ko", "korean": "ko", "eng": "en", "english": "en", "fre": "fr", "fra": "fr", "french": "fr", "ger": "de",
    "deu": "de", "german": "de", "spa": "es", "spanish": "es", "ita": "it", "italian": "it", "por": "pt",
    "portuguese": "pt", "rus": "ru", "russian": "ru", "ara": "ar", "arabic": "ar", "vie": "vi", "tha": "th",
    "hin": "hi", "heb": "he", "gre": "el", "ell": "el", "swe": "sv", "nor": "no", "dan": "da", "fin": "fi",
    "pol": "pl", "dut": "nl", "nld": "nl", "tur": "tr", "ukr": "uk", "cze": "cs", "ces": "cs", "hun": "hu",
    "lat": "la", "yue": "yue", "may": "ms", "msa": "ms", "ind": "id",
}  # fmt: skip
_BCP47 = re.compile(r"[a-z]{2,3}(-[A-Za-z]{4})?(-[A-Za-z]{2}|-\d{3})?")


def language_of(text: str, *, context: str = "") -> str:
    """Tell the language of a name by its script; "" for Latin, and where no letter tells anything.

    Kana means ja, hangul ko. Han characters alone are ja when `context` (a language tag, or other text of
    the same release or artist) says so or when one of them is a form that only Japan uses; else zh-Hant when a traditional form
    stands among them, else zh-Hans. Other scripts give their tag, `und-` before a script that many languages share.
    """
    if not text or text.isascii():
        return ""
    if _KANA.search(text):
        return "ja"
    hangul, han = len(_HANGUL.findall(text)), len(_HAN.findall(text))
    if hangul:
        return "ko"
    if han:
        return _han_language(text, context)
    counts = Counter({tag: len(pattern.findall(text)) for tag, pattern in _SCRIPTS})
    tag, count = counts.most_common(1)[0]
    return tag if count and tag != "und-Latn" else ""


def language_from_tag(text: str) -> str:
    """Turn what a file's language tag says (eng, Japanese, zh-CN) into BCP 47; "" when unknown."""
    plain = unicodedata.normalize("NFKC", text).strip().replace("_", "-").lower()
    if plain in _NAMED:
        return _NAMED[plain]
    if plain in {"und", "zxx", "mul", "xxx"} or not _BCP47.fullmatch(plain):
        return ""
    return plain


def simplified(text: str) -> str:
    """Write each traditional character in its simplified form (OpenCC's table t2s, by character)."""
    return text if text.isascii() else text.translate(_simple_forms())


def is_cjk(text: str) -> bool:
    """Tell whether a text holds Han characters, kana or hangul."""
    return bool(_HAN.search(text) or _KANA.search(text) or _HANGUL.search(text))


def _han_language(text: str, context: str) -> str:
    said = context[:2].lower() if re.fullmatch(r"[A-Za-z]{2,3}(-\w+)*", context) else ""
    if said == "ja" or (not said and _KANA.search(context)):
        return "ja"
    if context in {"zh-Hant", "zh-Hans"} and said == "zh":
        return context
    if said != "zh" and any(letter in _only_japanese() for letter in text):
        return "ja"
    return "zh-Hant" if any(letter in _traditional() for letter in text) else "zh-Hans"


@cache
def _simple_forms() -> dict[int, str]:
    return {
        ord(letter): forms[0] for letter, forms in _characters("TSCharacters.txt").items() if len(letter) == 1
    }


@cache
def _traditional() -> frozenset[str]:
    """Characters that simplified Chinese writes otherwise."""
    mapping = _characters("TSCharacters.txt")
    return frozenset(letter for letter, simple in mapping.items() if letter not in simple)


@cache
def _only_japanese() -> frozenset[str]:
    """Forms of `_SHINJITAI` that are in use neither as simplified nor as traditional characters."""
    simplified = {simple for forms in _characters("TSCharacters.txt").values() for simple in forms}
    traditional = {form for forms in _characters("STCharacters.txt").values() for form in forms}
    return frozenset(_SHINJITAI - simplified - traditional - frozenset(_characters("STCharacters.txt")))


def _characters(name: str) -> dict[str, list[str]]:
    """Read one of OpenCC's character tables: a form, a tab, its forms on the other side."""
    from importlib.resources import files  # noqa: PLC0415 - only names in Han characters need the tables

    lines = files("opencc").joinpath("dictionary", name).read_text("utf-8").splitlines()
    pairs = (line.split("\t") for line in lines if "\t" in line)
    return {pair[0]: pair[1].split() for pair in pairs}

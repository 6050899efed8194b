"""Text that was written in one encoding and read in another, mended where that is certain. Pure."""

import codecs
import re
from pathlib import PurePath

_CJK = re.compile(r"[\u3041-\u30ff\u3400-\u9fff\uac00-\ud7a3\uff01-\uff5e\u3000-\u3011]")
_SURROGATES = re.compile(r"[\udc80-\udcff]")


def mended(text: str) -> str:
    """Mend a tag: UTF-8 or GB18030 that was taken for Latin-1, as old ID3 tags are ("ÖÜ½ÜÂ×" is 周杰伦)."""
    if text.isascii() or _CJK.search(text):
        return text
    for wrong in ("latin-1", "cp1252"):
        try:
            raw = text.encode(wrong)
        except UnicodeEncodeError:
            continue
        found = _decoded(raw, "utf-8") or _chinese(raw)
        if found:
            return found
    return text


def decoded(raw: bytes) -> str:
    """Read a text file whose encoding nobody told: UTF-8 or 16 by its mark, UTF-8, GB18030, else Latin-1."""
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if raw.startswith(mark):
            return raw.decode(encoding, errors="replace")
    return _decoded(raw, "utf-8") or _decoded(raw, "gb18030") or raw.decode("latin-1")


def name_text(name: str) -> str:
    """Read a file's name; bytes that are not UTF-8 are taken for GB18030 where that gives Chinese, else Windows-1252."""
    if not _SURROGATES.search(name):
        return name
    raw = name.encode("utf-8", "surrogateescape")
    return _chinese(raw) or raw.decode("cp1252", errors="replace")


def path_text(path: PurePath) -> str:
    """Write a path so that it can be kept and told apart: bytes that are not UTF-8 become %XX, and % becomes %25."""
    if not _SURROGATES.search(str(path)):
        return str(path)
    escaped = str(path).replace("%", "%25")
    return _SURROGATES.sub(lambda found: f"%{ord(found.group()) - 0xDC00:02X}", escaped)


def _decoded(raw: bytes, encoding: str) -> str:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError:
        return ""


def _chinese(raw: bytes) -> str:
    """Read as GB18030 when nearly all that is not ASCII comes out as common characters."""
    text = _decoded(raw, "gb18030")
    strange = [letter for letter in text if not letter.isascii()]
    common = [letter for letter in strange if "\u4e00" <= letter <= "\u9fff" or _CJK.match(letter)]
    high = sum(byte > 0x7F for byte in raw)
    return (
        text if strange and len(common) == len(strange) and high >= 0.5 * len(raw.replace(b" ", b"")) else ""
    )

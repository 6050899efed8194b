"""Reads credits: who is named in "A feat. B" or "A & B", and by which words they are joined. Pure."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from alpheus.values.text import line

VARIOUS_ARTISTS = "Various Artists"
_VARIOUS = {"various artists", "various", "va", "v.a.", "v/a", "群星", "华语群星", "華語群星", "ヴァリアス・アーティスト", "オムニバス", "여러 아티스트"}  # fmt: skip

_FEATURING = re.compile(
    r"\s*[(\[（【]?\s*\b(?:feat\.?|ft\.?|featuring)\s+(?P<guests>[^()\[\]（）【】]+)[)\]）】]?\s*",
    re.IGNORECASE,
)
# Between names for certain; 、 and a slash between CJK names are how Chinese and Japanese tags list artists
_CERTAIN = re.compile(
    r"\s*(?:;|；|\x00|、|\s//\s)\s*|(?<=[\u3040-\u9fff\uac00-\ud7a3])\s*[/／]\s*(?=[\u3040-\u9fff\uac00-\ud7a3])"
)
# Perhaps between names, perhaps inside one ("Simon & Garfunkel"): only when each part is known by itself
_PERHAPS = re.compile(
    r"\s*,\s+|\s+(?:&|＆|\+|and|und|et|y|x|×|vs\.?|with)\s+|(?<=[\u3040-\u9fff\uac00-\ud7a3])\s*[&＆×,，]\s*|\s*[/／]\s*",
    re.IGNORECASE,
)
_NAME_MAX = 500
_JOIN_MAX = 40
_NAMES_MAX = 100


@dataclass(frozen=True)
class Credited:
    """One name in a credit and the words between it and the next."""

    name: str
    join_phrase: str = ""
    artist: UUID | None = None
    """The gid of who is meant, where that is known and several may have the name."""


Credit = tuple[Credited, ...]


def nobody_known(_name: str) -> bool:
    """Know no artist: then "A & B" stays one name."""
    return False


def parse_credit(
    texts: str | Sequence[str], *, title: str = "", known: Callable[[str], bool] = nobody_known
) -> Credit:
    """Read a credit from a text, or from several artist tags; guests named in `title` are added.

    "feat." always parts names. "&", "," and the like part them only where each part is an artist that `known`
    knows, since many names have them inside. The words found between are kept as they are written.
    """
    given = [texts] if isinstance(texts, str) else list(texts)
    names = (
        [credited for text in given for credited in _joined([_one(text, known)])]
        if len(given) == 1
        else _several(given, known)
    )
    guests = _guests(title, known, {credited.name.casefold() for credited in names})
    if names and guests:
        names = _joined([tuple(names), guests], by=" feat. ")
    return tuple(names[:_NAMES_MAX])


def names_within(text: str) -> list[str]:
    """List every part of a text that might be an artist's name by itself, the text first: what to ask `known` about."""
    plain = line(text.replace("\x00", ";"), limit=2000)
    found = _FEATURING.search(plain)
    wholes = [plain[: found.start()], found.group("guests")] if found and found.start() > 0 else [plain]
    certain = [part.name for whole in wholes for part in _parts(whole, _CERTAIN)]
    return list(
        dict.fromkeys([*certain, *(part.name for name in certain for part in _parts(name, _PERHAPS))])
    )


def parse_title(title: str) -> str:
    """Take "(feat. B)" out of a title, since B stands in the credit."""
    return line(_FEATURING.sub(" ", title, count=1), limit=1000) or line(title, limit=1000)


def credit_text(credit: Sequence[Credited]) -> str:
    """Write a credit as it is read: "A feat. B"."""
    return "".join(credited.name + credited.join_phrase for credited in credit)[:1000]


def is_various(name: str) -> bool:
    """Tell whether a name stands for many artists."""
    return line(name, limit=_NAME_MAX).casefold() in _VARIOUS


def _several(texts: Sequence[str], known: Callable[[str], bool]) -> list[Credited]:
    """Several tags are several artists: "A, B & C"; one that says it all already stands alone."""
    groups = [group for text in dict.fromkeys(texts) if (group := _one(text, known))]
    names: list[Credited] = []
    for place, group in enumerate(groups):
        last = place == len(groups) - 1
        join = "" if last else " & " if place == len(groups) - 2 else ", "
        fresh = [
            credited
            for credited in group
            if credited.name.casefold() not in {n.name.casefold() for n in names}
        ]
        if fresh:
            names += [*fresh[:-1], Credited(fresh[-1].name, join)]
    return [*names[:-1], Credited(names[-1].name)] if names else []


def _one(text: str, known: Callable[[str], bool]) -> Credit:
    plain = line(text.replace("\x00", ";"), limit=2000)
    found = _FEATURING.search(plain)
    if found and found.start() > 0:
        hosts = _split(plain[: found.start()], known)
        guests = _split(found.group("guests") + plain[found.end() :], known, certain=True)
        return tuple(_joined([hosts, guests], by=" feat. "))
    return _split(plain, known)


def _guests(title: str, known: Callable[[str], bool], present: set[str]) -> Credit:
    found = _FEATURING.search(line(title, limit=1000))
    if not found:
        return ()
    guests = _split(found.group("guests"), known, certain=True)
    fresh = [guest for guest in guests if guest.name.casefold() not in present]
    return (*fresh[:-1], Credited(fresh[-1].name)) if fresh else ()


def _split(text: str, known: Callable[[str], bool], *, certain: bool = False) -> Credit:
    """Part a text at what surely parts names, then each part at what perhaps does."""
    parts = _parts(text, _CERTAIN)
    return tuple(
        _joined([(part,) if not part.name else _perhaps(part, known, certain=certain) for part in parts])
    )


def _perhaps(part: Credited, known: Callable[[str], bool], *, certain: bool) -> Credit:
    parts = _parts(part.name, _PERHAPS)
    if len(parts) > 1 and not known(part.name) and (certain or all(known(each.name) for each in parts)):
        return (*parts[:-1], Credited(parts[-1].name, part.join_phrase))
    return (part,)


def _parts(text: str, between: re.Pattern[str]) -> list[Credited]:
    parts: list[Credited] = []
    start = 0
    for found in between.finditer(text):
        if name := line(text[start : found.start()], limit=_NAME_MAX):
            parts.append(Credited(name, _tidy(found.group())))
        start = found.end()
    if name := line(text[start:], limit=_NAME_MAX):
        parts.append(Credited(name))
    elif parts:
        parts[-1] = Credited(parts[-1].name)
    return parts


def _tidy(join: str) -> str:
    """Write a join phrase as people do: ";" is ", ", a word has spaces around it."""
    word = join.strip("\x00 \t")
    if word in {";", "；", ",", "", "//"}:
        return ", "
    return word if word in {"、", "，"} else f" {word} "[:_JOIN_MAX]


def _joined(groups: Sequence[Sequence[Credited]], by: str = ", ") -> list[Credited]:
    """Join groups of names; a group's last name keeps its own join phrase if it has one."""
    names: list[Credited] = []
    for group in groups:
        if names and group and not names[-1].join_phrase:
            names[-1] = Credited(names[-1].name, by)
        names += group
    return names

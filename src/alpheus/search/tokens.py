"""Our own tokens: what a name is found by, and what a query asks for. Pure.

A name becomes Latin words without marks, CJK characters and pairs of them, its romanisation (by
syllable, and whole) and its initials. A query becomes terms that must all be found; its words match from
their beginning, since somebody may still be typing.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from anyascii import anyascii

from alpheus.values.language import simplified
from alpheus.values.romanisation import HAN, fold_marks, syllables

_KANA = "\u3041-\u309f\u30fc"
_HANGUL = "\uac00-\ud7a3"
_RUN = re.compile(rf"[{HAN}]+|[{_KANA}]+|[{_HANGUL}]+|[^\W_]+")
_CJK = re.compile(rf"[{HAN}{_KANA}{_HANGUL}]+")
_HAN = re.compile(rf"[{HAN}]+")
_APOSTROPHES = re.compile(r"['’ʼ`´]")
_KATAKANA_TO_HIRAGANA = {code: code - 0x60 for code in range(0x30A1, 0x30F7)}
_TERMS_MAX = 16  # of a query; a listener who pastes a page searches for its beginning
_TOKEN_MAX = 40
_NAME_MAX = 400


@dataclass(frozen=True)
class Term:
    """One token that must be found; as the beginning of a word when `prefix`."""

    text: str
    prefix: bool


def folded(text: str) -> str:
    """Write a text so that what people call the same is the same: NFKC, simplified, casefolded, unmarked, hiragana."""
    plain = unicodedata.normalize("NFKC", text.replace("\0", " "))  # which PostgreSQL keeps in no text
    plain = fold_marks(simplified(plain).casefold()).translate(_KATAKANA_TO_HIRAGANA)
    return " ".join(_APOSTROPHES.sub("", plain).split())


def name_tokens(text: str) -> set[str]:
    """List all tokens that a name is found by."""
    plain = folded(text)[:_NAME_MAX]
    found: set[str] = set()
    for word in plain.split():
        runs = _RUN.findall(word)
        for run in runs:
            found |= _run_tokens(run)
        if len(runs) > 1 and word.isascii():
            found.add("".join(runs))  # AC/DC is also acdc
    found |= _across_words(plain)
    return {token[:_TOKEN_MAX] for token in found} or _symbols(plain)


def query_terms(text: str) -> list[Term]:
    """List the terms of a query; empty when there is nothing to look for."""
    plain = folded(text)[:_NAME_MAX]
    terms: dict[Term, None] = {}
    for run in _RUN.findall(plain):
        if _CJK.fullmatch(run):
            pairs = [run[at : at + 2] for at in range(len(run) - 1)] or [run]
            terms.update((Term(pair, prefix=False), None) for pair in pairs)
        else:
            terms[Term(run[:_TOKEN_MAX], prefix=True)] = None
    if not terms:
        terms.update((Term(token, prefix=False), None) for token in sorted(_symbols(plain)))
    return list(terms)[:_TERMS_MAX]


def _run_tokens(run: str) -> set[str]:
    if not _CJK.fullmatch(run):
        return {run} if run.isascii() else {run, *_latin(run).split()}
    tokens = set(run) | {run[at : at + 2] for at in range(len(run) - 1)}
    if _HAN.fullmatch(run):
        return tokens | _pinyin_tokens(tuple(syllables(run)))
    return tokens | {_latin(run).replace(" ", "")}


def _pinyin_tokens(read: tuple[str, ...]) -> set[str]:
    """Syllables, the whole, initials; ü is found as v and as u."""
    whole, initials = "".join(read), "".join(syllable[0] for syllable in read)
    tokens = {*read, whole, initials}
    return tokens | {token.replace("v", "u") for token in (*read, whole) if "v" in token}


def _across_words(plain: str) -> set[str]:
    """Romanised and initials over several words: 方 大同 is fdt, and the like for kana and hangul."""
    runs = _CJK.findall(plain)
    if len(runs) < 2 or len(runs) > 8:
        return set()
    read = [syllables(run) if _HAN.fullmatch(run) else [_latin(run).replace(" ", "")] for run in runs]
    parts = [part for run in read for part in run if part]
    return {"".join(parts), "".join(part[0] for part in parts)} if parts else set()


@lru_cache(maxsize=4096)
def _latin(run: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", anyascii(run).lower().replace("'", "")).strip()


def _symbols(plain: str) -> set[str]:
    """Tokens of a name without any letter (!!!, ★): its characters by number."""
    letters = plain.replace(" ", "")[:12]
    return {"".join(f"u{ord(letter):x}" for letter in letters)} if letters else set()


def document_tokens(texts: Iterable[str]) -> set[str]:
    """List the tokens of all of a document's texts."""
    return set().union(*(name_tokens(text) for text in texts))

"""Our own tokens: what a name is found by, and what a query asks for. Pure.

A name becomes Latin words without marks, CJK characters and pairs of them, hangul by its letters, its
romanisation (by syllable, from each syllable on, and whole), its initials, and how it begins. A query becomes groups that
must all be found, each in one of several ways; its words match from their beginning, since somebody may still be typing.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from anyascii import anyascii

from alpheus.values.hangul import LETTERS, SYLLABLES, are_initials, initials, letters
from alpheus.values.kana import KANA, readings
from alpheus.values.language import simplified
from alpheus.values.romanisation import HAN, fold_marks, syllables

VERSION = 3
"""Of these rules: documents that were made by other ones are made anew."""

RUN = re.compile(rf"[{HAN}]+|[{KANA}]+|[{SYLLABLES}{LETTERS}]+|[^\W_{HAN}{KANA}{SYLLABLES}{LETTERS}]+")
"""Letters of one script that stand together; what is between them tells nothing."""

_HAN = re.compile(rf"[{HAN}]+")
_KANA = re.compile(rf"[{KANA}]+")
_HANGUL = re.compile(rf"[{SYLLABLES}{LETTERS}]+")
_APOSTROPHES = re.compile(r"['’ʼ`´]")
_ARTICLE = re.compile(r"(?:the|a|an|les|le|la|los|las|el|die|der|das)_(?=.)")
_UNFINISHED = re.compile(rf"(?<=[{KANA}])[a-z]{{1,2}}$")  # of romaji, while an input method makes kana of it
_KATAKANA_TO_HIRAGANA = {code: code - 0x60 for code in range(0x30A1, 0x30F7)}
_GROUPS_MAX = 16  # of a query; a listener who pastes a page searches for its beginning
_TOKEN_MAX = 40
_BEGINNING_MAX = 60
_NAME_MAX = 400
_SYLLABLES_MAX = 12  # of a run that are also found from the middle, and of a name that has initials
_PAIRED_MAX = 19  # letters of each of two words that follow one another
_LINES_MAX = 20_000  # letters of lyrics that are found
BEGINS = "b_"
"""Before how a name begins; with "_" between words and at the end of the whole. No word has it in itself."""


@dataclass(frozen=True)
class Term:
    """One token that must be found; as the beginning of a word when `prefix`."""

    text: str
    prefix: bool = False


Way = Sequence[Term]
"""Terms that must all be found."""
Group = Sequence[Way]
"""Ways to find one part of a query, of which one is enough."""


@dataclass(frozen=True)
class Query:
    """What a text asks for: each group must be found; best in names that begin so, or are called just so."""

    groups: Sequence[Group]
    beginnings: Sequence[str]

    @property
    def called(self) -> Sequence[Group]:
        """What finds names that are just this."""
        return [[[Term(f"{BEGINS}{text}_"[:_BEGINNING_MAX])] for text in self.beginnings]]

    @property
    def beginning(self) -> Sequence[Group]:
        """What finds names that begin so."""
        return [[[Term(f"{BEGINS}{text}"[:_BEGINNING_MAX], prefix=True)] for text in self.beginnings]]

    @property
    def whole(self) -> Sequence[Group]:
        """What finds names that hold the words as they are, none of which is only begun."""
        return [[[Term(term.text) for term in way] for way in group] for group in self.groups]


def folded(text: str) -> str:
    """Write a text so that what people call the same is the same: NFKC, simplified, casefolded, unmarked, hiragana."""
    plain = unicodedata.normalize("NFKC", text.replace("\0", " "))  # which PostgreSQL keeps in no text
    plain = fold_marks(simplified(plain).casefold()).translate(_KATAKANA_TO_HIRAGANA)
    return " ".join(_APOSTROPHES.sub("", plain).split())


def document_tokens(
    names: Iterable[str], *, beside: Iterable[str] = (), lines: Sequence[str] = ()
) -> set[str]:
    """List the tokens of a document: of its names, of texts beside them, of lines that it is found by."""
    own = list(names)
    found = set().union(*(name_tokens(text) for text in (*own, *beside)))
    return found.union(line_tokens(lines), *(_beginning_tokens(text) for text in own))


def name_tokens(text: str) -> set[str]:
    """List all tokens that a name is found by, but how it begins."""
    plain = folded(text)[:_NAME_MAX]
    found: set[str] = set()
    for word in plain.split():
        runs = RUN.findall(word)
        for run in runs:
            found |= _run_tokens(run)
        if len(runs) > 1 and word.isascii():
            found.add("".join(runs))  # AC/DC is also acdc
    found |= _across_words(plain)
    return {token[:_TOKEN_MAX] for token in found if token} or _symbols(plain)


def line_tokens(lines: Sequence[str]) -> set[str]:
    """List the tokens of lines of lyrics: words, pairs of words that follow one another, pairs of CJK characters."""
    found: set[str] = set()
    left = _LINES_MAX
    for line in lines:
        plain = folded(line[:left])
        left -= len(plain)
        words = [letters(run) for run in RUN.findall(plain)]
        found |= {token for word in words for token in _line_word(word)}
        found |= set(_follow(words))
    return found


def query_of(text: str) -> Query:
    """Read what somebody types; without groups there is nothing to look for."""
    plain = _UNFINISHED.sub("", folded(text)[:_NAME_MAX])
    runs = RUN.findall(plain)
    groups: dict[Group, None] = {}
    for run in runs:
        groups.update(dict.fromkeys(run_groups(run)))
    if not groups and (symbols := _symbols(plain)):
        return Query([((Term(token),),) for token in symbols], sorted(symbols))
    return Query(list(groups)[:_GROUPS_MAX], list(dict.fromkeys(_query_beginnings(runs))))


def line_query(text: str) -> list[Group]:
    """Read what somebody types as a line of lyrics: two words or three CJK characters at least; empty for less."""
    words = [letters(run) for run in RUN.findall(_UNFINISHED.sub("", folded(text)[:_NAME_MAX]))]
    if sum(len(word) if _is_cjk(word) else 2 for word in words) < 3:
        return []
    groups: list[Group] = [((Term(token),),) for word in words if _is_cjk(word) for token in _pairs(word)]
    groups += [(_prefix(word),) for word in words if not _is_cjk(word)]
    groups += [((Term(pair, prefix=True),),) for pair in _follow(words)]
    return groups[:_GROUPS_MAX]


def run_groups(run: str) -> list[Group]:
    """Tell how one run of a query is found: as it is written, or by what it is read as."""
    if _HAN.fullmatch(run):
        return [((Term(pair),),) for pair in _pairs(run)]
    if _KANA.fullmatch(run):
        return [(tuple(Term(pair) for pair in _pairs(run)), *_read(readings(run)))]
    if _HANGUL.fullmatch(run):
        by_letters = letters(run)
        return [(_prefix(by_letters), *_read([] if are_initials(by_letters) else [latin(run)]))]
    return [(_prefix(run), *_read([] if run.isascii() else latin(run).split()))]


def word_terms(word: str, *, begun: bool) -> Way:
    """Tell how a word of the vocabulary is found."""
    if _KANA.fullmatch(word):
        return tuple(Term(pair) for pair in _pairs(word))
    return (Term(letters(word), prefix=begun),)


def pinyin(han: str) -> str:
    """Read a run of Han characters as one word."""
    return "".join(syllables(han))


@lru_cache(maxsize=4096)
def latin(run: str) -> str:
    """Write a run in Latin letters."""
    return re.sub(r"[^a-z0-9]+", " ", anyascii(run).lower().replace("'", "")).strip()


def words_of(text: str) -> set[str]:
    """List the words of a name that a mistyped one may have meant, at least three letters long, also as it is read."""
    runs = RUN.findall(folded(text)[:_NAME_MAX])
    found = {word for run in runs for word in (run, *_latin_words(run)) if not _HAN.fullmatch(word)}
    return {word for word in found if 3 <= len(letters(word)) <= _TOKEN_MAX}


def _latin_words(run: str) -> list[str]:
    if _HAN.fullmatch(run):
        return [pinyin(run)] if len(run) <= _SYLLABLES_MAX else []
    if _KANA.fullmatch(run):
        return readings(run)
    return [] if run.isascii() else [latin(run).replace(" ", "")]


def _prefix(text: str) -> tuple[Term, ...]:
    return (Term(text[:_TOKEN_MAX], prefix=True),)


def _read(ways: Iterable[str]) -> list[tuple[Term, ...]]:
    return [_prefix(way) for way in ways if way]


def _pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run) - 1)] or [run]


def _is_cjk(word: str) -> bool:
    return bool(_HAN.fullmatch(word) or _KANA.fullmatch(word))


def _follow(words: Sequence[str]) -> list[str]:
    """Pairs of words that follow one another; CJK characters have pairs of their own."""
    return [
        f"{one[:_PAIRED_MAX]}_{other[:_PAIRED_MAX]}"
        for one, other in pairwise(words)
        if not _is_cjk(one) and not _is_cjk(other)
    ]


def _line_word(word: str) -> list[str]:
    return [*word, *_pairs(word)] if _is_cjk(word) else [word[:_TOKEN_MAX]]


def _run_tokens(run: str) -> set[str]:
    if _HAN.fullmatch(run):
        return {*run, *_pairs(run)} | _syllable_tokens(syllables(run))
    if _KANA.fullmatch(run):
        return {*run, *_pairs(run), *readings(run)}
    if _HANGUL.fullmatch(run):
        from_here = [run[at:] for at in range(min(len(run), _SYLLABLES_MAX))]
        by_letters = {*map(letters, from_here), *map(initials, from_here)}
        return {token for token in by_letters if token} | _syllable_tokens([latin(letter) for letter in run])
    return {run} if run.isascii() else {run, *latin(run).split()}


def _syllable_tokens(read: Sequence[str]) -> set[str]:
    """Syllables, all from each syllable on, initials; ü is found as v and as u."""
    starts = range(min(len(read), _SYLLABLES_MAX))
    tokens = {*read, *("".join(read[at:]) for at in starts)} - {""}
    marks = {"".join(part[:1] for part in read[at:]) for at in starts if len(read) - at > 1}
    return tokens | marks | {token.replace("v", "u") for token in tokens if "v" in token}


def _across_words(plain: str) -> set[str]:
    """Romanised and initials over several words: 方 大同 is fdt, and the like for kana and hangul."""
    runs = [run for run in RUN.findall(plain) if not run.isascii()]
    if len(runs) < 2 or len(runs) > 8:
        return set()
    parts = [part for run in runs for part in _parts(run) if part]
    consonants = "".join(initials(run) for run in runs)
    return {"".join(parts), "".join(part[0] for part in parts), consonants} - {""}


def _parts(run: str) -> list[str]:
    """Read a run in Latin letters, by syllable where each character is one."""
    if _HAN.fullmatch(run):
        return syllables(run)
    if _KANA.fullmatch(run):
        return readings(run)[:1]
    return [latin(run).replace(" ", "")]


def _beginning_tokens(name: str) -> set[str]:
    """How a name begins: as it is written, as it is read, by its initials, each also without an article."""
    runs = RUN.findall(folded(name)[:_NAME_MAX])
    if not runs:
        return {f"{BEGINS}{symbols}_" for symbols in _symbols(folded(name))}
    forms = {"_".join(map(letters, runs))}
    if not all(run.isascii() for run in runs):
        read = [_parts(run) for run in runs]
        parts = [part for of_run in read for part in of_run if part]
        forms |= {"_".join(parts), "_".join("".join(of_run) for of_run in read), "".join(parts)}
        forms |= {"_".join(reading) for reading in _short_readings(runs)}
        forms |= {"".join(part[0] for part in parts), "".join(map(initials, runs))}
    elif len(runs) > 1:
        forms |= {"".join(runs)} if " " not in folded(name) else set()
    forms |= {_ARTICLE.sub("", form, count=1) for form in forms}
    forms |= {form.replace("v", "u") for form in forms if _HAN.search(name) and "v" in form}
    return {f"{BEGINS}{form}_"[:_BEGINNING_MAX] for form in forms if form}


def _short_readings(runs: Sequence[str]) -> list[list[str]]:
    """With the long vowels of kana short."""
    return [
        [
            readings(run)[-1] if _KANA.fullmatch(run) and readings(run) else "".join(_parts(run))
            for run in runs
        ]
    ]


def _query_beginnings(runs: Sequence[str]) -> list[str]:
    if not runs:
        return []
    written = "_".join(map(letters, runs))
    if any(_HAN.fullmatch(run) for run in runs) or all(run.isascii() for run in runs):
        return [written]
    read = [
        (readings(run) or [""])[0] if _KANA.fullmatch(run) else latin(run).replace(" ", "") for run in runs
    ]
    joined = [] if any(are_initials(letters(run)) for run in runs) or not all(read) else ["_".join(read)]
    return [written, *joined]


def _symbols(plain: str) -> set[str]:
    """Tokens of a name without any letter (!!!, ★): its characters by number."""
    signs = plain.replace(" ", "")[:12]
    return {"".join(f"u{ord(sign):x}" for sign in signs)} if signs else set()

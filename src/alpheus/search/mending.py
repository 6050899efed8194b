"""Mends what is mistyped: the fewest edits that find something, the most popular among equals.

A word that may be unfinished is mended as far as it was typed and never finished: whoever types "midni" with a typo may
mean midnight or midnite, and sees both. A space after it says that it is finished.

A Han word is mended by its sound: 周杰论 is read as 周杰伦 is, and an input method offers both.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from alpheus.search import vocabulary
from alpheus.search.engine import engine
from alpheus.search.index import kind_token
from alpheus.search.models import Document
from alpheus.search.tokens import RUN, Group, Term, folded, pinyin, run_groups, word_terms
from alpheus.search.vocabulary import Likeness, Vocabulary
from alpheus.values.hangul import letters
from alpheus.values.romanisation import HAN

_HAN = re.compile(rf"[{HAN}]+")
_EDITS_MAX = 2
_RUNS_MAX = 6
"""Of a text that is mended; a longer one was pasted, not typed."""


@dataclass(frozen=True)
class _Part:
    """A run of the text, how it is found as it is, and what it may have meant."""

    run: str
    groups: Sequence[Group]
    likely: Sequence[Likeness]
    sound: str = ""

    def within(self, edits: int) -> "_Part":
        """The same with only what is at most so many edits away."""
        return replace(self, likely=[it for it in self.likely if it.edits <= edits])

    @property
    def either(self) -> Sequence[Group]:
        """What finds it as it is, or any that it may have meant."""
        others = [word_terms(it.word, begun=it.begun) for it in self.likely]
        others += [(Term(self.sound, prefix=True),)] if self.sound else []
        as_it_is = [
            [term for group in self.groups for term in group[0]],
            *(way for group in self.groups for way in group[1:]),
        ]
        return [[*as_it_is, *others]]

    def meant(self, document: Document) -> str:
        """Tell what it is in a document that was found by `either`."""
        tokens = document.tokens.split()
        if all(any(all(_holds(tokens, term) for term in way) for way in group) for group in self.groups):
            return self.run
        for it in self.likely:
            if all(_holds(tokens, term) for term in word_terms(it.word, begun=it.begun)):
                return _shown(document.name, it)
        return _sounding(document.name, self.run, self.sound)


def mended(text: str, kinds: Sequence[str], *, explicit: bool = True) -> str:
    """Write a text that finds nothing as what it may have meant, which finds something; else empty."""
    tokens = [kind_token(kind, explicit=explicit) for kind in kinds]
    finished = text[-1:].isspace()
    plain = folded(text)
    runs = RUN.findall(plain)
    if not 0 < len(runs) <= _RUNS_MAX:
        return ""
    words = vocabulary.now()
    all_parts = [_part(run, words, begun=not finished and at == len(runs) - 1) for at, run in enumerate(runs)]
    for edits in range(1, _EDITS_MAX + 1):
        parts = [part.within(edits) for part in all_parts]
        document = _best(parts, tokens)
        if document is not None:
            instead = _rewritten(plain, [part.meant(document) for part in parts])
            return instead if instead != plain else ""
    return ""


def _rewritten(plain: str, meant: Sequence[str]) -> str:
    """Put what was meant in the place of each run."""
    words = iter(meant)
    return RUN.sub(lambda _: next(words), plain)


def _part(run: str, words: Vocabulary, *, begun: bool) -> _Part:
    groups = run_groups(run)
    if _HAN.fullmatch(run):
        return _Part(run, groups, (), pinyin(run) if len(run) > 1 else "")
    edits_max = _forgiven(len(letters(run)), begun=begun)
    return _Part(run, groups, words.likely(run, edits_max=edits_max, begun=begun) if edits_max else ())


def _forgiven(length: int, *, begun: bool) -> int:
    """How many edits a word of so many letters may be away: none of a short one, which could then be any.

    Of one that may be unfinished a letter more must be there.
    """
    return 0 if length < 3 + begun else 1 if length < 6 + begun else 2


def _best(parts: Sequence[_Part], kinds: Sequence[str]) -> Document | None:
    """Find the most popular document that holds every part, as it is or as it may have been meant."""
    of_kinds: Group = [[Term(token)] for token in kinds]
    groups = [group for part in parts for group in part.either]
    (rows,) = engine().matching([[of_kinds, *groups]], limit=1)
    return Document.objects.get(rank=rows[0][0]) if rows else None


def _holds(tokens: Sequence[str], term: Term) -> bool:
    return any(token.startswith(term.text) if term.prefix else token == term.text for token in tokens)


def _shown(name: str, likeness: Likeness) -> str:
    """The word itself; of one that was begun, as much of it as was meant, in the syllables of the name for hangul."""
    if not likeness.begun or likeness.word.isascii():
        return likeness.word
    return next(filter(None, (_as_far(run, likeness.word) for run in RUN.findall(name))), likeness.word)


def _as_far(run: str, begun: str) -> str:
    """The shortest beginning of a run that has these letters; empty when it begins otherwise."""
    return next((run[:end] for end in range(1, len(run) + 1) if letters(run[:end]).startswith(begun)), "")


def _sounding(name: str, run: str, sound: str) -> str:
    """As many characters of a name as the run has, that sound as it does; where there are none, the sound."""
    for found in _HAN.findall(name):
        for at in range(len(found) - len(run) + 1):
            some = found[at : at + len(run)]
            if pinyin(some) == sound:
                return str(some)
    return sound

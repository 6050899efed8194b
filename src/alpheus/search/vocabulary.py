"""The words that names are made of, in the memory of each process: what a mistyped word may have meant.

A hundred thousand of them take some ten megabytes. Each process reads once what is there, and before each use only what
came since; words that no name has any more do no harm, since a mended search must find something.
"""

import threading
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from alpheus.search.models import Word
from alpheus.search.tokens import words_of
from alpheus.values.hangul import letters

_ANEW_SECONDS = 3600
"""On PostgreSQL a word may become visible after one with a later id; then it is missed no longer than this."""
_LIKELY_MAX = 24
_BATCH = 500
_SIZES_MAX = 12  # of beginnings that are kept


@dataclass(frozen=True, order=True)
class Likeness:
    """How a word of the vocabulary differs from what was typed: fewest edits first."""

    edits: int
    other_initial: bool
    begun: bool
    word: str


def meet(names: Iterable[Sequence[str]]) -> None:
    """Keep the words of names that were not met before."""
    words = sorted({word for of_one in names for name in of_one for word in words_of(name)})
    for at in range(0, len(words), _BATCH):
        some = words[at : at + _BATCH]
        known = set(Word.objects.filter(word__in=some).values_list("word", flat=True))
        Word.objects.bulk_create(Word(word=word) for word in some if word not in known)


def likely(typed: str, *, edits_max: int, begun: bool) -> list[Likeness]:
    """List words that differ from what was typed by so many letters at most; by their beginning, too, when `begun`.

    A letter left out, put in, replaced, or exchanged with its neighbour is one edit. Hangul is compared by its letters.
    """
    plain = letters(typed)
    found = list(_VOCABULARY.like(plain, edits_max=edits_max))
    if begun:
        found += _VOCABULARY.like_beginnings(plain, edits_max=edits_max)
    return sorted(found)[:_LIKELY_MAX]


class _Vocabulary:
    """Words by how many letters they have."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._read_at = -float(_ANEW_SECONDS)
        self._last = 0
        self._by_length: dict[int, dict[str, str]] = {}
        self._beginnings: dict[int, tuple[int, list[str]]] = {}

    def like(self, plain: str, *, edits_max: int) -> Iterator[Likeness]:
        self._follow()
        for length in range(max(len(plain) - edits_max, 1), len(plain) + edits_max + 1):
            words = self._by_length.get(length, {})
            for word, edits in _near(plain, list(words), edits_max):
                yield Likeness(edits, word[0] != plain[0], False, words[word])

    def like_beginnings(self, plain: str, *, edits_max: int) -> Iterator[Likeness]:
        """Compare what was typed with as many letters of longer words."""
        for word, edits in _near(plain, self._begun(len(plain)), edits_max):
            yield Likeness(edits, word[0] != plain[0], True, word)

    def _begun(self, size: int) -> list[str]:
        """The beginnings of so many letters of longer words; kept until there are new words."""
        by_length = self._by_length
        words, beginnings = self._beginnings.get(size, (-1, []))
        if words != self._last:
            longer = (some for length, some in by_length.copy().items() if length > size)
            beginnings = list({word[:size] for some in longer for word in list(some)})
            if len(self._beginnings) >= _SIZES_MAX:
                self._beginnings = {}
            self._beginnings[size] = (self._last, beginnings)
        return beginnings

    def _follow(self) -> None:
        """Read what came since; the whole anew when that is long ago."""
        with self._lock:
            anew = time.monotonic() - self._read_at > _ANEW_SECONDS
            words = {} if anew else self._by_length
            rows = (
                Word.objects.filter(pk__gt=0 if anew else self._last).order_by("pk").values_list("pk", "word")
            )
            fresh: dict[int, dict[str, str]] = defaultdict(dict)
            for pk, word in rows.iterator(10_000):
                plain = letters(word)
                fresh[len(plain)][plain] = word
                self._last = pk
            for length, some in fresh.items():
                words[length] = (
                    words.get(length, {}) | some
                )  # a new one: another thread may be looking through it
            self._by_length = words
            self._read_at = time.monotonic() if anew else self._read_at


def _near(plain: str, words: Sequence[str], edits_max: int) -> list[tuple[str, int]]:
    found = process.extract(plain, words, scorer=OSA.distance, score_cutoff=edits_max, limit=None)
    return [(word, int(edits)) for word, edits, _ in found if edits]


_VOCABULARY = _Vocabulary()

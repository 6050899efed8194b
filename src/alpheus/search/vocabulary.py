"""The words that names are made of, in the memory of each process: what a mistyped word may have meant.

A hundred thousand of them take some ten megabytes. Each process reads once what is there (web before it serves, so that
nobody waits for it), and before each use only what came since; words that no name has any more do no harm, since a mended
search must find something.
"""

import threading
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from alpheus.search.models import Word
from alpheus.search.tokens import words_of
from alpheus.values.hangul import letters

_LATE_MAX = 100
"""On PostgreSQL a word may become visible after some with later ids, as its transaction ends later: so many are read again."""
_LIKELY_MAX = 32
_BATCH = 500


@dataclass(frozen=True, order=True)
class Likeness:
    """How a word of the vocabulary, or how some begin, differs from what was typed: fewest edits first.

    Attributes:
        edits: how many.
        other_initial: whether the first letter is another, which is seldom mistyped.
        begun: whether `word` is only how words begin.
        apart: how many letters more or fewer a beginning has: the likeliest slip leaves their number as it is.
        fewer: how many words it is that begin so, below zero: of two beginnings the likelier is that of more words.
        word: the word, or the beginning by its letters.
    """

    edits: int
    other_initial: bool
    begun: bool
    apart: int
    fewer: int
    word: str


def meet(names: Iterable[Sequence[str]]) -> None:
    """Keep the words of names that were not met before."""
    words = sorted({word for of_one in names for name in of_one for word in words_of(name)})
    for at in range(0, len(words), _BATCH):
        some = words[at : at + _BATCH]
        known = set(Word.objects.filter(word__in=some).values_list("word", flat=True))
        Word.objects.bulk_create(Word(word=word) for word in some if word not in known)


def now() -> "Vocabulary":
    """Give the words that there are, with those that came since they were last asked for."""
    _VOCABULARY.follow()
    return _VOCABULARY


class Vocabulary:
    """Words by how many letters they have."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last = 0
        self._late: set[int] = set()
        self._by_length: dict[int, dict[str, str]] = {}
        self._by_initial: dict[str, list[str]] = {}

    def likely(self, typed: str, *, edits_max: int, begun: bool) -> list[Likeness]:
        """List words that differ from what was typed by so many letters at most; when `begun`, also how words begin that do.

        A letter left out, put in, replaced, or exchanged with its neighbour is one edit. Hangul is compared by its letters.
        A beginning has the first letter that was typed: with fewer letters to go by, another one could be any word.
        """
        plain = letters(typed)
        found = list(self._like(plain, edits_max=edits_max))
        if begun:
            found += self._like_beginnings(plain, edits_max=edits_max)
        return sorted(found)[:_LIKELY_MAX]

    def _like(self, plain: str, *, edits_max: int) -> Iterator[Likeness]:
        for length in range(max(len(plain) - edits_max, 1), len(plain) + edits_max + 1):
            words = self._by_length.get(length, {})
            for word, edits in _near(plain, list(words), edits_max):
                yield Likeness(edits, word[0] != plain[0], False, 0, -1, words[word])

    def _like_beginnings(self, plain: str, *, edits_max: int) -> Iterator[Likeness]:
        """Compare what was typed with how longer words begin: with a letter left out it stands for one letter more."""
        words = self._by_initial.get(plain[0], [])
        for size in range(max(len(plain) - edits_max, 2), len(plain) + edits_max + 1):
            begun = Counter([word[:size] for word in words if len(word) > size])
            for beginning, edits in _near(plain, list(begun), edits_max):
                # What differs by letters at its end alone says no more than what was typed, or less.
                if not (plain.startswith(beginning) or beginning.startswith(plain)):
                    yield Likeness(edits, False, True, abs(size - len(plain)), -begun[beginning], beginning)

    def follow(self) -> None:
        """Read what came since."""
        with self._lock:
            rows = Word.objects.filter(pk__gt=self._last - _LATE_MAX).order_by("pk").values_list("pk", "word")
            fresh: dict[int, dict[str, str]] = defaultdict(dict)
            for pk, word in rows:
                if pk not in self._late:
                    plain = letters(word)
                    fresh[len(plain)][plain] = word
            if fresh:
                # New ones: another thread may be looking through those that were.
                grown = {size: self._by_length.get(size, {}) | some for size, some in fresh.items()}
                self._by_length = self._by_length | grown
                self._by_initial = _by_initial(self._by_length)
                read = [pk for pk, _ in rows]
                self._last, self._late = read[-1], set(read[-_LATE_MAX:])


def _by_initial(words: Mapping[int, Iterable[str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for of_one_length in words.values():
        for word in of_one_length:
            found[word[0]].append(word)
    return dict(found)


def _near(plain: str, words: Sequence[str], edits_max: int) -> list[tuple[str, int]]:
    found = process.extract(plain, words, scorer=OSA.distance, score_cutoff=edits_max, limit=None)
    return [(word, int(edits)) for word, edits, _ in found if edits]


_VOCABULARY = Vocabulary()

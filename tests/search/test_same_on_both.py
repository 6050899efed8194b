"""What is found, and in which order, is the same on SQLite and PostgreSQL: both must equal a plain search by hand."""

import random
import uuid

import pytest

from alpheus.search import find, index
from alpheus.search.index import Entry
from alpheus.search.models import Document
from alpheus.search.tokens import query_of

pytestmark = pytest.mark.django_db

WORDS = [
    "night",
    "nightingale",
    "owl",
    "Élan",
    "周杰倫",
    "夜曲",
    "ヨル",
    "밤",
    "AC/DC",
    "it's",
    "Ñandú",
    "99",
    "a_b",
    "back\\slash",
    "방탄소년단",
    "Кино",
    "The",
]
QUERIES = [
    *WORDS,
    "n",
    "ni ow",
    "zjl",
    "zhou jiel",
    "jielun",
    "ye",
    "yequ",
    "周",
    "夜",
    "elan",
    "nandu",
    "yoru",
    "よる",
    "bam",
    "바",
    "ㅂㅌㅅ",
    "ㅂ",
    "방ㅌ",
    "bangtan",
    "kino",
    "'",
    "\\",
    "9",
    "n 9",
    "its",
    "acdc",
    "ac/dc",
    "the n",
    "the",
]


def holds(tokens, term):
    return any(it == term.text or (term.prefix and it.startswith(term.text)) for it in tokens)


def fits(document, groups):
    tokens = document.tokens.split()
    return all(any(all(holds(tokens, term) for term in way) for way in group) for group in groups)


def by_hand(text, limit):
    query = query_of(text)
    rows = sorted(Document.objects.filter(kind="artist"), key=lambda row: -row.rank)
    tiers = (query.called, query.beginning, query.whole, query.groups)
    found = dict.fromkeys(row.gid for groups in tiers for row in rows if fits(row, groups))
    return list(found)[:limit] if query.groups else []


def test_found_and_ordered_as_by_hand():
    chance = random.Random(7)
    entries = [
        Entry(
            chance.choice(["artist", "artist", "release"]),
            uuid.UUID(int=chance.getrandbits(128)),
            [" ".join(chance.sample(WORDS, chance.randint(1, 3)))],
            beside=chance.sample(WORDS, chance.randint(0, 2)),
            popularity=chance.choice([0, 0, 1, 5, 80, 80, 3000]),
        )
        for _ in range(150)
    ]
    index.put_many(entries)
    index.remove(entries[0].kind, [entries[0].gid])
    for entry in entries[1:40]:
        index.set_popularity(entry.kind, entry.gid, chance.choice([0, 7, 500]))
    for entry in entries[40:60]:
        index.put(entry.kind, entry.gid, [chance.choice(WORDS)], popularity=entry.popularity)
    for query in QUERIES:
        by_engine = find.search(query, ["artist"], 30, exactly=True).gids["artist"]
        assert by_engine == by_hand(query, 30), query
        assert by_engine or query in {"'", "\\"}, query


# A library in small; what is typed, and what must be found, the best first, by its name
NAMES = [
    ("周杰倫", 5000),
    ("周华健", 10),
    ("方大同 & 薛凯琪", 0),
    ("夜", 3),
    ("Yellow Years", 900),
    ("Yes", 40),
    ("Beyoncé", 2000),
    ("Beyond", 100),
    ("The Beatles", 3000),
    ("The Rex", 3),
    ("AC/DC", 50),
    ("R.E.M.", 30),
    ("宇多田ヒカル", 700),
    ("ひかる", 2),
    ("Hikaru", 1),
    ("とうきょう", 20),
    ("방탄소년단", 4000),
    ("바나나", 8),
    ("아이유", 600),
    ("Кино", 60),
    ("Sigur Rós", 70),
    ("Björk", 80),
    ("!!!", 1),
    ("綠光", 4),
]
FINDS = [
    # Han: traditional and simplified, pinyin with and without tones and spaces, initials
    ("周杰倫", "周杰倫"),
    ("周杰伦", "周杰倫"),
    ("zjl", "周杰倫"),
    ("zhou jie lun", "周杰倫"),
    ("zhoujielun", "周杰倫"),
    ("zhou jielun", "周杰倫"),
    ("zhoujie", "周杰倫"),
    ("jielun", "周杰倫"),
    ("杰伦", "周杰倫"),
    ("zhou", "周杰倫, 周华健"),
    ("fdt", "方大同 & 薛凯琪"),
    ("薛凯琪", "方大同 & 薛凯琪"),
    ("ye", "夜, Yellow Years, Yes"),
    ("yè", "夜, Yellow Years, Yes"),
    ("夜", "夜"),
    ("lü guang", "綠光"),
    ("lvguang", "綠光"),
    ("luguang", "綠光"),
    # Latin: marks, case, articles, punctuation
    ("beyonce", "Beyoncé"),
    ("BEYON", "Beyoncé, Beyond"),
    ("beatles", "The Beatles"),
    ("the bea", "The Beatles"),
    ("acdc", "AC/DC"),
    ("ac/dc", "AC/DC"),
    ("rem", "R.E.M."),
    ("bjork", "Björk"),
    ("sigur ros", "Sigur Rós"),
    ("!!!", "!!!"),
    # Kana: hiragana, katakana and romaji find each other; a long vowel may be left out
    ("ひかる", "ひかる, Hikaru, 宇多田ヒカル"),
    ("ヒカル", "ひかる, Hikaru, 宇多田ヒカル"),
    ("hikaru", "ひかる, Hikaru, 宇多田ヒカル"),
    ("ひk", "ひかる, Hikaru, 宇多田ヒカル"),
    ("tokyo", "とうきょう"),
    ("toukyou", "とうきょう"),
    ("トウキョウ", "とうきょう"),
    # Hangul: romanised, by initial consonants, and while a syllable is being typed
    ("bangtan", "방탄소년단"),
    ("ㅂㅌㅅ", "방탄소년단"),
    ("ㅂㅌㅅㄴㄷ", "방탄소년단"),
    ("방탄", "방탄소년단"),
    ("소년", "방탄소년단"),
    ("방ㅌ", "방탄소년단"),
    ("반", "방탄소년단, 바나나"),
    ("aiyu", "아이유"),
    ("아이ㅇ", "아이유"),
    # Cyrillic
    ("кино", "Кино"),
    ("kino", "Кино"),
    ("КИНО", "Кино"),
]
MENDS = [
    ("beyonse", "beyonce", "Beyoncé"),
    ("beyocne", "beyonce", "Beyoncé"),
    ("byeonec", "beyonce", "Beyoncé"),
    ("beatels", "beatles", "The Beatles"),
    ("beetl", "beatl", "The Beatles"),
    ("the beetles", "the beatles", "The Beatles"),
    ("zhoujielum", "zhoujielun", "周杰倫"),
    ("周杰论", "周杰伦", "周杰倫"),
    ("sigor ross", "sigur ros", "Sigur Rós"),
    ("바나너", "바나나", "바나나"),
    ("방턴소년단", "방탄소년단", "방탄소년단"),
    ("とうきよう", "とうきょう", "とうきょう"),
    ("hikarru", "hikaru", "ひかる"),
]


@pytest.fixture
def library(db, own_vocabulary):
    gids = {name: uuid.uuid5(uuid.NAMESPACE_DNS, name) for name, _ in NAMES}
    index.put_many(Entry("artist", gids[name], [name], popularity=plays) for name, plays in NAMES)
    return {gid: name for name, gid in gids.items()}


@pytest.mark.parametrize(("typed", "expected"), FINDS)
def test_what_is_typed_finds(library, typed, expected):
    found = find.search(typed, ["artist"], 10, exactly=True)
    assert [library[gid] for gid in found.gids["artist"]] == expected.split(", ")
    assert found.mended == ""


@pytest.mark.parametrize(("typed", "mended", "name"), MENDS)
def test_what_is_mistyped_is_mended_and_said(library, typed, mended, name):
    found = find.search(typed, ["release", "artist"], 10)
    assert (found.mended, library[found.gids["artist"][0]]) == (mended, name)
    meant = find.search(typed, ["artist"], 10, exactly=True)
    assert (meant.mended, meant.gids["artist"]) == ("", [])


# Two that begin alike: whoever means the less popular must not lose it to the other's ending
ALIKE = [("Midnight Sun", 9000), ("Midnite Express", 5), ("Midnattssol", 1)]
TYPED_WITH_A_SLIP = ["midnihgt", "miidnite", "mdnite", "midnattsol"]


@pytest.mark.parametrize("typed", TYPED_WITH_A_SLIP)
def test_what_is_meant_is_found_at_every_letter(own_vocabulary, typed):
    gids = {name: uuid.uuid5(uuid.NAMESPACE_DNS, name) for name, _ in ALIKE}
    index.put_many(Entry("artist", gids[name], [name], popularity=plays) for name, plays in ALIKE)
    meant = {"midnihgt": "Midnight Sun", "midnattsol": "Midnattssol"}.get(typed, "Midnite Express")
    for end in range(4, len(typed) + 1):
        found = find.search(typed[:end], ["artist"], 10)
        assert gids[meant] in found.gids["artist"], (typed[:end], found.mended)


def test_a_space_finishes_a_word(own_vocabulary):
    gids = {name: uuid.uuid5(uuid.NAMESPACE_DNS, name) for name, _ in ALIKE}
    index.put_many(Entry("artist", gids[name], [name], popularity=plays) for name, plays in ALIKE)
    assert find.search("midin", ["artist"], 10).mended == "midni"
    assert find.search("midin ", ["artist"], 10).mended == ""
    assert find.search("sum ", ["artist"], 10).mended == "sun"
    assert find.search("sum", ["artist"], 10).mended == ""


def test_what_is_explicit_is_not_found_by_who_hides_it(own_vocabulary):
    clean, rude = uuid.uuid4(), uuid.uuid4()
    index.put_many(
        [
            Entry("recording", clean, ["Midnight"], popularity=1),
            Entry("recording", rude, ["Midnight Rude"], popularity=9, explicit=True),
        ]
    )
    for typed, mended in (("midnight", ""), ("midnihgt ", "midnight")):
        assert find.search(typed, ["recording"], 10).gids["recording"] == [clean, rude]
        hidden = find.search(typed, ["recording"], 10, explicit=False)
        assert (hidden.gids["recording"], hidden.mended) == ([clean], mended)
    assert find.search("rude", ["recording"], 10, explicit=False).gids["recording"] == []
    assert find.search("rude", ["artist", "recording"], 10, explicit=False).mended == ""


@pytest.mark.parametrize(
    "typed", ["zzzzzzzz", "qx", "昼", "1", "beyonce zzzzzzzz", "x" * 300, "ㅋㅋㅋㅋ", "!?"]
)
def test_what_is_like_nothing_finds_nothing(library, typed):
    found = find.search(typed, ["artist"], 10)
    assert (found.mended, found.gids["artist"]) == ("", [])

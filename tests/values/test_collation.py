import random

import pytest

from alpheus.values.collation import READERS, order_name, reader_of, reader_within, sort_keys
from alpheus.values.cursor import encode
from alpheus.values.kana import kana_of, plain_kana


def ordered(reader, names):
    def key(name):
        plain, _, reading = name.partition(" = ")
        return getattr(sort_keys(plain, reading=reading, language="ja" if reading else ""), reader)

    shuffled = random.Random(3).sample(names, len(names))
    return sorted(shuffled, key=lambda name: key(name).encode())


@pytest.mark.parametrize(
    ("reader", "names"),
    [
        # By pinyin among Latin letters; by tone where the sound is the same; one character stays together
        ("zh", ["!!!", "Beyond", "陳綺貞", "陈奕迅", "The Cure", "孙燕姿", "Wang Chung", "汪峰", "王菲", "王力宏", "吴青峰", "五月天", "周華健", "周杰伦"]),
        # In the order of kana, voiced and small sounds beside the plain ones; a reading that is told; kanji, then Latin
        ("ja", ["あいみょん", "宇多田ヒカル = Utada, Hikaru", "かぎ", "かぎろい", "カネコアヤノ", "椎名林檎 = しいな りんご", "ずっと", "スピッツ", "ハロー", "はんと", "バンド", "向井太一", "嵐", "Perfume", "YUI"]),
        # In the order of dictionaries, then Latin letters, with all else among them
        ("ko", ["가을", "강산에", "방탄소년단", "백현", "빅뱅", "아이유", "악동뮤지션", "Beyond", "IU", "Radiohead", "周杰倫"]),
    ],
)  # fmt: skip
def test_names_are_in_the_order_that_readers_expect(reader, names):
    assert ordered(reader, names) == names


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        "👨‍👩‍👧",
        "a\u200db",
        "\u200c",
        "م\u200cن",
        "𪛖〇",
        "ー",
        "っ",
        "x" * 3000,
        "周" * 3000,
        "\u3000か\u3000",
        "１２",
    ],
)
def test_any_name_has_keys_that_a_cursor_carries(name):
    keys = sort_keys(name, reading=name, language="ja")
    for key in keys.columns.values():
        assert len(key) <= 400
        assert key.isprintable()


@pytest.mark.parametrize(
    ("latin", "kana"),
    [
        ("utada hikaru", "うただひかる"),
        ("shimbashi", "しんばし"),
        ("gakkou", "がっこう"),
        ("matcha", "まっちゃ"),
        ("ryuuichi", "りゅういち"),
        ("zhou", ""),
        ("smith", ""),
    ],
)
def test_romaji_is_read_as_kana(latin, kana):
    assert kana_of(latin) == kana


def test_kana_are_compared_plain_first():
    assert plain_kana("ガッコー") == plain_kana("かつこお")


def test_a_list_goes_on_in_the_order_in_which_it_was_begun():
    assert [reader_of(it) for it in ("zh-hans", "ja", "ko-KR", "en-gb", "", "fr")] == [
        "zh",
        "ja",
        "ko",
        "en",
        "en",
        "en",
    ]
    for begun in READERS:
        cursor = encode(order_name("artists", begun), ("a", 1))
        assert reader_within("artists", cursor=cursor, reader="ko") == begun
    for cursor in (None, "", "???", encode("labels", ("a", 1)), encode("artists-fr", ("a", 1))):
        assert reader_within("artists", cursor=cursor, reader="ko") == "ko"

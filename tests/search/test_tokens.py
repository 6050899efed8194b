import pytest

from alpheus.search.tokens import Term, folded, name_tokens, query_terms


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("夜", "ye"),
        ("夜", "yè"),
        ("夜", "夜"),
        ("周杰倫", "zjl"),
        ("周杰倫", "zhou jie lun"),
        ("周杰倫", "zhoujielun"),
        ("周杰倫", "zhouj"),
        ("周杰倫", "周杰伦"),
        ("周杰伦", "周杰倫"),
        ("周杰伦", "周"),
        ("周杰伦", "杰伦"),
        ("Beyoncé", "beyonce"),
        ("Beyoncé", "BEYONCÉ"),
        ("Beyoncé", "bey"),
        ("Sigur Rós", "ros"),
        ("Guns N' Roses", "guns n roses"),
        ("Don't Stop", "dont"),
        ("Don’t Stop", "don't"),
        ("AC/DC", "acdc"),
        ("AC/DC", "ac/dc"),
        ("R.E.M.", "rem"),
        ("ヒカル", "ひかる"),
        ("ひかる", "hikaru"),
        ("ハロー", "haro"),
        ("아이유", "aiyu"),
        ("아이유", "아이"),
        ("Кино", "кино"),
        ("Кино", "kino"),
        ("旅行", "lv"),
        ("绿光", "lvguang"),
        ("绿光", "lu guang"),
        ("方大同 & 薛凯琪", "fdt"),
        ("ＦＵＬＬ　ＷＩＤＴＨ", "full width"),
        ("!!!", "!!!"),
        ("straße", "strasse"),
    ],
)
def test_a_name_is_found(name, query):
    tokens = name_tokens(name)
    terms = query_terms(query)
    assert terms
    for term in terms:
        assert term.text in tokens or (
            term.prefix and any(token.startswith(term.text) for token in tokens)
        ), term


@pytest.mark.parametrize(
    ("name", "query"), [("周杰伦", "周伦"), ("Beyoncé", "eyonce"), ("夜", "昼"), ("!!!", "???")]
)
def test_another_name_is_not_found(name, query):
    tokens = name_tokens(name)
    assert not all(
        term.text in tokens or (term.prefix and any(token.startswith(term.text) for token in tokens))
        for term in query_terms(query)
    )


@pytest.mark.parametrize("text", ["", "   ", "\u200b\u200d", "\t\n"])
def test_nothing_asks_for_nothing(text):
    assert [term for term in query_terms(text) if term.prefix] == []


def test_a_page_of_text_is_a_short_query():
    assert len(query_terms("word " * 1000 + " ".join(map(str, range(1000))))) <= 16


def test_words_match_from_their_beginning_and_characters_whole():
    assert query_terms("周杰 live") == [Term("周杰", prefix=False), Term("live", prefix=True)]


def test_folding():
    assert folded("  Beyoncé  周杰倫 ") == "beyonce 周杰伦"

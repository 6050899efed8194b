import pytest

from alpheus.search.tokens import Term, document_tokens, folded, line_query, line_tokens, query_of


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
    groups = query_of(query).groups
    assert groups
    assert found(name, query), groups


def found(name, query):
    tokens = document_tokens([name])
    return all(
        any(
            all(
                term.text in tokens or (term.prefix and any(token.startswith(term.text) for token in tokens))
                for term in way
            )
            for way in group
        )
        for group in query_of(query).groups
    )


@pytest.mark.parametrize(
    ("name", "query"), [("周杰伦", "周伦"), ("Beyoncé", "eyonce"), ("夜", "昼"), ("!!!", "???")]
)
def test_another_name_is_not_found(name, query):
    assert not found(name, query)


@pytest.mark.parametrize("text", ["", "   ", "\u200b\u200d", "\t\n"])
def test_nothing_asks_for_nothing(text):
    assert not any(term.prefix for group in query_of(text).groups for way in group for term in way)


def test_a_page_of_text_is_a_short_query():
    assert len(query_of("word " * 1000 + " ".join(map(str, range(1000)))).groups) <= 16


def test_words_match_from_their_beginning_and_characters_whole():
    assert query_of("周杰 live").groups == [((Term("周杰"),),), ((Term("live", prefix=True),),)]


def test_kana_are_found_as_they_are_and_as_they_are_read():
    assert query_of("とう").groups == [
        ((Term("とう"),), (Term("tou", prefix=True),), (Term("to", prefix=True),))
    ]


@pytest.mark.parametrize("text", ["love", "夜曲", "사랑", ""])
def test_a_word_is_no_line(text):
    assert line_query(text) == []


@pytest.mark.parametrize(
    ("line", "typed"),
    [
        ("And I will always love you", "always lo"),
        ("And I will always love you", "i will always"),
        ("為你彈奏蕭邦的夜曲", "为你弹奏肖邦的夜曲"[:4]),
        ("為你彈奏蕭邦的夜曲", "彈奏蕭邦"),
        ("夜に駆ける", "夜に駆"),
        ("보고 싶다 이렇게 말하니까", "보고 싶"),
    ],
)
def test_a_line_is_found_by_what_follows_in_it(line, typed):
    tokens = line_tokens([line])
    for group in line_query(typed):
        assert any(any(it.startswith(way[0].text) for it in tokens) for way in group), group


def test_words_that_do_not_follow_one_another_are_no_line():
    tokens = line_tokens(["And I will always love you"])
    assert not all(
        any(it.startswith(group[0][0].text) for it in tokens) for group in line_query("always you")
    )


def test_folding():
    assert folded("  Beyoncé  周杰倫 ") == "beyonce 周杰伦"


@pytest.mark.parametrize("text", ["\u3164\u115f\u2800", "\u115f", "っ", "ー", "\u1160周", "′"])
def test_no_token_is_empty_or_holds_a_space(text):
    tokens = document_tokens([text], beside=[text], lines=[text])
    assert not [token for token in tokens if not token or " " in token]

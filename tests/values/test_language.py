import pytest

from alpheus.values.language import is_cjk, language_from_tag, language_of


@pytest.mark.parametrize(
    ("text", "context", "tag"),
    [
        ("", "", ""),
        ("Beyoncé", "", ""),
        ("123 — …", "", ""),
        ("夜", "", "zh-Hans"),
        ("夜", "ja", "ja"),
        ("夜", "ひかり", "ja"),
        ("夜", "zh-Hant", "zh-Hant"),
        ("周杰伦", "", "zh-Hans"),
        ("周杰倫", "", "zh-Hant"),
        ("東京事変", "", "ja"),
        ("宇多田ヒカル", "", "ja"),
        ("ﾊﾛｰ", "", "ja"),
        ("아이유", "", "ko"),
        ("밤 夜", "", "ko"),
        ("Кино", "", "und-Cyrl"),
        ("فيروز", "", "und-Arab"),
        ("Ελένη", "", "el"),
        ("夜 Night", "", "zh-Hans"),
        ("🎵", "", ""),
    ],
)
def test_a_name_tells_its_language(text, context, tag):
    assert language_of(text, context=context) == tag


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("jpn", "ja"),
        ("Chinese", "zh"),
        ("zh_CN", "zh-Hans"),
        ("eng", "en"),
        ("pt-BR", "pt-br"),
        ("und", ""),
        ("???", ""),
        ("", ""),
    ],
)
def test_a_tag_tells_its_language(text, tag):
    assert language_from_tag(text) == tag


def test_cjk():
    assert is_cjk("a夜")
    assert not is_cjk("Beyoncé")

"""Every language is complete: every text that a page or an answer can show has its translation."""

import ast
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

SOURCE = Path(__file__).parents[2] / "src/alpheus"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}")
TRANSLATE = re.compile(r"""{%\s*translate\s+"((?:[^"\\]|\\.)*)"(?:\s+context\s+"([^"]*)")?""")
BLOCK = re.compile(r"{%\s*blocktranslate([^%]*)%}(.*?){%\s*endblocktranslate\s*%}", re.DOTALL)
CALLS = {"_": 1, "gettext": 1, "gettext_lazy": 1, "ngettext": 2, "pgettext": 2}


def read(language):
    """The texts of every room; the first of each list is the file's header."""
    found = []
    for path in SOURCE.glob(f"*/locale/{language}/LC_MESSAGES/django.po"):
        with path.open("rb") as words:
            found += [it for it in read_po(words, locale=language) if it.id]
    return found


@pytest.fixture(scope="module", params=["zh_Hans", "ja", "ko"])
def catalogue(request):
    return read(request.param)


def forms(text):
    return text if isinstance(text, tuple) else (text,)


def in_templates():
    for path in SOURCE.rglob("templates/**/*.html"):
        text = path.read_text()
        for message, context in TRANSLATE.findall(text):
            yield message, context or None
        for options, body in BLOCK.findall(text):
            for part in re.split(r"{%\s*plural\s*%}", body):
                words = re.sub(r"{{\s*(\w+)\s*}}", r"%(\1)s", part)
                yield (" ".join(words.split()) if "trimmed" in options else words), None


def in_python():
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            name = getattr(getattr(node, "func", None), "id", "")
            if name not in CALLS:
                continue
            texts = [it.value for it in node.args[: CALLS[name]] if isinstance(it, ast.Constant)]
            if name == "pgettext":
                yield texts[1], texts[0]
            else:
                yield from ((text, None) for text in texts if isinstance(text, str))


def test_every_text_is_translated(catalogue):
    known = {(text, it.context) for it in catalogue for text in forms(it.id)}
    missing = sorted(
        {text for text, context in (*in_templates(), *in_python()) if (text, context) not in known}
    )
    assert missing == [], "run `make messages` and translate what is new"


def test_no_translation_is_empty_or_doubtful(catalogue):
    assert [it.id for it in catalogue if it.fuzzy or not all(forms(it.string))] == []


def test_placeholders_are_kept(catalogue):
    for it in catalogue:
        wanted = set(PLACEHOLDER.findall(forms(it.id)[-1]))
        for text in forms(it.string):
            assert set(PLACEHOLDER.findall(text)) == wanted, it.id


@pytest.mark.parametrize("language", ["zh_Hans", "ja"])
def test_texts_of_han_and_kana_use_their_own_punctuation(language):
    found = (forms(it.string)[0] for it in read(language))
    wrong = [text for text in found if re.search(r"[\u3040-\u30ff\u4e00-\u9fff][,;?!]", text)]
    assert wrong == []


def test_the_page_is_in_chinese(guest):
    html = guest.get("/", headers={"accept-language": "zh-CN"}).content.decode()
    assert "首页" in html
    assert "这里还没有音乐" in html
    assert "Skip to content" not in html


@pytest.mark.parametrize(
    ("asked", "heading"), [("ja-JP", "まだ音楽がありません"), ("ko", "아직 음악이 없습니다")]
)
def test_the_page_is_in_japanese_and_korean(guest, asked, heading):
    html = guest.get("/", headers={"accept-language": asked}).content.decode()
    assert heading in html
    assert "Skip to content" not in html

"""Names are drawn into pictures whole, within their place, and not at all where a letter has no font."""

from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from alpheus.web import drawn_names
from alpheus.web.drawn_names import LEADING, LINES_MAX, OF_THE_MACHINE, SIZES, fitted, write

HAS_HAN = any(Path(it).exists() for it in OF_THE_MACHINE)
WITH_HAN = pytest.mark.skipif(not HAS_HAN, reason="no font with Han, kana and hangul: install fonts-noto-cjk")


def texts(written):
    return ["".join(text for text, _ in line.runs) for line in written.lines]


@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("Wren", ""),
        ("Łódź", ""),
        ("The Very Long Name of a Band", ""),
        ("W" * 40, ""),
        pytest.param("潮汐与海风", "zh-Hans", marks=WITH_HAN),
        pytest.param("夜明けの汽笛オーケストラ", "ja", marks=WITH_HAN),
        pytest.param("파도 소리 밴드", "ko", marks=WITH_HAN),
        pytest.param("潮汐 Tide", "zh-Hans", marks=WITH_HAN),
    ],
)
@pytest.mark.parametrize(("width", "height"), [(490, 414), (1040, 102)])
def test_it_stays_in_its_place(name, language, width, height):
    written = fitted(name, language=language, width=width, height=height)
    assert 1 <= len(written.lines) <= LINES_MAX
    assert written.height <= max(height, SIZES[-1] * LEADING)
    assert all(line.width <= width for line in written.lines)
    said = "".join(texts(written)).replace(" ", "")
    assert said == name.replace(" ", "") or (
        said.endswith("…") and name.replace(" ", "").startswith(said[:-1])
    )


def test_words_stay_whole_while_they_fit_and_a_short_name_is_large():
    lines = texts(fitted("Slow Weather Society Orchestra", language="", width=490, height=414))
    assert " ".join(lines) == "Slow Weather Society Orchestra"
    assert fitted("Wren", language="", width=490, height=414).size == SIZES[0]


@WITH_HAN
def test_a_letter_is_drawn_in_its_language_s_form():
    """Unicode gives 直 one number; Japan and China write it differently."""

    def drawn(language):
        written = fitted("直", language=language, width=140, height=140)
        canvas = Image.new("RGB", (140, 140))
        write(ImageDraw.Draw(canvas), written, left=0, top=0, ink=(255, 255, 255))
        return canvas.tobytes()

    assert drawn("ja") != drawn("zh-Hans")
    assert any(drawn("ja"))


def test_a_letter_without_a_font_leaves_the_name_out(monkeypatch):
    assert fitted("Wren \U0010fffe", language="", width=490, height=414) is None
    monkeypatch.setattr(drawn_names, "OF_THE_MACHINE", ())
    drawn_names._fonts.cache_clear()
    drawn_names._font_of.cache_clear()
    try:
        assert fitted("潮汐", language="zh-Hans", width=490, height=414) is None
        assert fitted("Wren", language="", width=490, height=414) is not None
    finally:
        drawn_names._fonts.cache_clear()
        drawn_names._font_of.cache_clear()


@pytest.mark.parametrize("name", ["", "   "])
def test_nothing_is_nothing(name):
    assert fitted(name, language="", width=490, height=414) is None

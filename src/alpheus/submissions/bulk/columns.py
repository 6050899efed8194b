"""The columns of a sheet: what each is called, in which languages, and which must be filled in. Pure vocabulary."""

import re
import unicodedata
from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Column(StrEnum):
    """A column, by the name that the template gives it."""

    FILE = "File"
    TITLE = "Title"
    RELEASE = "Release"
    RELEASE_ARTIST = "Release artist"
    KIND = "Kind"
    UPC = "UPC"
    DATE = "Release date"
    ZONE = "Time zone"
    PREVIEWS = "Previews from"
    GENRES = "Genres"
    RELEASE_LANGUAGE = "Release language"
    NOTES = "Notes"
    TERRITORIES = "Territories"
    RELEASE_PRICE = "Release price"
    COVER = "Cover"
    DISC = "Disc"
    DISC_TITLE = "Disc title"
    TRACK = "Track"
    ARTIST = "Artist"
    ISRC = "ISRC"
    PRICE = "Price"
    EXPLICIT = "Explicit"
    LANGUAGE = "Language"
    COMPOSERS = "Composers"
    LYRICISTS = "Lyricists"
    PUBLISHERS = "Publishers"
    CREDITS = "Credits"
    LYRICS = "Lyrics"
    AI = "AI"


REQUIRED: Final = (Column.FILE, Column.TITLE, Column.RELEASE, Column.RELEASE_ARTIST)
"""Columns that a sheet has, and cells that no row leaves empty."""
OF_RELEASE: Final = (
    Column.RELEASE,
    Column.RELEASE_ARTIST,
    Column.KIND,
    Column.UPC,
    Column.DATE,
    Column.ZONE,
    Column.PREVIEWS,
    Column.GENRES,
    Column.RELEASE_LANGUAGE,
    Column.NOTES,
    Column.TERRITORIES,
    Column.RELEASE_PRICE,
    Column.COVER,
)
"""What is said of a release: once, or the same on each of its rows."""
SEVERAL: Final = frozenset({Column.COMPOSERS, Column.LYRICISTS, Column.PUBLISHERS, Column.CREDITS})
"""Cells that hold several names, with | or a new line between them."""
LIMITS: Final[Mapping[Column, int]] = {
    Column.FILE: 1000, Column.TITLE: 1000, Column.RELEASE: 1000, Column.RELEASE_ARTIST: 500, Column.ARTIST: 1000,
    Column.GENRES: 500, Column.NOTES: 20_000, Column.DISC_TITLE: 500, Column.COVER: 1000, Column.LYRICS: 100_000, Column.COMPOSERS: 4000,
    Column.LYRICISTS: 4000, Column.PUBLISHERS: 4000, Column.CREDITS: 4000, Column.UPC: 40, Column.ISRC: 40,
    Column.TERRITORIES: 1000, Column.RELEASE_PRICE: 40, Column.PRICE: 40,
}  # fmt: skip
"""Characters that a cell may have."""

_ALSO: Final[Mapping[Column, str]] = {
    Column.FILE: "filename audio 文件 文件名 檔案 ファイル ファイル名 파일 파일명",
    Column.TITLE: "track-title song 曲名 歌名 标题 標題 タイトル 楽曲名 제목 곡명",
    Column.RELEASE: "album release-title 专辑 專輯 专辑名 アルバム アルバム名 앨범 앨범명",
    Column.RELEASE_ARTIST: "album-artist 专辑艺人 專輯藝人 アルバムアーティスト 앨범아티스트",
    Column.KIND: "type release-type 类型 類型 種類 종류",
    Column.UPC: "ean gtin barcode 条形码 條碼 バーコード 바코드",
    Column.DATE: "date 发行日期 發行日期 発売日 リリース日 발매일",
    Column.ZONE: "timezone 时区 時區 タイムゾーン 시간대",
    Column.PREVIEWS: "previews preview prelisten pre-listening 试听 試聽 试听开始 試聴 先行試聴 미리듣기",
    Column.GENRES: "genre 流派 曲风 ジャンル 장르",
    Column.RELEASE_LANGUAGE: "album-language 专辑语言 アルバム言語 앨범언어",
    Column.NOTES: "description 简介 簡介 说明 紹介 소개",
    Column.TERRITORIES: "territory countries 地区 地區 国家 地域 国 지역 국가",
    Column.RELEASE_PRICE: "album-price 专辑价格 專輯價格 アルバム価格 앨범가격",
    Column.COVER: "artwork image 封面 ジャケット カバー 커버 표지",
    Column.DISC_TITLE: "disc-subtitle 碟名 ディスク名 디스크제목",
    Column.DISC: "disc-number 碟号 光盘 ディスク 디스크",
    Column.TRACK: "track-number number 曲号 音轨 トラック トラック番号 트랙 트랙번호",
    Column.ARTIST: "track-artist 艺人 艺术家 藝人 歌手 アーティスト 아티스트",
    Column.ISRC: "",
    Column.PRICE: "track-price 价格 價格 単価 価格 가격",
    Column.EXPLICIT: "含不雅内容 露骨 過激 노골적",
    Column.LANGUAGE: "track-language 语言 語言 言語 언어",
    Column.COMPOSERS: "composer 作曲 작곡",
    Column.LYRICISTS: "lyricist 作词 作詞 작사",
    Column.PUBLISHERS: "publisher 版权方 出版者 出版社 퍼블리셔",
    Column.CREDITS: "credit 制作人员 制作人員 クレジット 크레딧",
    Column.LYRICS: "words 歌词 歌詞 가사",
    Column.AI: "人工智能 生成AI 人工知能 인공지능",
}
_BETWEEN = re.compile(r"[\s_\-*:：]+")


def folded(name: str) -> str:
    """What a column's name is whatever its case, width and spaces."""
    return _BETWEEN.sub("", unicodedata.normalize("NFKC", name)).casefold()


KNOWN: Final[Mapping[str, Column]] = {
    folded(name): column for column in Column for name in (column.value, *_ALSO[column].split())
}

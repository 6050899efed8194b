"""Names and words made by code: in Latin, Han, kana, hangul and Cyrillic letters, the same for the same seed."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

_ONSETS = [
    "b",
    "br",
    "c",
    "ch",
    "cr",
    "d",
    "dr",
    "f",
    "fl",
    "g",
    "gr",
    "h",
    "j",
    "k",
    "l",
    "m",
    "n",
    "p",
    "pr",
    "r",
    "s",
    "sh",
    "sl",
    "st",
    "t",
    "th",
    "tr",
    "v",
    "w",
    "y",
    "z",
]
_VOWELS = ["a", "e", "i", "o", "u", "ai", "ea", "ie", "oa", "ou", "é", "ö", "ü"]
_VOWEL_WEIGHTS = [20, 22, 16, 16, 8, 3, 4, 2, 2, 4, 1, 1, 1]
_CODAS = ["", "", "l", "m", "n", "nd", "ng", "r", "rn", "s", "st", "t", "x"]
_ENGLISH = [
    "love",
    "night",
    "the",
    "you",
    "me",
    "blue",
    "heart",
    "time",
    "way",
    "day",
    "fire",
    "rain",
    "light",
    "dream",
    "river",
    "summer",
    "dance",
    "moon",
    "city",
    "home",
    "gold",
    "last",
    "sky",
    "road",
    "black",
    "sun",
    "girl",
    "star",
    "slow",
    "wild",
    "ghost",
    "glass",
    "winter",
    "paper",
    "silver",
    "electric",
    "midnight",
    "highway",
    "ocean",
    "shadow",
]
_SURNAMES = "王李張劉陳楊黃趙吳周徐孫馬朱胡林郭何高羅鄭梁謝宋唐許鄧馮韓曹曾彭蕭蔡潘田董袁于余葉蔣杜蘇魏程呂丁沈任姚盧傅鍾姜崔譚廖范汪陸金石戴賈韋夏邱方侯鄒熊孟秦白江閻薛尹段雷黎史龍陶賀顧毛郝龔邵萬"
_GIVEN = "傑倫慧怡宇軒子涵欣妍志明家豪雅婷美玲建國曉東麗華文博思遠安琪書豪佳穎俊凱天樂若彤海濤夢瑤浩然靜雯紫萱國榮嘉儀德華學友信哲少芬奕迅菲潔敏"
_SONG_HAN = "夜曲晴天風雨江南花海月亮光年輪愛情故事城市森林時間煙火回憶雪山秋水長路歸家童話青春孤單北京來信遠方星空飛鳥夢想眼淚微笑黎明春夏冬離開等待再見沉默溫柔世界無聲紅玫瑰白馬紙船舊友新歌少年"
_SIMPLE = str.maketrans("張劉陳楊黃趙吳孫馬羅鄭謝許鄧馮韓蕭葉蔣蘇呂盧鍾譚陸賈韋鄒閻龍賀顧龔萬傑倫軒國麗華書穎俊凱樂濤夢靜學風輪愛時間煙憶長歸話單來遠飛淚離開無聲紅馬紙舊溫", "张刘陈杨黄赵吴孙马罗郑谢许邓冯韩萧叶蒋苏吕卢钟谭陆贾韦邹阎龙贺顾龚万杰伦轩国丽华书颖俊凯乐涛梦静学风轮爱时间烟忆长归话单来远飞泪离开无声红马纸旧温")  # fmt: skip
_JAPANESE = (
    "佐藤 さとう|鈴木 すずき|高橋 たかはし|田中 たなか|渡辺 わたなべ|伊藤 いとう|山本 やまもと|中村 なかむら|小林 こばやし|"
    "加藤 かとう|吉田 よしだ|山田 やまだ|松本 まつもと|井上 いのうえ|木村 きむら|清水 しみず|椎名 しいな|宇多田 うただ|米津 よねづ|星野 ほしの"
)
_JAPANESE_GIVEN = (
    "光 ひかる|林檎 りんご|玄師 げんし|源 げん|愛 あい|翔太 しょうた|美咲 みさき|葵 あおい|蓮 れん|陽菜 ひな|健 けん|結衣 ゆい|"
    "大輔 だいすけ|真央 まお|拓也 たくや|彩 あや|直樹 なおき|奈々 なな|龍一 りゅういち|恵 めぐみ"
)
_KATAKANA = "アイウエオカキクケコサシスセソタチツテトナニノハヒフホマミムモヤユヨラリルレロワンガギゴザジダドバビボパピポ"
_HIRAGANA = [
    "よる",
    "あさ",
    "ゆめ",
    "そら",
    "うみ",
    "かぜ",
    "はな",
    "ほし",
    "こい",
    "なみだ",
    "ひかり",
    "みち",
    "まち",
    "うた",
    "はる",
    "なつ",
    "あき",
    "ふゆ",
    "きみ",
    "ぼく",
]
_HANGUL_SURNAMES = "김이박최정강조윤장임한오서신권황안송류홍"
_HANGUL = "지민서준하은도윤시우주원예수아현유진태형남혜연영호석경미소희다온보라별빛나루"
_SONG_HANGUL = [
    "밤",
    "편지",
    "봄날",
    "사랑",
    "눈물",
    "하루",
    "바람",
    "노래",
    "그대",
    "시간",
    "여름",
    "겨울",
    "비",
    "꽃",
    "별",
    "이별",
    "기억",
    "오늘",
    "너",
    "나",
    "우리",
    "길",
    "꿈",
    "달빛",
    "소녀",
    "안녕",
]
_CYRILLIC = [
    "Кино",
    "Звезда",
    "Ночь",
    "Дорога",
    "Весна",
    "Северный",
    "Город",
    "Белый",
    "Птица",
    "Река",
    "Огонь",
    "Ветер",
    "Сердце",
    "Тихий",
    "Последний",
    "Снег",
]

SCRIPTS = ("latin", "chinese", "japanese", "korean", "cyrillic")
SHARES = (46, 26, 14, 11, 3)  # of artists, in percent


@dataclass(frozen=True)
class Name:
    """An artist's name, the names it is also found by, and how it is read (kana, where kanji do not tell)."""

    text: str
    script: str
    aliases: tuple[str, ...] = ()
    reading: str = ""


class Names:
    """Makes names; a few words are in very many of them and most are in few, as in a real library."""

    def __init__(self, chance: random.Random, *, words: int = 12_000) -> None:
        self._chance = chance
        made = dict.fromkeys(_ENGLISH)
        while len(made) < words:
            made[self._latin_word()] = None
        self._words = list(made)
        self._weights = list(accumulate(1 / (rank + 5) for rank in range(len(self._words))))

    def artist(self) -> Name:
        """Make an artist's name."""
        script = self._chance.choices(SCRIPTS, SHARES)[0]
        make = {
            "latin": self._latin_artist,
            "chinese": self._chinese_artist,
            "japanese": self._japanese_artist,
            "korean": self._korean_artist,
            "cyrillic": self._cyrillic_artist,
        }
        return make[script]()

    def title(self, script: str) -> str:
        """Make the title of a recording or release by an artist who writes in `script`."""
        chance = self._chance
        if script == "latin" or chance.random() < 0.15:
            return " ".join(self._some_words(chance.choice((1, 2, 2, 3, 3, 4)))).capitalize()
        if script == "chinese":
            text = self._of(_SONG_HAN, chance.choice((2, 2, 3, 4, 5)))
            return text.translate(_SIMPLE) if chance.random() < 0.5 else text
        if script == "japanese":
            kana = chance.random() < 0.5
            return (
                self._of(_KATAKANA, chance.randint(3, 6))
                if kana
                else "の".join(chance.choices(_HIRAGANA, k=2))
            )
        words = _SONG_HANGUL if script == "korean" else _CYRILLIC
        return " ".join(chance.choices(words, k=chance.choice((1, 2, 2, 3))))

    def line(self, script: str) -> str:
        """Make a line of lyrics."""
        return (
            " ".join(self._some_words(6)).capitalize()
            if script == "latin"
            else " ".join(self.title(script) for _ in range(3))
        )

    def _some_words(self, count: int) -> list[str]:
        return self._chance.choices(self._words, cum_weights=self._weights, k=count)

    def _of(self, letters: Sequence[str], count: int) -> str:
        return "".join(self._chance.choices(letters, k=count))

    def _latin_word(self) -> str:
        chance = self._chance
        syllables = (
            chance.choice(_ONSETS) + chance.choices(_VOWELS, _VOWEL_WEIGHTS)[0]
            for _ in range(chance.choice((1, 2, 2, 3)))
        )
        return "".join(syllables) + chance.choice(_CODAS)

    def _latin_artist(self) -> Name:
        chance = self._chance
        if chance.random() < 0.35:
            return Name(
                "The " + self._some_words(1)[0].capitalize() + " " + self._latin_word().capitalize() + "s",
                "latin",
            )
        return Name(self._latin_word().capitalize() + " " + self._latin_word().capitalize(), "latin")

    def _chinese_artist(self) -> Name:
        text = self._chance.choice(_SURNAMES) + self._of(_GIVEN, self._chance.choice((1, 2, 2, 2)))
        simple = text.translate(_SIMPLE)
        if self._chance.random() < 0.5:
            text = simple
        english = f"{self._latin_word().capitalize()} {self._latin_word().capitalize()}"
        return Name(text, "chinese", (english,) if self._chance.random() < 0.3 else ())

    def _japanese_artist(self) -> Name:
        if self._chance.random() < 0.3:
            return Name(self._of(_KATAKANA, self._chance.randint(3, 7)), "japanese")
        family, family_kana = self._chance.choice(_JAPANESE.split("|")).split()
        given, given_kana = self._chance.choice(_JAPANESE_GIVEN.split("|")).split()
        extra = self._of(_KATAKANA, 2) if self._chance.random() < 0.8 else ""
        return Name(family + given + extra, "japanese", reading=f"{family_kana} {given_kana}{extra}")

    def _korean_artist(self) -> Name:
        text = self._chance.choice(_HANGUL_SURNAMES) + self._of(_HANGUL, self._chance.choice((2, 2, 3)))
        return Name(text, "korean", (self._latin_word().upper(),) if self._chance.random() < 0.3 else ())

    def _cyrillic_artist(self) -> Name:
        return Name(
            " ".join(self._chance.choices(_CYRILLIC, k=2)) + f" {self._chance.randint(1, 99)}", "cyrillic"
        )

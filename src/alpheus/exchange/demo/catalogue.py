"""What the demo is: who plays, what the releases are called, who did what, and what the sleeves say."""

from dataclasses import dataclass, field

VERSION = "1"  # goes up when music, art or words change: everything is then made again


@dataclass(frozen=True)
class Track:
    """One track: a piece, or one part of it between its cuts."""

    number: int
    title: str
    piece: str  # a module in `pieces`
    artist: str  # as credited: "A feat. B"
    roles: tuple[tuple[str, str], ...]  # (role, name)
    part: int = 0
    language: str = ""  # BCP 47 tag of the title
    words: str = ""  # the language of the words that the piece gives; empty when it has none


@dataclass(frozen=True)
class Release:
    """One release with its sleeve."""

    artist: str
    title: str
    type: str  # "single", "ep" or "album"
    date: str
    genres: tuple[str, ...]
    cover: str  # a key of `art.COVERS`
    notes: str
    tracks: tuple[Track, ...] = field(default=())
    language: str = ""
    label: str = ""
    number: str = ""  # the label's own

    @property
    def folder(self) -> str:
        """The folder of its files, under the demo's."""
        return f"{self.artist}/{self.title}"

    @property
    def pieces(self) -> tuple[str, ...]:
        """The pieces on it, each once, in order."""
        return tuple(dict.fromkeys(track.piece for track in self.tracks))


_ODILE, _QUARTET, _LU, _HARU, _WELLER = (
    "Odile Farrow",
    "Ines Calloway Quartet",
    "陆眠",
    "Haru & the Tidal Clock",
    "Tomasz Weller",
)
_MIST, _SETO, _DEPOT = "물안개", "瀬戸ミナモ", "Nocturne Depot"

# How names are filed that another script would misread.
SORT_NAMES = {_LU: "Lu Mian", _SETO: "Seto Minamo", _MIST: "Mulangae"}

# In the order of importance: what is first plays first.
RELEASES: tuple[Release, ...] = (
    Release(
        artist=_ODILE,
        title="Letters to a Lighthouse Keeper",
        type="ep",
        date="2026-03-06",
        genres=("modern classical", "solo piano"),
        cover="lighthouse",
        label="Saltmarsh",
        number="SALT 004",
        notes=(
            "The piano belongs to my neighbour, who lays a strip of felt over the strings after nine so that the "
            "child downstairs can sleep. I wrote both letters between nine and eleven.\n\n"
            "The first is in D flat because my hands are. In the middle there is a bar of E major that I cannot "
            "explain; the lamp came round and that is what it lit. The second letter was meant to stay in G minor. "
            "The quartet talked me out of it.\n\n"
            "Neither of them was answered, which is how one knows that a lighthouse is working."
        ),
        tracks=(
            Track(
                1,
                "The Lamp Is Not the Sea",
                "lamp",
                _ODILE,
                (("composer", _ODILE), ("piano", _ODILE), ("lyricist", _ODILE)),
                language="en",
                words="en",
            ),
            Track(
                2,
                "Postcard with No Island",
                "postcard",
                f"{_ODILE} feat. {_QUARTET}",
                (
                    ("composer", _ODILE),
                    ("arranger", "Ines Calloway"),
                    ("piano", _ODILE),
                    ("strings", _QUARTET),
                ),
                language="en",
            ),
        ),
        language="en",
    ),
    Release(
        artist=_LU,
        title="河不睡",
        type="single",
        date="2026-05-15",
        genres=("chinese folk", "chamber pop"),
        cover="river",
        language="zh-Hans",
        notes=(
            "我家住在河边的四楼。夜里别的声音都停了，河还在走。小时候我问外婆，河什么时候睡觉，她说：它睡了，谁来背那些船呢。\n\n"
            "古筝只用五个音，左手把它们压弯。歌里每一个字都落在拍子上，不抢，也不等。\n\n"
            "唱完以后什么也没有留下，这样很好。"
        ),
        tracks=(
            Track(
                1,
                "河不睡",
                "river",
                _LU,
                (("composer", _LU), ("lyricist", _LU), ("vocals", _LU), ("guzheng", _LU)),
                language="zh-Hans",
                words="zh-Hans",
            ),
        ),
    ),
    Release(
        artist=_HARU,
        title="Slow Weather",
        type="album",
        date="2026-01-23",
        genres=("ambient", "minimalism"),
        cover="weather",
        label="Tidal Clock",
        number="TC-02",
        language="en",
        notes=(
            "We recorded the barometer, not the storm. For eleven chords the bass does nothing but go down a step, "
            "and then it has nowhere left to go, and it rains. There is no gap between the two tracks because there was none in the "
            "sky.\n\n"
            "Isobars came from a different week. Tomasz plays a pattern of twelve notes and so do I, and I hurry. "
            "Nobody wrote the tunes the vibraphone finds in between; we only wrote down where they were.\n\n"
            "Play it quietly, near a window."
        ),
        tracks=(
            Track(
                1,
                "Pressure, Falling",
                "weather",
                _HARU,
                (("composer", _HARU), ("synthesizer", _HARU)),
                language="en",
            ),
            Track(
                2,
                "Rain, Eventually",
                "weather",
                _HARU,
                (("composer", _HARU), ("synthesizer", _HARU), ("vibraphone", _WELLER)),
                part=1,
                language="en",
            ),
            Track(
                3,
                "Isobars",
                "isobars",
                f"{_HARU} feat. {_WELLER}",
                (("composer", _HARU), ("composer", _WELLER), ("marimba", _WELLER)),
                language="en",
            ),
        ),
    ),
    Release(
        artist=_MIST,
        title="우산 두 개",
        type="single",
        date="2026-06-19",
        genres=("lo-fi", "instrumental hip hop"),
        cover="umbrellas",
        language="ko",
        notes=(
            "비가 올 것 같아서 우산을 두 개 가져갔는데, 너도 두 개를 가져왔다. 우리는 네 개의 우산을 들고 하나만 펴고 걸었다.\n\n"
            "스네어는 일부러 조금 늦게 들어온다. 테이프는 정말로 상태가 좋지 않다."
        ),
        tracks=(
            Track(
                1,
                "우산 두 개",
                "umbrellas",
                _MIST,
                (("composer", _MIST), ("electric piano", _MIST), ("guitar", _MIST), ("drums", _MIST)),
                language="ko",
            ),
        ),
    ),
    Release(
        artist=_SETO,
        title="琥珀の回路",
        type="single",
        date="2026-04-10",
        genres=("chiptune", "j-pop"),
        cover="amber",
        language="ja",
        notes=(
            "五つの音しか出せない機械のために書きました。矩形波が三つ、三角波が一つ、あとは雑音。足りないものは、速く動かすと見えなくなります。\n\n"
            "最後のサビは一音高いです。祖父の家の庭で見た朝は、たしかに少し高いところにありました。"
        ),
        tracks=(
            Track(
                1,
                "回路、あるいは庭",
                "circuit",
                _SETO,
                (("composer", _SETO), ("lyricist", _SETO), ("vocals", _SETO), ("programming", _SETO)),
                language="ja",
                words="ja",
            ),
        ),
    ),
    Release(
        artist=_DEPOT,
        title="Platform 0",
        type="single",
        date="2026-02-27",
        genres=("house", "electronic"),
        cover="platform",
        label="Last Departure",
        number="LD 11",
        language="en",
        notes=(
            "Upstairs, front seat, 02:40. The bus hums an F if the driver is kind to it. Everything else on this record gets on "
            "at a stop: bass at the hospital, chords at the bridge, the tune outside the closed cinema. Around the "
            "park the drums get off for a cigarette."
        ),
        tracks=(
            Track(
                1,
                "Night Bus Frequencies",
                "nightbus",
                _DEPOT,
                (("composer", _DEPOT), ("producer", _DEPOT)),
                language="en",
            ),
        ),
    ),
)

"""Genres as tags give them, made comparable. Pure."""

import re
import unicodedata

from alpheus.values.text import line

# ID3v1's numbers that ID3v2 tags still carry in parentheses; the first 80 are the standard's own
_ID3 = [
    "blues",
    "classic rock",
    "country",
    "dance",
    "disco",
    "funk",
    "grunge",
    "hip hop",
    "jazz",
    "metal",
    "new age",
    "oldies",
    "other",
    "pop",
    "r&b",
    "rap",
    "reggae",
    "rock",
    "techno",
    "industrial",
    "alternative",
    "ska",
    "death metal",
    "pranks",
    "soundtrack",
    "euro-techno",
    "ambient",
    "trip hop",
    "vocal",
    "jazz+funk",
    "fusion",
    "trance",
    "classical",
    "instrumental",
    "acid",
    "house",
    "game",
    "sound clip",
    "gospel",
    "noise",
    "alternative rock",
    "bass",
    "soul",
    "punk",
    "space",
    "meditative",
    "instrumental pop",
    "instrumental rock",
    "ethnic",
    "gothic",
    "darkwave",
    "techno-industrial",
    "electronic",
    "pop-folk",
    "eurodance",
    "dream",
    "southern rock",
    "comedy",
    "cult",
    "gangsta",
    "top 40",
    "christian rap",
    "pop/funk",
    "jungle",
    "native american",
    "cabaret",
    "new wave",
    "psychedelic",
    "rave",
    "showtunes",
    "trailer",
    "lo-fi",
    "tribal",
    "acid punk",
    "acid jazz",
    "polka",
    "retro",
    "musical",
    "rock & roll",
    "hard rock",
]
_SAME = {
    "hip-hop": "hip hop", "hiphop": "hip hop", "rnb": "r&b", "r and b": "r&b", "r & b": "r&b", "rhythm and blues": "r&b",
    "drum & bass": "drum and bass", "drum n bass": "drum and bass", "dnb": "drum and bass", "d&b": "drum and bass",
    "electronica": "electronic", "electro": "electronic", "rock and roll": "rock & roll", "rock 'n' roll": "rock & roll",
    "k-pop": "k-pop", "kpop": "k-pop", "jpop": "j-pop", "j pop": "j-pop", "cpop": "c-pop", "mandopop": "mandopop",
    "lofi": "lo-fi", "trip-hop": "trip hop", "synthpop": "synth-pop", "synth pop": "synth-pop", "soundtracks": "soundtrack",
    "ost": "soundtrack", "original soundtrack": "soundtrack", "video game": "game", "video game music": "game", "games": "game",
    "alt. rock": "alternative rock", "altrock": "alternative rock", "流行": "pop", "摇滚": "rock", "民谣": "folk",
}  # fmt: skip
_NO_GENRE = {
    "",
    "other",
    "unknown",
    "unknown genre",
    "none",
    "misc",
    "genre",
    "undefined",
    "default",
    "(none)",
    "sound clip",
}
# What is spoken, as tags call it in the languages of our pages and some others
SPEECH = frozenset({
    "speech", "spoken", "spoken word", "spoken-word", "spoken & audio", "books & spoken", "talk", "talk radio",
    "audiobook", "audiobooks", "audio book", "audio books", "audio-book", "audio drama", "audio theatre", "audio theater",
    "radio drama", "radio play", "podcast", "podcasts", "lecture", "lectures", "interview", "interviews", "poetry", "sermon",
    "stand-up", "stand-up comedy", "news", "storytelling", "hörbuch", "hörbücher", "hörspiel", "livre audio", "audiolibro",
    "аудиокнига", "有声书", "有聲書", "有声读物", "播客", "评书", "評書", "相声", "相聲", "朗读", "朗讀", "广播剧", "廣播劇",
    "オーディオブック", "ポッドキャスト", "朗読", "落語", "ラジオドラマ", "ドラマcd", "講談", "오디오북", "팟캐스트", "낭독", "라디오 드라마",
})  # fmt: skip
_SPLIT = re.compile(r"[;,/|\x00、，；]+")
_NUMBER = re.compile(r"\((\d{1,3})\)")
_NAME_MAX = 80
_GENRES_MAX = 8


def normalised(texts: list[str] | tuple[str, ...]) -> list[str]:
    """List genres in lower case, each once, in the order given; ID3 numbers become names, non-genres go."""
    found: dict[str, None] = {}
    for text in texts:
        for part in _split(text):
            name = _named(part)
            if name not in _NO_GENRE:
                found[name] = None
    return list(found)[:_GENRES_MAX]


def slug(name: str) -> str:
    """Write a genre's name for a URL: "r&b" is r-and-b, "摇滚" stays."""
    plain = unicodedata.normalize("NFKC", name).casefold().replace("&", " and ").replace("+", " plus ")
    return re.sub(r"[^\w]+", "-", plain).strip("-_")[:_NAME_MAX] or "genre"


def _split(text: str) -> list[str]:
    """Part a text at list signs, and "(17)Rock" into its number and its name."""
    whole = text.strip().casefold()
    if whole in _SAME or whole == "pop/funk":
        return [text]
    numbers = _NUMBER.findall(text)
    return [*numbers, *_SPLIT.split(_NUMBER.sub("", text))]


def _named(part: str) -> str:
    plain = line(unicodedata.normalize("NFKC", part), limit=_NAME_MAX).casefold()
    if plain.isascii() and plain.isdigit():
        return _ID3[int(plain)] if int(plain) < len(_ID3) else ""
    return _SAME.get(plain, plain)

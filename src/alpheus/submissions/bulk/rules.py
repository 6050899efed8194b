"""What a sheet's rows must say, which of them are a release, and which file is whose. Pure decisions."""

import hashlib
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Final
from zoneinfo import available_timezones

from alpheus.rights.rules import Where
from alpheus.shops.offers.rules import Asked
from alpheus.shops.offers.rules import Kind as Asks
from alpheus.submissions.bulk.columns import LIMITS, OF_RELEASE, REQUIRED, Column
from alpheus.submissions.bulk.sheet import Row, Sheet
from alpheus.submissions.rules import TRACKS_MAX, Ai, Prelisten, credits_fit, due, prelisten_fits
from alpheus.values.errors import VocabularyError
from alpheus.values.identifiers import parse_gtin, parse_isrc
from alpheus.values.language import language_from_tag
from alpheus.values.money import Currency, Money, exactly, parse_currency
from alpheus.values.territory import CODES


class Wrong(StrEnum):
    """What can be wrong with a cell, a row or a column."""

    COLUMN_MISSING = "column_missing"
    COLUMN_TWICE = "column_twice"
    NO_ROWS = "no_rows"
    EMPTY = "empty"
    TOO_LONG = "too_long"
    FILE_NAME = "file_name"
    FILE_TWICE = "file_twice"
    ARTIST = "artist"
    KIND = "kind"
    UPC = "upc"
    DATE = "date"
    ZONE = "zone"
    PREVIEWS = "previews"
    PREVIEWS_DUE = "previews_due"
    PREVIEWS_LATE = "previews_late"
    LANGUAGE = "language"
    DISC = "disc"
    TRACK = "track"
    PLACE_TWICE = "place_twice"
    ISRC = "isrc"
    ISRC_TWICE = "isrc_twice"
    TERRITORIES = "territories"
    PRICE = "price"
    PRICE_FIXED = "price_fixed"
    EXPLICIT = "explicit"
    CREDITS = "credits"
    AI = "ai"
    DIFFERENT = "different"
    TOO_MANY_TRACKS = "too_many_tracks"


@dataclass(frozen=True)
class Fault:
    """Something to mend."""

    row: int
    column: Column | None
    wrong: Wrong
    value: str = ""
    """What stands there."""
    other: str = ""
    """What it clashes with: another row's number, or what another row says."""


@dataclass(frozen=True)
class Prices:
    """What a shop may ask."""

    currency: Currency
    """What an amount without a code is in."""
    fixed: Money | None = None
    """What every track costs, where the label's agreement says so."""


USUAL: Final = Prices(Currency("CNY"))
"""Of a shop that chose nothing, in a house that did not either."""


@dataclass(frozen=True)
class Planned:
    """A release as a sheet has it."""

    key: str
    """The same for the same release in a corrected sheet."""
    rows: tuple[Row, ...]
    """Its tracks, in order."""


_MUSIC = frozenset("wav wave flac aif aiff aifc m4a mp4 mp3 ogg oga opus wma ape wv caf".split())  # noqa: SIM905
KINDS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("single", "单曲", "單曲", "シングル", "싱글"), "single"),
    **dict.fromkeys(("ep", "迷你专辑", "ミニアルバム", "미니앨범"), "ep"),
    **dict.fromkeys(("album", "lp", "专辑", "專輯", "アルバム", "앨범"), "album"),
}
_YES = frozenset("yes y true 1 x on explicit 是 有 はい 예 네".split())  # noqa: SIM905
_NO = frozenset("no n false 0 off clean - 否 无 無 いいえ 아니요 아니오".split())  # noqa: SIM905
AIS: Final[Mapping[str, Ai]] = {
    **dict.fromkeys(("none", "no", "无", "無", "なし", "없음"), Ai.NONE),
    **dict.fromkeys(("assisted", "辅助", "輔助", "補助", "보조"), Ai.ASSISTED),
    **dict.fromkeys(("generated", "yes", "生成", "생성"), Ai.GENERATED),
}
_STRONGEST = (Ai.GENERATED, Ai.ASSISTED, Ai.NONE)
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]+(\d{1,2}):(\d{2})(?::00)?)?")
NUMBER_MAX = 999
DISC_MAX = 99


_EVERYWHERE = frozenset("everywhere worldwide world all 全世界 全球 世界 全地域 전세계 전체".split())  # noqa: SIM905
_EXCEPT = re.compile(r"(?:except|excluding|not|without|除外|除了|除|제외)[\s:：]*", re.IGNORECASE)
_ONLY = re.compile(r"(?:only|仅|僅|只|のみ|만)[\s:：]*", re.IGNORECASE)
_BETWEEN = re.compile(r"[\s,;|、，；]+")
_ONCE_ACCEPTED = frozenset("accepted acceptance 通过 通過 通过后 承認 承認後 승인 승인후".split())  # noqa: SIM905
_FREE = frozenset("free 免费 免費 無料 무료".split())  # noqa: SIM905
_AMOUNT = re.compile(r"(?:([A-Za-z]{3})\s*)?(\d{1,12}(?:[.,]\d{1,3})?)(?:\s*([A-Za-z]{3}))?")


# What a sheet says


def faults(sheet: Sheet, *, may_sell: Callable[[str], bool], prices: Prices = USUAL) -> tuple[Fault, ...]:
    """All that is to be mended, in the order of the rows.

    Args:
        sheet: as it was read.
        may_sell: whether this shop may hand in music of an artist.
        prices: what it may ask.
    """
    found = list(_of_columns(sheet))
    if found:
        return tuple(found)
    if not sheet.rows:
        return (Fault(1, None, Wrong.NO_ROWS),)
    known: dict[str, bool] = {}
    for row in sheet.rows:
        artist = row[Column.RELEASE_ARTIST]
        if artist and artist not in known:
            known[artist] = may_sell(artist)
        found += _of_row(row)
        found += _of_prices(row, prices)
        if artist and not known[artist]:
            found.append(Fault(row.number, Column.RELEASE_ARTIST, Wrong.ARTIST, artist))
    found += _twice(sheet.rows, Column.FILE, file_key, Wrong.FILE_TWICE)
    found += _twice(sheet.rows, Column.ISRC, _isrc, Wrong.ISRC_TWICE)
    found += (it for rows in _by_name(sheet.rows).values() for it in _of_release(rows))
    order = {column: place for place, column in enumerate(Column)}
    return tuple(sorted(found, key=lambda it: (it.row, order[it.column] if it.column else -1)))


def _of_columns(sheet: Sheet) -> Iterator[Fault]:
    for column in REQUIRED:
        if column not in sheet.columns:
            yield Fault(1, column, Wrong.COLUMN_MISSING)
    for column in sheet.twice:
        yield Fault(1, column, Wrong.COLUMN_TWICE)


def _of_row(row: Row) -> Iterator[Fault]:
    for column in REQUIRED:
        if not row[column]:
            yield Fault(row.number, column, Wrong.EMPTY)
    for column, value in row.cells.items():
        if len(value) > LIMITS.get(column, len(value)):
            yield Fault(row.number, column, Wrong.TOO_LONG, value[:40], str(LIMITS[column]))
            continue
        wrong = _CHECKS[column](value) if column in _CHECKS else None
        if wrong is not None:
            yield Fault(row.number, column, wrong, value[:200])
    if row[Column.ZONE] and row[Column.ZONE] not in _zones():
        yield Fault(row.number, Column.ZONE, Wrong.ZONE, row[Column.ZONE][:80])


def _of_prices(row: Row, prices: Prices) -> Iterator[Fault]:
    for column in (Column.RELEASE_PRICE, Column.PRICE):
        value = row[column]
        asked = asked_in(value, prices.currency) if value else None
        if value and asked is None:
            yield Fault(row.number, column, Wrong.PRICE, value[:80], prices.currency)
        elif asked and column is Column.PRICE and prices.fixed and asked != Asked(Asks.FIXED, prices.fixed):
            fixed = f"{prices.fixed.decimal:f} {prices.fixed.currency}"
            yield Fault(row.number, column, Wrong.PRICE_FIXED, value[:80], fixed)


def _twice(rows: Sequence[Row], column: Column, key: Callable[[str], str], wrong: Wrong) -> Iterator[Fault]:
    first: dict[str, int] = {}
    for row in rows:
        name = key(row[column]) if row[column] else ""
        if name and first.setdefault(name, row.number) != row.number:
            yield Fault(row.number, column, wrong, row[column][:200], str(first[name]))


def _of_release(rows: Sequence[Row]) -> Iterator[Fault]:
    """What rows of one release say differently, tracks in one place, and too many of them."""
    for released in _editions(rows):
        for column in OF_RELEASE[2:]:
            told = [it for it in released if it[column]]
            for row in told[1:]:
                if _same(column, row[column]) != _same(column, told[0][column]):
                    yield Fault(row.number, column, Wrong.DIFFERENT, row[column][:80], told[0][column][:80])
        yield from _of_previews(released)
        places: dict[tuple[int, int], int] = {}
        for row in released:
            place = (disc_of(row), number_of(row) or 0)
            if place[1] and places.setdefault(place, row.number) != row.number:
                yield Fault(
                    row.number, Column.TRACK, Wrong.PLACE_TWICE, row[Column.TRACK], str(places[place])
                )
        if len(released) > TRACKS_MAX:
            row = released[TRACKS_MAX]
            yield Fault(row.number, Column.RELEASE, Wrong.TOO_MANY_TRACKS, row[Column.RELEASE][:80])


def _of_previews(rows: Sequence[Row]) -> Iterator[Fault]:
    """Previews of a release that are heard until it appears: it says when that is, and they begin before."""
    row = next((it for it in rows if it[Column.PREVIEWS]), None)
    said = previews_in(row[Column.PREVIEWS]) if row else None
    if row is None or said is None or said[0] is Prelisten.NEVER:
        return
    when = next((it[Column.DATE] for it in rows if it[Column.DATE]), "")
    if not when:
        yield Fault(row.number, Column.PREVIEWS, Wrong.PREVIEWS_DUE, row[Column.PREVIEWS][:80])
        return
    zone = next((it[Column.ZONE] for it in rows if it[Column.ZONE]), "") or "UTC"
    appears = due(local_time(when), zone)  # None where day or zone is to be mended: their own cells say so
    if appears and not prelisten_fits(said[0], since=due(said[1], zone), due=appears):
        yield Fault(row.number, Column.PREVIEWS, Wrong.PREVIEWS_LATE, row[Column.PREVIEWS][:80], when[:80])


def _same(column: Column, value: str) -> str:
    return _gtin(value) if column is Column.UPC else value


def _isrc(value: str) -> str:
    try:
        return parse_isrc(value)
    except VocabularyError:
        return ""


def _gtin(value: str) -> str:
    try:
        return parse_gtin(value)
    except VocabularyError:
        return value


def _when(value: str) -> Wrong | None:
    return None if due(local_time(value), "UTC") else Wrong.DATE


def _previews(value: str) -> Wrong | None:
    return None if previews_in(value) else Wrong.PREVIEWS


def _upc(value: str) -> Wrong | None:
    try:
        parse_gtin(value)
    except VocabularyError:
        return Wrong.UPC
    return None


def _whole(most: int, wrong: Wrong) -> Callable[[str], Wrong | None]:
    return lambda value: None if 1 <= _number(value) <= most else wrong


def _number(value: str) -> int:
    """A whole number as spreadsheets write it, "3" or "3.0"; 0 where it is none."""
    plain = unicodedata.normalize("NFKC", value).removesuffix(".0")
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) < 5 else 0


def _territories(value: str) -> Wrong | None:
    return None if offered_where(value) else Wrong.TERRITORIES


def _file(value: str) -> Wrong | None:
    parts = value.replace("\\", "/").split("/")
    fits = ".." not in parts and value.rpartition(".")[2].lower() in _MUSIC
    return None if fits else Wrong.FILE_NAME


def _language(value: str) -> Wrong | None:
    return None if language_from_tag(value) else Wrong.LANGUAGE


_CHECKS: Final[Mapping[Column, Callable[[str], Wrong | None]]] = {
    Column.FILE: _file,
    Column.KIND: lambda value: None if value.casefold() in KINDS else Wrong.KIND,
    Column.UPC: _upc,
    Column.DATE: _when,
    Column.PREVIEWS: _previews,
    Column.RELEASE_LANGUAGE: _language,
    Column.LANGUAGE: _language,
    Column.DISC: _whole(DISC_MAX, Wrong.DISC),
    Column.TRACK: _whole(NUMBER_MAX, Wrong.TRACK),
    Column.TERRITORIES: _territories,
    Column.ISRC: lambda value: None if _isrc(value) else Wrong.ISRC,
    Column.EXPLICIT: lambda value: None if value.casefold() in _YES | _NO else Wrong.EXPLICIT,
    Column.CREDITS: lambda value: None if credits_fit(names_in(value)) else Wrong.CREDITS,
    Column.AI: lambda value: None if value.casefold() in AIS else Wrong.AI,
}


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


# What becomes of rows


def plan(sheet: Sheet) -> tuple[Planned, ...]:
    """The releases of a sheet without faults, in the order in which each is named first."""
    found = []
    for name, rows in _by_name(sheet.rows).items():
        for released in _editions(rows):
            upc = next((_gtin(it[Column.UPC]) for it in released if it[Column.UPC]), "")
            several = len({_gtin(it[Column.UPC]) for it in rows if it[Column.UPC]}) > 1
            told = "\x1f".join((*name, upc if several else ""))
            ordered = sorted(released, key=lambda it: (disc_of(it), number_of(it) or NUMBER_MAX + 1))
            found.append(Planned(hashlib.sha256(told.encode()).hexdigest(), tuple(ordered)))
    return tuple(found)


def offered_where(value: str) -> tuple[Where, tuple[str, ...]] | None:
    """Where a release is offered: in the territories that a cell names, or with "except" before them everywhere else.

    None where something of it names no territory (ISO 3166-1 alpha-2).
    """
    plain = unicodedata.normalize("NFKC", value).strip()
    if plain.casefold() in _EVERYWHERE:
        return Where.EVERYWHERE, ()
    but = _EXCEPT.match(plain)
    told = plain[but.end() :] if but else _ONLY.sub("", plain, count=1) if _ONLY.match(plain) else plain
    codes = [it for it in _BETWEEN.split(told.upper()) if it]
    if not codes or not set(codes) <= CODES:
        return None
    return Where.EXCEPT if but else Where.ONLY, tuple(sorted(set(codes)))


def previews_in(value: str) -> tuple[Prelisten, str] | None:
    """From when on previews are heard: never, once it is accepted, or from a minute on, as clocks show it.

    None where a cell says none of these.
    """
    plain = unicodedata.normalize("NFKC", value).strip()
    if plain.casefold() in _NO | {"never"}:
        return Prelisten.NEVER, ""
    if plain.casefold() in _ONCE_ACCEPTED:
        return Prelisten.ACCEPTED, ""
    when = local_time(plain)
    return (Prelisten.FROM, when) if due(when, "UTC") else None


def asked_in(value: str, currency: Currency | None = None) -> Asked | None:
    """The price that a cell asks: free, an amount in the shop's currency, or one with a code: 8.00 CNY.

    None where it is none: without a currency, an amount that names none.
    """
    plain = unicodedata.normalize("NFKC", value).strip()
    if plain.casefold() in _FREE:
        return Asked(Asks.FREE)
    found = _AMOUNT.fullmatch(plain)
    if found is None or (found[1] and found[3]):
        return None
    try:
        named = found[1] or found[3]
        code = parse_currency(named) if named else currency
        if code is None:
            return None
        amount = exactly(Decimal(found[2].replace(",", ".")), code)
    except VocabularyError:
        return None
    return Asked(Asks.FIXED, amount) if amount.minor else None


def written_price(value: str, currency: Currency) -> str:
    """A price of a cell as a draft keeps it, whatever the shop's currency is by then: free, or 8.00 CNY."""
    asked = asked_in(value, currency)
    if asked is None or asked.base is None:
        return "free" if asked else ""
    return f"{asked.base.decimal:f} {asked.base.currency}"


def release_fields(rows: Sequence[Row]) -> dict[str, str]:
    """What a sheet says of a release, by the names of a draft's fields; what it does not say is not there."""
    said = {it: next((row[it] for row in rows if row[it]), "") for it in OF_RELEASE}
    ais = {AIS[row[Column.AI].casefold()] for row in rows if row[Column.AI]}
    when = local_time(said[Column.DATE]) if said[Column.DATE] else ""
    told = {
        "title": said[Column.RELEASE],
        "artist_name": said[Column.RELEASE_ARTIST],
        "type": KINDS.get(said[Column.KIND].casefold(), ""),
        "upc": said[Column.UPC],
        "due_local": when,
        "zone": (said[Column.ZONE] or "UTC") if when else "",
        "genres": said[Column.GENRES],
        "language": said[Column.RELEASE_LANGUAGE],
        "notes": said[Column.NOTES],
        "disc_titles": disc_titles(rows),
        "ai": next((it.value for it in _STRONGEST if it in ais), ""),
    }
    fields = {name: value for name, value in told.items() if value}
    where = offered_where(said[Column.TERRITORIES]) if said[Column.TERRITORIES] else None
    if where is not None:  # both, since everywhere is said by an empty text
        fields |= {"where": where[0].value, "territories": " ".join(where[1])}
    previews = previews_in(said[Column.PREVIEWS]) if said[Column.PREVIEWS] else None
    if previews is not None:  # both, since never is said by an empty text
        fields |= {"prelisten": previews[0].value, "prelisten_local": previews[1]}
    return fields


def track_fields(row: Row) -> dict[str, str]:
    """The same of a track."""
    told = {
        "title": row[Column.TITLE],
        "artist_name": row[Column.ARTIST],
        "disc": str(disc_of(row)),
        "isrc": row[Column.ISRC],
        "explicit": "on" if row[Column.EXPLICIT].casefold() in _YES else "",
        "language": row[Column.LANGUAGE],
        "lyrics": row[Column.LYRICS],
        "composers": names_in(row[Column.COMPOSERS]),
        "lyricists": names_in(row[Column.LYRICISTS]),
        "publishers": names_in(row[Column.PUBLISHERS]),
        "credits": names_in(row[Column.CREDITS]),
    }
    return {name: value for name, value in told.items() if value}


def disc_titles(rows: Sequence[Row]) -> str:
    """The titles of a release's discs, one a line, the first disc's first; of a disc the first that is told."""
    told: dict[int, str] = {}
    for row in rows:
        if row[Column.DISC_TITLE]:
            told.setdefault(disc_of(row), " ".join(row[Column.DISC_TITLE].split()))
    return "\n".join(told.get(it, "") for it in range(1, max(told, default=0) + 1))


def release_price(rows: Sequence[Row]) -> str:
    """What a release costs, as the sheet writes it; empty where it does not say."""
    return next((row[Column.RELEASE_PRICE] for row in rows if row[Column.RELEASE_PRICE]), "")


def cover_of(rows: Sequence[Row]) -> str:
    """The file that is a release's cover; empty where none is named."""
    return next((row[Column.COVER] for row in rows if row[Column.COVER]), "")


def disc_of(row: Row) -> int:
    """On which disc a track is; the first, where nothing else is said."""
    return min(max(_number(row[Column.DISC]), 1), DISC_MAX)


def number_of(row: Row) -> int | None:
    """Its number there; None where nothing is said: then it is where its row is."""
    return _number(row[Column.TRACK]) or None


def names_in(cell: str) -> str:
    """Several names, one a line."""
    return "\n".join(it.strip() for it in re.split(r"[|｜\r\n]+", cell) if it.strip())


def local_time(value: str) -> str:
    """A day, perhaps with a time, as clocks show it: 2026-12-01T18:00; what is none comes back as it is."""
    found = _DAY.fullmatch(unicodedata.normalize("NFKC", value))
    if found is None:
        return "none"
    year, month, day, hour, minute = (int(it or 0) for it in found.groups())
    try:
        return datetime(year, month, day, hour, minute).isoformat(timespec="minutes")  # noqa: DTZ001 - of which zone says another cell
    except ValueError:
        return "none"


def _by_name(rows: Sequence[Row]) -> dict[tuple[str, str], list[Row]]:
    """Rows by the release that they name, whatever the case and the spaces of its name."""
    found: defaultdict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        found[_plain(row[Column.RELEASE_ARTIST]), _plain(row[Column.RELEASE])].append(row)
    return found


def _editions(rows: Sequence[Row]) -> list[list[Row]]:
    """Where every row of one name has a UPC, each UPC is a release: two editions may be called the same."""
    if not all(it[Column.UPC] for it in rows):
        return [list(rows)]
    found: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[_gtin(row[Column.UPC])].append(row)
    return list(found.values())


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


# Which file is whose


@dataclass(frozen=True)
class Matched:
    """Which of the files that are there are whose."""

    found: Mapping[str, str] = field(default_factory=dict)
    """The path of each file that a row names, by the name's key."""
    missing: tuple[str, ...] = ()
    """Keys of names of which there is no file."""
    several: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Keys of names that several files have, with their paths: nobody can know which is meant."""
    superfluous: tuple[str, ...] = ()
    """Paths of files that nothing names."""


_OF_SYSTEMS = re.compile(r"(?:^|/)(?:__macosx/.*|\._[^/]*|\.ds_store|thumbs\.db|desktop\.ini)$")
"""What systems leave in folders, and nobody means."""


def file_key(path: str) -> str:
    """What a path is called whatever its case, its slashes and how its accents are composed (NFC, NFD)."""
    plain = unicodedata.normalize("NFC", path.replace("\\", "/")).casefold()
    parts = [it for it in unicodedata.normalize("NFC", plain).split("/") if it not in {"", "."}]
    return "/".join(it.strip() for it in parts)


def matched(wanted: Iterable[str], paths: Iterable[str]) -> Matched:
    """Find the files that a sheet names among those that are there.

    A name fits a file that is called so, in whatever folder; a name with folders before it fits only there.

    Args:
        wanted: keys of names.
        paths: of the files; those of a folder that was chosen begin with its name.
    """
    by_name: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for path in paths:
        key = file_key(path)
        if not _OF_SYSTEMS.search(key):
            by_name[key.rpartition("/")[2]].append((key, path))
    found: dict[str, str] = {}
    missing, several = [], {}
    for want in dict.fromkeys(wanted):
        there = by_name.get(want.rpartition("/")[2], [])
        exact = [path for key, path in there if key == want]
        fits = exact or [path for key, path in there if key.endswith("/" + want)]
        if len(fits) == 1:
            found[want] = fits[0]
        elif fits:
            several[want] = tuple(fits)
        else:
            missing.append(want)
    used = Counter(found.values()) + Counter(it for some in several.values() for it in some)
    over = tuple(path for some in by_name.values() for _, path in some if path not in used)
    return Matched(found, tuple(missing), several, over)


def is_sheet(path: str) -> bool:
    """Whether a file may be the sheet itself."""
    return path.lower().endswith((".csv", ".tsv", ".txt"))

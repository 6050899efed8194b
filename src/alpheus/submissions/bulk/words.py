"""What is wrong with a sheet, and how to mend it, in sentences; and what each column means."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from alpheus.submissions.bulk.columns import Column
from alpheus.submissions.bulk.rules import Fault, Wrong
from alpheus.submissions.bulk.sheet import ROWS_MAX, SheetProblem

UNREADABLE: Mapping[SheetProblem, Promise] = {
    SheetProblem.EMPTY: _("The sheet is empty. Fill in the template, and send that."),
    SheetProblem.TOO_LARGE: _(
        "The sheet is larger than 8 MB. Leave lyrics to the files' tags, or send it in parts."
    ),
    SheetProblem.TOO_MANY: _("The sheet has more than 20,000 rows. Send it in parts."),
    SheetProblem.ENCODING: _(
        "The sheet's letters cannot be read. Save it as “CSV UTF-8”, or choose its encoding below."
    ),
    SheetProblem.NO_COLUMNS: _(
        "The first row names no column that is known here. Take the names from the template."
    ),
    SheetProblem.WORKBOOK: _("This is a spreadsheet program's own file. Save it as “CSV UTF-8”, and send that."),
    SheetProblem.BROKEN: _(
        "A quoted cell does not end, or is longer than any cell. Look for a single quotation mark, and double it."
    ),
}  # fmt: skip
assert ROWS_MAX == 20_000  # noqa: S101 - the sentence above says so

WRONG: Mapping[Wrong, Promise] = {
    Wrong.COLUMN_MISSING: _("The column is missing; name one so in the first row."),
    Wrong.COLUMN_TWICE: _("Two columns have this name; leave one of them out."),
    Wrong.NO_ROWS: _("There is no row under the names of the columns; write one row a track."),
    Wrong.EMPTY: _("The cell is empty; every row has this."),
    Wrong.TOO_LONG: _("“{value}…” is too long; write at most {other} characters."),
    Wrong.FILE_NAME: _("“{value}” is no name of a sound file in this folder; write it such as: album/01 song.flac"),
    Wrong.FILE_TWICE: _("“{value}” stands on row {other} already; each file is one track."),
    Wrong.ARTIST: _("“{value}” is not an artist of your shop; write a name that your shop sells under."),
    Wrong.KIND: _("“{value}” is no kind of release; write single, ep or album, or leave it empty."),
    Wrong.UPC: _(
        "“{value}” is no UPC or EAN; write its 12 or 13 digits, of which the last proves the others, or leave it empty."
    ),
    Wrong.DATE: _("“{value}” is no day; write it as 2026-12-01 or 2026-12-01 18:00."),
    Wrong.ZONE: _("“{value}” is no time zone; write it by its place: Asia/Shanghai, Europe/Berlin, or UTC."),
    Wrong.PREVIEWS: _("“{value}” is not understood; write accepted, never, or a day: 2026-11-24 or 2026-11-24 18:00."),
    Wrong.PREVIEWS_DUE: _("Previews are heard until the release appears, and no release date says when that is; write one, or never."),
    Wrong.PREVIEWS_LATE: _("Previews would begin on {value}, and the release appears on {other}; write an earlier day, or never."),
    Wrong.LANGUAGE: _("“{value}” is no language; write its tag: zh-Hans, ja, ko, en."),
    Wrong.DISC: _("“{value}” is no disc; write a number from 1 to 99."),
    Wrong.TRACK: _("“{value}” is no track number; write a number from 1 to 999."),
    Wrong.PLACE_TWICE: _("Number {value} of this disc stands on row {other} already; write another number."),
    Wrong.ISRC: _(
        "“{value}” is no ISRC; write two letters, three letters or digits and seven digits: JP-ABC-26-00001."
    ),
    Wrong.ISRC_TWICE: _("“{value}” stands on row {other} already; each recording has an ISRC of its own."),
    Wrong.TERRITORIES: _("“{value}” is not understood; write countries as two letters each: CN JP KR, or except US, or everywhere."),
    Wrong.PRICE: _("“{value}” is no price; write an amount such as 8 (in {other}), one with its currency: 8 CNY, or free."),
    Wrong.PRICE_FIXED: _("“{value}” cannot be asked: your agreement fixes what a track costs at {other}; write that, or leave it empty."),
    Wrong.EXPLICIT: _("“{value}” says neither; write yes or no."),
    Wrong.CREDITS: _("“{value}” is not understood; write a role, a colon and a name, with | between: drums: Mei|mix: Jo"),
    Wrong.AI: _("“{value}” is not understood; write none, assisted or generated."),
    Wrong.DIFFERENT: _(
        "“{value}” differs from “{other}” on another row of this release; write the same, or leave it empty."
    ),
    Wrong.TOO_MANY_TRACKS: _("“{value}” has more than 100 tracks; make two releases of it."),
}  # fmt: skip
MEANING: Mapping[Column, Promise] = {
    Column.FILE: _("The sound file's name; with its folders where two files have one name."),
    Column.TITLE: _("The track's title."),
    Column.RELEASE: _("The title of the single, EP or album. Rows with the same release and artist are one release."),
    Column.RELEASE_ARTIST: _("Who the release is by, as credited."),
    Column.KIND: _("single, ep or album. Empty: told by its tracks."),
    Column.UPC: _("The release's UPC or EAN, 12 or 13 digits. Empty where it has none."),
    Column.DATE: _("When it appears: 2026-12-01, or with a time: 2026-12-01 18:00. Empty: as soon as it is accepted."),
    Column.ZONE: _("By which clocks: Asia/Shanghai. Empty: UTC."),
    Column.PREVIEWS: _("From when on a part of each track is heard before it appears, by the same clocks: a day, with a time or without, or accepted: once it is. Empty: as you choose later; never: not at all."),
    Column.GENRES: _("Up to eight, with commas between."),
    Column.RELEASE_LANGUAGE: _("Of the release's title: zh-Hans, ja, ko, en. Empty: as its letters tell."),
    Column.NOTES: _("What listeners read about it."),
    Column.TERRITORIES: _("Where it is offered, as two letters a country: CN JP KR; all but some: except US. Empty: everywhere."),
    Column.RELEASE_PRICE: _("What the release costs: an amount in your shop's currency, one with a code: 8.00 CNY, or free. Empty: as you set it later."),
    Column.COVER: _("The image file's name. Empty: the one in the first sound file that has one."),
    Column.DISC: _("Which disc the track is on. Empty: 1."),
    Column.DISC_TITLE: _("The title of that disc, where it has one; on one of its rows."),
    Column.TRACK: _("Its number there. Empty: in the order of the rows."),
    Column.ARTIST: _("Who the track is by, where that differs from the release."),
    Column.ISRC: _("The recording's code. Empty where it has none."),
    Column.PRICE: _("What the track costs by itself, written so too; where an agreement fixes it, that or nothing."),
    Column.EXPLICIT: _("yes, where its words are explicit. Empty: no."),
    Column.LANGUAGE: _("What is sung: zh-Hans, ja, ko, en."),
    Column.COMPOSERS: _("Who wrote the music; several with | between."),
    Column.LYRICISTS: _("Who wrote the words; several with | between."),
    Column.PUBLISHERS: _("Who publishes words and music; several with | between."),
    Column.CREDITS: _("Who did what: role, colon, name; several with | between."),
    Column.LYRICS: _("The words, plain or LRC. Empty: as the file's tags say."),
    Column.AI: _("Whether a machine made any of it: none, assisted or generated."),
}  # fmt: skip


def sentence(fault: Fault) -> str:
    """What is wrong and what to write instead, in the language of the moment."""
    return str(WRONG[fault.wrong]).replace("{value}", fault.value).replace("{other}", fault.other)


def place(fault: Fault) -> str:
    """Where it is: row 12, column ISRC."""
    if fault.column is None:
        return gettext("Row %(row)s") % {"row": fault.row}
    return gettext("Row %(row)s, column %(column)s") % {"row": fault.row, "column": fault.column.value}

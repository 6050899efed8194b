"""The file that an account takes along: a zip of JSON, one file a table, playlists as files too, and what is what."""

import io
import json
import re
import zipfile
from collections.abc import Iterator
from datetime import datetime
from urllib.parse import urljoin

from django.core.serializers.json import DjangoJSONEncoder

from alpheus.exchange.playlists.export_playlist import Format, export_playlist
from alpheus.exchange.takeout.gather import gather, titles
from alpheus.listening.library.models import Playlist
from alpheus.parties.models import Account

FORMATS: tuple[Format, ...] = ("m3u8", "xspf")
NAME_MAX = 60
"""Letters of a title in a file's name: four bytes each, they stay below the 255 that file systems take."""
_UNSAFE = re.compile(r"[^\w \-'(),.&+]")

README = """What {title} keeps about you, as of {when} (UTC).

account.json        your account
listener.json       under which number you are heard of
recordings.json     what the recordings are called that the other files name by number
*.json              one file for each table that holds something of yours
playlists/          your playlists for other programs: M3U8 and XSPF say the same

Left out are passwords, keys and digests, which are nobody's to read. No music is in here: it stays in the cloud.
"""


def bundle(*, account: Account, title: str, page: str, now: datetime) -> bytes:
    """Make the zip.

    Args:
        account: whose.
        title: of the installation.
        page: an address of the installation, from which those of recordings are made.
        now: the time.
    """
    tables = gather(account=account)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", README.format(title=title, when=f"{now:%Y-%m-%d %H:%M}"))
        for name, rows in tables.items():
            archive.writestr(f"{name}.json", _json(rows[0] if name in {"account", "listener"} else rows))
        archive.writestr("recordings.json", _json(titles(tables=tables)))
        for name, text in _playlists(account, page):
            archive.writestr(f"playlists/{name}", text)
    return made.getvalue()


def _playlists(account: Account, page: str) -> Iterator[tuple[str, str]]:
    """An account's playlists, each in both formats, numbered so that two of one title are two files."""
    own = Playlist.objects.filter(owner__account=account, deleted_at=None).order_by("created_at", "pk")
    for number, playlist in enumerate(own, start=1):
        for form in FORMATS:
            text = export_playlist(
                playlist, form=form, address=lambda gid: urljoin(page, f"/recording/{gid}")
            )
            yield f"{number:04} {_file_name(playlist.title)}.{form}", text


def _file_name(title: str) -> str:
    """A title as any file system takes it: letters, digits and what stands between words."""
    return _UNSAFE.sub("_", title)[:NAME_MAX].strip(" ._") or "playlist"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1, cls=DjangoJSONEncoder)

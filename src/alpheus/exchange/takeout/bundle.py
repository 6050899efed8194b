"""The file that an account takes along: a zip of JSON, one file a table, with a page that says what is what."""

import io
import json
import zipfile
from datetime import datetime

from django.core.serializers.json import DjangoJSONEncoder

from alpheus.exchange.takeout.gather import gather, titles
from alpheus.parties.models import Account

README = """What {title} keeps about you, as of {when} (UTC).

account.json        your account
listener.json       under which number you are heard of
recordings.json     what the recordings are called that the other files name by number
*.json              one file for each table that holds something of yours

Left out are passwords, keys and digests, which are nobody's to read. No music is in here: it stays in the cloud.
"""


def bundle(*, account: Account, title: str, now: datetime) -> bytes:
    """Make the zip."""
    tables = gather(account=account)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", README.format(title=title, when=f"{now:%Y-%m-%d %H:%M}"))
        for name, rows in tables.items():
            archive.writestr(f"{name}.json", _json(rows[0] if name in {"account", "listener"} else rows))
        archive.writestr("recordings.json", _json(titles(tables=tables)))
    return made.getvalue()


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1, cls=DjangoJSONEncoder)

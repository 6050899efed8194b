"""Files on their way into the house, and what lies in its store, for tests of what becomes of them."""

from pathlib import Path

from applying import NOW

from alpheus.submissions.intake import take_in_upload
from alpheus.submissions.terms import terms
from alpheus.submissions.upload import begin_upload, file_of, finish_upload


def begun(row, length, *, name="song.flac"):
    """An upload of so many bytes for what is handed in, none of which has come."""
    return begin_upload(
        account=row.account, submission=row.gid, length=length, filename=name, metadata="", terms=terms(), now=NOW
    )  # fmt: skip


def sent(row, data, *, name="song.flac"):
    """One that has come whole."""
    upload = begun(row, len(data), name=name)
    with file_of(upload, terms()).writing() as writing:
        writing.append(data)
        writing.flush()
    finish_upload(upload=upload)
    return upload


def taken(upload):
    """Take it in; whether that was done."""
    done = take_in_upload(upload=upload.pk, terms=terms(), now=lambda: NOW)
    upload.refresh_from_db()
    return done


def objects():
    """All files of the store."""
    return [it for it in Path(terms().objects_url.removeprefix("file://")).rglob("*") if it.is_file()]

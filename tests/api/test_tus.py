"""Uploads by tus 1.0.0, against what the protocol says and what hostile clients send."""

import base64
import hashlib
import itertools
import json
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest
from applying import account, draft_of, handed_in_by
from asgiref.sync import async_to_sync
from django.conf import settings as django_settings
from django.db import connection
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from alpheus.api import token
from alpheus.api.token import Scope
from alpheus.api.tus import PREFIX, Uploads
from alpheus.submissions import upload_file
from alpheus.submissions.begin import begin
from alpheus.submissions.clear_uploads import clear_uploads, finish_whole
from alpheus.submissions.models import Upload
from alpheus.submissions.terms import terms

pytestmark = pytest.mark.django_db
MUSIC = bytes(range(256)) * 40


@pytest.fixture(autouse=True)
def _apart(settings, tmp_path, request, monkeypatch):
    # A test's transaction ends with its connection.
    if not request.node.get_closest_marker("django_db").kwargs.get("transaction"):
        monkeypatch.setattr("alpheus.api.tus.close_old_connections", lambda: None)
    settings.SUBMISSIONS = replace(
        settings.SUBMISSIONS, uploads=tmp_path / "uploads", file_bytes_max=100_000, account_bytes_max=150_000
    )
    settings.ALLOWED_HOSTS = ["testserver"]


class Tus:
    """A client of the protocol, as a program with a token or a page with a session."""

    def __init__(self, whose=None, *, session=False, csrf=""):
        self.app = Uploads(None, language=lambda _request: "en")
        self.steady = {"tus-resumable": "1.0.0"}
        if whose is not None and session:
            client = Client()
            client.force_login(whose)
            cookie = client.cookies[django_settings.SESSION_COOKIE_NAME].value
            self.steady["cookie"] = f"{django_settings.SESSION_COOKIE_NAME}={cookie}"
            if csrf:
                self.steady |= {"cookie": self.steady["cookie"] + f"; csrftoken={csrf}", "x-csrftoken": csrf}
        elif whose is not None:
            given = {"name": "t", "scopes": [Scope.STUDIO], "days": 1, "now": timezone.now()}
            self.steady["authorization"] = f"Bearer {token.issue(account=whose, **given).secret}"

    def call(self, method, path=PREFIX, pieces=(b"",), *, cut=False, **headers):
        sent = self.steady | {name.replace("_", "-"): str(value) for name, value in headers.items()}
        sent = {"host": "testserver", **{name: value for name, value in sent.items() if value != "None"}}
        messages = [{"type": "http.request", "body": it, "more_body": True} for it in pieces]
        messages[-1]["more_body"] = cut
        messages += [{"type": "http.disconnect"}]
        turn = iter(messages)

        async def receive():
            return next(turn)

        scope = {
            "type": "http", "method": method, "path": path, "query_string": b"", "scheme": "http",
            "headers": [(name.encode(), value.encode()) for name, value in sent.items()],
            "client": ("127.0.0.1", 9), "server": ("testserver", 80),
        }  # fmt: skip
        return async_to_sync(self.app._answer)(scope, receive)

    def begin(self, draft, length=10_240, name="雨夜.flac", **headers):
        told = {"filename": name, "submission": str(draft.gid)}
        text = ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in told.items())
        return self.call("POST", upload_length=length, upload_metadata=text, **headers)

    def patch(self, path, offset, *pieces, cut=False, **headers):
        given = {"content_type": "application/offset+octet-stream", "upload_offset": offset} | headers
        return self.call("PATCH", path, pieces or (b"",), cut=cut, **given)

    def offset(self, path):
        return int(self.call("HEAD", path).headers["Upload-Offset"])


def code(answer):
    return json.loads(answer.body)["code"]


def on_disk():
    folder = terms().uploads
    return {path.name: path.stat().st_size for path in folder.iterdir()} if folder.is_dir() else {}


@pytest.fixture
def musician(db):
    return account("wren")


@pytest.fixture
def draft(musician):
    return begin(account=musician, now=timezone.now())


@pytest.fixture
def tus(musician):
    return Tus(musician)


@pytest.fixture
def path(tus, draft):
    return tus.begin(draft).headers["Location"]


def test_what_it_can_is_told_to_anybody():
    answer = Tus().call("OPTIONS", tus_resumable=None)
    assert answer.status == 204
    assert answer.headers["Tus-Version"] == "1.0.0"
    assert answer.headers["Tus-Max-Size"] == "100000"
    assert set(answer.headers["Tus-Extension"].split(",")) == {
        "creation",
        "expiration",
        "checksum",
        "termination",
    }
    assert answer.headers["Tus-Checksum-Algorithm"] == "sha1,sha256"


@pytest.mark.parametrize("version", ["None", "0.2.2", "1.0"])
def test_another_version_is_refused_and_nothing_is_done(tus, draft, version):
    answer = tus.begin(draft, tus_resumable=version)
    assert (answer.status, answer.headers["Tus-Version"]) == (412, "1.0.0")
    assert not Upload.objects.exists()


def test_created_sent_and_taken_in(tus, draft):
    made = tus.begin(draft)
    assert made.status == 201
    path = made.headers["Location"]
    assert "Upload-Expires" in made.headers
    head = tus.call("HEAD", path)
    assert (head.status, head.headers["Upload-Offset"], head.headers["Upload-Length"]) == (
        200,
        "0",
        str(len(MUSIC)),
    )
    assert head.headers["Cache-Control"] == "no-store"
    assert "filename" in head.headers["Upload-Metadata"]
    sent = tus.patch(path, 0, MUSIC[:3000], MUSIC[3000:3001], MUSIC[3001:])
    assert (sent.status, sent.headers["Upload-Offset"]) == (204, str(len(MUSIC)))
    row = Upload.objects.get()
    assert (row.state, row.filename) == ("whole", "雨夜.flac")
    assert upload_file.UploadFile(terms().uploads, row.gid).path.read_bytes() == MUSIC
    assert DBTaskResult.objects.filter(task_path="alpheus.submissions.tasks.take_in").count() == 1
    again = tus.patch(path, len(MUSIC))
    assert (again.status, DBTaskResult.objects.count()) == (204, 1)


def test_what_arrived_before_the_line_was_cut_is_kept(tus, path):
    cut = tus.patch(path, 0, MUSIC[:1000], MUSIC[1000:4321], cut=True)
    assert cut.headers["Upload-Offset"] == "4321"  # nobody hears it
    assert tus.offset(path) == 4321
    assert tus.patch(path, 4321, MUSIC[4321:]).status == 204
    assert Upload.objects.get().state == "whole"


def test_what_comes_slowly_is_written_every_second(tus, path, monkeypatch):
    clock = SimpleNamespace(monotonic=itertools.count(0.0, 0.6).__next__)
    written, append = [], upload_file.Writing.append
    monkeypatch.setattr("alpheus.api.tus.time", clock)
    monkeypatch.setattr(
        upload_file.Writing, "append", lambda it, data: (written.append(len(data)), append(it, data))
    )
    tus.patch(path, 0, *[bytes(10)] * 6, cut=True)
    assert written == [30, 30]


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no server")
def test_who_uploads_holds_no_connection_of_the_pool(tus, path):
    tus.patch(path, 0, MUSIC[:1000], cut=True)
    assert connection.connection is None


@pytest.mark.parametrize("offset", [1, 5000, len(MUSIC) + 1, 2**62])
def test_offsets_that_lie(tus, path, offset):
    answer = tus.patch(path, offset, MUSIC)
    assert (answer.status, code(answer)) == (409, "offset_wrong")
    assert tus.offset(path) == 0


@pytest.mark.parametrize("offset", ["-1", "", "1e3", "９", "0x10", "1" * 30, "None"])
def test_offsets_that_are_none(tus, path, offset):
    assert tus.patch(path, offset, MUSIC).status == 400
    assert tus.offset(path) == 0


def test_more_than_was_announced_leaves_what_was_there(tus, path):
    tus.patch(path, 0, MUSIC[:100])
    answer = tus.patch(path, 100, MUSIC, b"more")
    assert (answer.status, code(answer)) == (413, "upload_too_long")
    declared = tus.patch(path, 100, content_length=len(MUSIC))
    assert declared.status == 413
    assert tus.offset(path) == 100


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
def test_checksums(tus, path, algorithm):
    def summed(data):
        return f"{algorithm} {base64.b64encode(hashlib.new(algorithm, data).digest()).decode()}"

    assert tus.patch(path, 0, MUSIC[:50], upload_checksum=summed(MUSIC[:50])).status == 204
    wrong = tus.patch(path, 50, MUSIC[50:90], upload_checksum=summed(b"else"))
    assert (wrong.status, code(wrong)) == (460, "checksum_wrong")
    assert tus.offset(path) == 50
    assert tus.patch(path, 50, MUSIC[50:], upload_checksum=summed(MUSIC[50:])).status == 204


def test_unchecked_bytes_of_a_cut_line_do_not_count(tus, path):
    sum_ = base64.b64encode(hashlib.sha1(MUSIC).digest()).decode()
    tus.patch(path, 0, MUSIC[:500], cut=True, upload_checksum=f"sha1 {sum_}")
    assert tus.offset(path) == 0


def test_unchecked_bytes_of_a_killed_process_do_not_count(tus, path):
    file = upload_file.UploadFile(terms().uploads, Upload.objects.get().gid)
    tus.patch(path, 0, MUSIC[:100])
    with file.writing() as writing:
        writing.distrust()
        writing.append(MUSIC[100:600])  # and here it is killed
    assert tus.offset(path) == 100
    assert tus.patch(path, 100, MUSIC[100:200]).headers["Upload-Offset"] == "200"
    assert file.path.read_bytes() == MUSIC[:200]


@pytest.mark.parametrize(
    ("checksum", "expected"),
    [("md5 AAAA", "checksum_unknown"), ("sha1 ???", "upload_malformed"), ("sha1 AAAA", "upload_malformed")],
)
def test_checksums_that_are_none(tus, path, checksum, expected):
    answer = tus.patch(path, 0, MUSIC, upload_checksum=checksum)
    assert (answer.status, code(answer)) == (400, expected)


def test_another_type_of_body_is_refused(tus, path):
    assert tus.patch(path, 0, MUSIC, content_type="application/json").status == 415


def test_ended_by_its_owner(tus, path):
    tus.patch(path, 0, MUSIC[:10])
    assert tus.call("DELETE", path).status == 204
    assert tus.call("HEAD", path).status == 404
    assert on_disk() == {}


def test_a_client_without_patch_sends_post(tus, path):
    sent = tus.call(
        "POST", path, (MUSIC,), x_http_method_override="PATCH", upload_offset=0,
        content_type="application/offset+octet-stream",
    )  # fmt: skip
    assert sent.status == 204


def test_another_s_upload_is_not_there(path, draft):
    other = Tus(account("magpie"))
    for answer in (other.call("HEAD", path), other.patch(path, 0, MUSIC), other.call("DELETE", path)):
        assert answer.status == 404
    assert other.begin(draft).status == 404
    assert on_disk() != {}


def test_guests_and_other_scopes_are_refused(musician, draft, path):
    assert code(Tus().begin(draft)) == "sign_in_needed"
    client = Tus(musician)
    given = {"name": "t", "scopes": [Scope.LISTEN], "days": 1, "now": timezone.now()}
    client.steady["authorization"] = f"Bearer {token.issue(account=musician, **given).secret}"
    assert code(client.begin(draft)) == "scope_missing"


def test_a_session_is_believed_from_our_own_page_only(musician, draft):
    assert code(Tus(musician, session=True).begin(draft)) == "csrf"
    elsewhere = Tus(musician, session=True)
    assert code(elsewhere.call("GET", PREFIX, x_http_method_override="POST")) == "method_not_allowed"
    page = Tus(musician, session=True, csrf="a" * 32)
    made = page.begin(draft, origin="http://testserver")
    assert made.status == 201
    assert page.patch(made.headers["Location"], 0, MUSIC).status == 204
    assert code(page.patch(made.headers["Location"], 0, MUSIC, origin="http://elsewhere.example")) == "csrf"


@pytest.mark.parametrize(
    ("length", "expected"),
    [
        (0, "length_missing"),
        (100_001, "file_too_large"),
        (2**63, "upload_malformed"),
        ("x", "upload_malformed"),
    ],
)
def test_lengths_that_may_not_be(tus, draft, length, expected):
    assert code(tus.begin(draft, length=length)) == expected
    assert on_disk() == {}


def test_the_account_s_room(musician, tus, draft):
    assert tus.begin(draft, length=90_000).status == 201
    assert tus.begin(draft, length=100_000).status == 201  # a draft has one: the first made way
    assert len(on_disk()) == 1


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "..\\..\\boot.ini", "a/b/雨夜.flac", "\0.flac", "x" * 400, "<img src=x>"]
)
def test_no_name_becomes_a_path(tus, draft, name):
    assert tus.begin(draft, name=name).status == 201
    row = Upload.objects.get()
    assert "/" not in row.filename
    assert "\\" not in row.filename
    assert len(row.filename) <= 255
    assert list(on_disk()) == [f"{row.gid.hex}.part"]


@pytest.mark.parametrize("metadata", ["filename ???", "a,a", "x " + "A" * 5000])
def test_metadata_that_cannot_be_read(tus, metadata):
    assert tus.call("POST", upload_length=5, upload_metadata=metadata).status == 400


def test_after_handing_in_nothing_is_exchanged(tus, musician):
    ready = draft_of(musician)
    path = tus.begin(ready).headers["Location"]
    ready.refresh_from_db()
    assert ready.tracks.get().recording is None  # what was there before made way
    assert tus.call("DELETE", path).status == 204
    ready.delete()
    handed = handed_in_by(musician)
    assert code(tus.begin(handed)) == "not_now"


def test_what_waits_too_long_is_over_and_removed(tus, path):
    tus.patch(path, 0, MUSIC[:10])
    late = timezone.now() + terms().upload_lifetime + timedelta(seconds=1)
    Upload.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert tus.call("HEAD", path).status == 410
    assert clear_uploads(terms=terms(), now=late, dry_run=True).things == 1
    assert on_disk() != {}
    clear_uploads(terms=terms(), now=late, dry_run=False)
    assert on_disk() == {}
    assert not Upload.objects.exists()


def test_bytes_push_the_end_away(tus, path):
    soon = timezone.now() + timedelta(minutes=1)
    Upload.objects.update(expires_at=soon)
    tus.patch(path, 0, MUSIC[:10])
    assert Upload.objects.get().expires_at > soon


def test_the_last_byte_before_a_kill_is_enough(tus, path):
    file = upload_file.UploadFile(terms().uploads, Upload.objects.get().gid)
    with file.writing() as writing:
        writing.append(MUSIC)
    assert finish_whole(terms=terms()) == 1
    assert finish_whole(terms=terms()) == 0
    assert Upload.objects.get().state == "whole"


def test_a_full_disk_keeps_what_was_there(tus, path, monkeypatch):
    tus.patch(path, 0, MUSIC[:100])
    real, written = upload_file.os.write, []

    def full(descriptor, data):
        if written:
            raise OSError(28, "No space left on device")
        written.append(True)
        return real(descriptor, data[:50])

    with monkeypatch.context() as patched:
        patched.setattr(upload_file.os, "write", full)
        answer = tus.patch(path, 100, MUSIC[100:300])
    assert (answer.status, code(answer)) == (507, "disk_full")
    assert tus.offset(path) == 100


def test_another_process_that_writes_is_not_disturbed(tus, path):
    file = upload_file.UploadFile(terms().uploads, Upload.objects.get().gid)
    with file.writing():
        assert code(tus.patch(path, 0, MUSIC)) == "upload_busy"


def test_other_addresses_are_django_s():
    asked = []

    async def django(scope, _receive, _send):
        asked.append(scope["path"])

    app = Uploads(django, language=lambda _request: "en")
    for path in ("/", "/api/v1/uploadsx", "/api/v1/me"):
        async_to_sync(app)({"type": "http", "path": path}, None, None)
    assert asked == ["/", "/api/v1/uploadsx", "/api/v1/me"]

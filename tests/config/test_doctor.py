"""What `alpheus doctor` finds wrong, and that each finding says how to mend it."""

import resource
import sqlite3
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from alpheus.config import doctor
from alpheus.config.settings import Settings
from alpheus.storage.blobs import Blobs
from alpheus.storage.errors import StoreUnavailable

NOW = datetime.now(UTC)


@pytest.fixture
def data(tmp_path, monkeypatch):
    """A data folder with tables of its own, whatever database the tests are run on."""
    monkeypatch.delenv("ALPHEUS_DATABASE_URL", raising=False)
    folder = tmp_path / "data"
    folder.mkdir()
    return folder


def found(check, settings, words):
    """The one finding of a check that says some words."""
    (finding,) = [it for it in check(settings) if words in it.what]
    return finding


@pytest.mark.parametrize(
    ("limits", "state", "says"),
    [
        ((1024, 65_536), "good", "16384 connections"),  # the edge raises the soft one itself
        ((1024, resource.RLIM_INFINITY), "good", "16384 connections"),
        ((1024, 4096), "note", "holds 3968 connections"),
    ],
)
def test_few_files_are_few_connections(monkeypatch, tmp_path, limits, state, says):
    monkeypatch.setattr(resource, "getrlimit", lambda _which: limits)
    found = [finding for finding in doctor.examine(Settings(data=tmp_path)) if "connections" in finding.what]
    assert [(finding.state, says in finding.what) for finding in found] == [(state, True)]
    assert ("LimitNOFILE=16512" in found[0].remedy) == (state == "note")


def test_a_folder_that_cannot_be_written_is_to_be_given_to_its_user(monkeypatch, data):
    monkeypatch.setattr(doctor.os, "access", lambda path, _mode: path != data)  # root may write everything
    finding = found(doctor._folder, Settings(data=data), "cannot be written")
    assert finding.bad
    assert finding.remedy == f"Give it to this user: chown -R $USER {data}"


def test_a_full_disk_is_told_before_it_is_full(monkeypatch, data):
    monkeypatch.setattr(doctor, "LEAST_FREE_BYTES", 2**70)
    finding = found(doctor._folder, Settings(data=data), "free under")
    assert finding.bad
    assert "ALPHEUS_DATA" in finding.remedy


def test_a_folder_that_is_not_there_is_no_fault(tmp_path):
    finding = found(doctor._folder, Settings(data=tmp_path / "new"), "not there yet")
    assert finding.state == "note"
    assert "alpheus up" in finding.remedy


def test_secrets_that_others_can_read_are_to_be_closed(data):
    folder = data / "secrets"
    folder.mkdir(mode=0o700)
    settings = Settings(data=data, key_encryption_key="0" * 64)
    assert list(doctor._secrets(settings)) == []
    folder.chmod(0o750)
    finding = found(doctor._secrets, settings, "Others can read")
    assert finding.bad
    assert finding.remedy == f"chmod 700 {folder}"


def test_a_single_secret_that_others_can_read_is_to_be_closed(data):
    folder = data / "secrets"
    folder.mkdir(mode=0o700)
    key = folder / "grant.key"
    key.touch(mode=0o600)
    key.chmod(0o644)
    finding = found(doctor._secrets, Settings(data=data, key_encryption_key="0" * 64), "grant.key")
    assert finding.bad
    assert finding.remedy == f"chmod 600 {key}"


def test_a_key_beside_what_it_protects_is_told_how_to_part(data):
    finding = found(doctor._secrets, Settings(data=data), "beside what it protects")
    assert finding.state == "note"
    assert "ALPHEUS_KEY_ENCRYPTION_KEY" in finding.remedy


def made_database(data):
    path = data / "alpheus.sqlite3"
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA page_size = 512")
        connection.execute("CREATE TABLE things (name TEXT)")
        connection.executemany(
            "INSERT INTO things VALUES (?)", [(f"thing {number}" * 9,) for number in range(400)]
        )
    connection.close()
    return path


def test_a_sound_database_is_told_as_such(data):
    made_database(data)
    assert found(doctor._database, Settings(data=data), "Database sound").state == "good"


@pytest.mark.parametrize("place", [0, 5 * 512])
def test_a_damaged_database_is_to_be_restored(data, place):
    path = made_database(data)
    with path.open("r+b") as file:
        file.seek(place)
        file.write(b"\xa5" * 1024)
    finding = found(doctor._database, Settings(data=data), "damaged")
    assert finding.bad
    assert "restore the latest backup" in finding.remedy


def test_a_store_that_is_silent_is_told_by_its_setting(monkeypatch, data):
    def silent(_self, path, _bytes):
        raise StoreUnavailable(f"The object store failed at {path}: connection refused")

    monkeypatch.setattr(Blobs, "put", silent)
    finding = found(doctor._store, Settings(data=data), "does not answer: The object store failed")
    assert finding.bad
    assert "ALPHEUS_STORAGE_URL" in finding.remedy


def test_a_store_that_lies_is_not_to_be_used(monkeypatch, data):
    monkeypatch.setattr(Blobs, "get", lambda _self, _path: b"other")
    finding = found(doctor._store, Settings(data=data), "other bytes")
    assert finding.bad
    assert finding.remedy == "Do not use this store."


def test_a_store_that_works_keeps_nothing_of_the_probe(data):
    settings = Settings(data=data)
    assert found(doctor._store, settings, "writes and reads back").state == "good"
    assert not [path for path in (data / "objects").rglob("*") if path.is_file()]


def test_missing_assets_are_to_be_built(monkeypatch, tmp_path, data):
    monkeypatch.setattr("importlib.resources.files", lambda _package: tmp_path)
    finding = found(doctor._assets, Settings(data=data), "not built")
    assert finding.bad
    assert finding.remedy == "Run: make assets"


def test_a_silent_web_and_edge_are_to_be_started(data):
    # Ports below 1024 that belong to nobody here.
    findings = list(doctor._listening(Settings(data=data, port=1, edge_port=2)))
    assert [finding.what.split(" at ")[0] for finding in findings] == [
        "web does not answer",
        "edge-1 does not answer",
    ]
    assert {finding.remedy for finding in findings} == {"Start it: alpheus up"}


@pytest.mark.parametrize(("bind", "told"), [("0.0.0.0", True), ("192.168.1.7", True), ("127.0.0.1", False)])
def test_serving_a_network_without_tls_is_told_how_to_turn_it_on(data, bind, told):
    notes = [it for it in doctor._public(Settings(data=data, bind=bind)) if "without TLS" in it.what]
    assert bool(notes) == told
    assert all("ALPHEUS_TLS_CERTIFICATE and ALPHEUS_TLS_KEY" in note.remedy for note in notes)


# TLS


def write_pair(folder, *, until=NOW + timedelta(days=90)):
    """A certificate of our own and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "music.example")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(until - timedelta(days=180))
        .not_valid_after(until)
        .sign(key, hashes.SHA256())
    )
    folder.mkdir(exist_ok=True)
    paths = folder / "cert.pem", folder / "key.pem"
    paths[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return [str(path) for path in paths]


def with_tls(data, certificate, key):
    return Settings(data=data, tls_certificate=certificate, tls_key=key)


def test_a_good_certificate_says_until_when(data, tmp_path):
    until = NOW + timedelta(days=90)
    (finding,) = doctor._tls(with_tls(data, *write_pair(tmp_path / "tls", until=until)))
    assert finding.state == "good"
    assert f"{until:%Y-%m-%d}" in finding.what


def test_a_certificate_that_is_over_is_to_be_renewed(data, tmp_path):
    pair = write_pair(tmp_path / "tls", until=NOW - timedelta(days=1))
    (finding,) = doctor._tls(with_tls(data, *pair))
    assert finding.bad
    assert "Renew it" in finding.remedy


def test_a_certificate_that_is_nearly_over_is_told_ahead(data, tmp_path):
    pair = write_pair(tmp_path / "tls", until=NOW + timedelta(days=3))
    (finding,) = doctor._tls(with_tls(data, *pair))
    assert finding.state == "note"
    assert "Renew it" in finding.remedy


def test_a_certificate_and_the_key_of_another_are_no_pair(data, tmp_path):
    certificate, _ = write_pair(tmp_path / "one")
    _, key = write_pair(tmp_path / "two")
    (finding,) = doctor._tls(with_tls(data, certificate, key))
    assert finding.bad
    assert "do not belong together" in finding.what
    assert "ALPHEUS_TLS_KEY" in finding.remedy


def test_files_that_are_not_there_or_no_certificate_are_named(data, tmp_path):
    certificate, key = write_pair(tmp_path / "tls")
    (missing,) = doctor._tls(with_tls(data, certificate, str(tmp_path / "nowhere.pem")))
    assert missing.bad
    assert "nowhere.pem" in missing.what
    (tmp_path / "words.pem").write_text("no certificate")
    (finding,) = doctor._tls(with_tls(data, str(tmp_path / "words.pem"), key))
    assert finding.bad
    assert "words.pem" in finding.what


def test_one_of_the_two_alone_is_told(data, tmp_path):
    certificate, _ = write_pair(tmp_path / "tls")
    (finding,) = doctor._tls(with_tls(data, certificate, ""))
    assert finding.bad
    assert "ALPHEUS_TLS_KEY" in finding.remedy


def test_without_tls_nothing_is_said_of_its_files(data):
    assert list(doctor._tls(Settings(data=data))) == []


# The worker


def with_beat(data, ago):
    with sqlite3.connect(data / "alpheus.sqlite3") as connection:
        connection.execute("CREATE TABLE tasks_workerbeat (worker_id TEXT, beat_at TEXT)")
        if ago is not None:
            beat = (datetime.now(UTC) - ago).replace(tzinfo=None).isoformat(" ")  # as Django writes it
            connection.execute("INSERT INTO tasks_workerbeat VALUES ('worker-1', ?)", (beat,))
    connection.close()
    return Settings(data=data)


def test_a_worker_that_beats_takes_tasks(data):
    (finding,) = doctor._worker(with_beat(data, timedelta(seconds=5)))
    assert finding.state == "good"


def test_a_worker_that_fell_silent_is_to_be_started(data):
    (finding,) = doctor._worker(with_beat(data, timedelta(minutes=5)))
    assert finding.state == "note"
    assert "no task is taken" in finding.what
    assert "alpheus up" in finding.remedy


def test_of_a_worker_that_never_beat_or_stopped_nothing_is_said(data):
    assert list(doctor._worker(Settings(data=data))) == []
    made_database(data)
    assert list(doctor._worker(Settings(data=data))) == []
    (data / "alpheus.sqlite3").unlink()
    assert list(doctor._worker(with_beat(data, None))) == []


# Translations


def test_translations_that_were_not_compiled_are_to_be_built(monkeypatch, tmp_path, data):
    words = tmp_path / "web" / "locale" / "ja" / "LC_MESSAGES"
    words.mkdir(parents=True)
    (words / "django.po").touch()
    monkeypatch.setattr("importlib.resources.files", lambda _package: tmp_path)
    (finding,) = doctor._translations(Settings(data=data))
    assert finding.bad
    assert "ja" in finding.what
    assert finding.remedy == "Run: make assets"
    (words / "django.mo").touch()
    (finding,) = doctor._translations(Settings(data=data))
    assert finding.state == "good"

import stat
from concurrent.futures import ThreadPoolExecutor

from cryptography.hazmat.primitives import serialization

from alpheus.config import secrets
from alpheus.config.settings import Settings


def test_made_once_and_kept(tmp_path):
    settings = Settings(data=tmp_path)
    assert secrets.key_encryption_key(settings) == secrets.key_encryption_key(settings)
    assert len(secrets.codeword_key(settings)) == 32


def test_only_the_owner_can_read_them(tmp_path):
    secrets.internal_key(Settings(data=tmp_path))
    folder = tmp_path / "secrets"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert [stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()] == [0o600]


def test_processes_that_race_agree(tmp_path):
    settings = Settings(data=tmp_path)
    with ThreadPoolExecutor(16) as pool:
        keys = set(pool.map(lambda _: secrets.codeword_key(settings), range(64)))
    assert len(keys) == 1
    assert [path.name for path in (tmp_path / "secrets").iterdir()] == ["codeword.key"]


def test_the_environment_goes_before_the_file(tmp_path):
    assert secrets.key_encryption_key(Settings(data=tmp_path, key_encryption_key="ab" * 32)) == b"\xab" * 32
    assert not (tmp_path / "secrets").exists()


def test_the_public_key_is_public(tmp_path):
    settings = Settings(data=tmp_path)
    key = serialization.load_pem_public_key(secrets.grant_public_key(settings))
    assert b"PRIVATE" not in secrets.grant_public_key(settings)
    assert key

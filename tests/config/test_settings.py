import pytest
from pydantic import ValidationError

from alpheus.config.settings import Settings, SettingsError, load


@pytest.fixture(autouse=True)
def fresh():
    load.cache_clear()
    yield
    load.cache_clear()


def test_defaults_work():
    settings = load()
    assert settings.port == 8000
    assert settings.objects_url.startswith("file:///")


def test_frozen():
    with pytest.raises(ValidationError):
        load().port = 1


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("ALPHEUS_PORT", "eight", "ALPHEUS_PORT"),
        ("ALPHEUS_PORT", "99999", "less than or equal to 65535"),
        ("ALPHEUS_ACCESS", "everyone", "'open', 'members' or 'by_right'"),
        ("ALPHEUS_KEY_ENCRYPTION_KEY", "short", "openssl rand -hex 32"),
        ("ALPHEUS_PROT", "8000", "no such setting"),
        ("ALPHEUS_EPOCH_SECONDS", "1", "ALPHEUS_EPOCH_SECONDS"),
    ],
)
def test_an_unusable_setting_is_named_with_its_remedy(monkeypatch, name, value, says):
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=says) as raised:
        load()
    assert name in str(raised.value)


def test_hosts_are_split(monkeypatch):
    monkeypatch.setenv("ALPHEUS_ALLOWED_HOSTS", "a.example, b.example,")
    assert load().allowed_hosts == ("a.example", "b.example")


def test_the_key_never_shows():
    settings = Settings(key_encryption_key="ab" * 32)
    assert "abab" not in repr(settings)


@pytest.mark.parametrize(
    ("given", "https"),
    [
        ({}, False),
        ({"public_url": "http://music.example"}, False),
        ({"public_url": "https://music.example"}, True),
        ({"tls_certificate": "cert.pem", "tls_key": "key.pem"}, True),
    ],
)
def test_cookies_are_kept_to_tls_wherever_there_is_tls(given, https):
    assert Settings(**given).is_https is https

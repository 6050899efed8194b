"""Providers by one setting: typed, refused loudly, never shown."""

import json

import pytest

from alpheus.config.settings import SettingsError, load
from alpheus.config.sign_in import in_allauth

ALL = [
    {"kind": "google", "client_id": "g", "secret": "S1"},
    {
        "kind": "apple",
        "client_id": "a",
        "team_id": "T",
        "key_id": "K",
        "private_key": "-----BEGIN PRIVATE KEY-----\nS2",
    },
    {"kind": "kakao", "client_id": "k", "secret": "S3"},
    {"kind": "line", "client_id": "l", "secret": "S4"},
    {"kind": "wechat", "client_id": "w", "secret": "S5"},
    {
        "kind": "oidc",
        "id": "campus",
        "name": "Campus",
        "issuer": "https://id.example/",
        "client_id": "o",
        "secret": "S6",
    },
]


@pytest.fixture(autouse=True)
def fresh():
    load.cache_clear()
    yield
    load.cache_clear()


def given(monkeypatch, value):
    monkeypatch.setenv("ALPHEUS_SIGN_IN_PROVIDERS", value if isinstance(value, str) else json.dumps(value))
    return load()


def test_all_six(monkeypatch):
    told = in_allauth(given(monkeypatch, ALL).sign_in_providers)
    assert set(told) == {"google", "apple", "kakao", "line", "weixin", "openid_connect"}
    (apple,) = told["apple"]["APPS"]
    assert (apple["secret"], apple["key"]) == ("K", "T")
    assert apple["settings"]["certificate_key"].startswith("-----BEGIN")
    (campus,) = told["openid_connect"]["APPS"]
    assert campus["settings"] == {"server_url": "https://id.example"}
    assert told["openid_connect"]["OAUTH_PKCE_ENABLED"]


def test_none_by_default():
    assert load().sign_in_providers == ()


def test_secrets_never_show(monkeypatch):
    shown = repr(given(monkeypatch, ALL)) + "".join(repr(it) for it in load().sign_in_providers)
    assert not [it for it in ("S1", "S2", "S3", "S4", "S5", "S6") if it in shown]


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("google", "JSON list"),
        ('{"kind": "google"}', "JSON list"),
        (
            [{"kind": "myspace", "client_id": "x", "secret": "SESAME"}],
            "'google', 'apple', 'kakao', 'line', 'wechat', 'oidc'",
        ),
        ([{"kind": "google", "client_id": "x"}], "secret"),
        ([{"kind": "google", "client_id": "", "secret": "SESAME"}], "client_id"),
        ([{"kind": "google", "client_id": "x", "secret": "SESAME", "tenant": "y"}], "tenant"),
        ([ALL[0], ALL[0]], "google twice"),
        ([ALL[5], ALL[5]], "campus twice"),
        ([ALL[5] | {"issuer": "http://id.example"}], "https://"),
        ([ALL[5] | {"id": "Campus One"}], "id"),
        ([ALL[1] | {"private_key": "SESAME"}], "private_key"),
    ],
)
def test_what_cannot_be_used_stops_the_start_and_says_where(monkeypatch, value, says):
    with pytest.raises(SettingsError, match=says) as raised:
        given(monkeypatch, value)
    assert "ALPHEUS_SIGN_IN_PROVIDERS" in str(raised.value)
    assert "SESAME" not in str(raised.value)


@pytest.mark.parametrize(
    ("verify", "mail", "must"),
    [
        ("auto", "console://", False),
        ("auto", "smtp://mail.example", True),
        ("required", "console://", True),
        ("optional", "smtp://mail.example", False),
    ],
)
def test_addresses_are_confirmed_where_letters_arrive(monkeypatch, verify, mail, must):
    monkeypatch.setenv("ALPHEUS_VERIFY_EMAIL", verify)
    monkeypatch.setenv("ALPHEUS_MAIL_URL", mail)
    assert load().must_verify_email is must

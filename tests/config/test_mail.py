"""Letters go where one setting says."""

import pytest

from alpheus.config.mail import mail_of
from alpheus.config.settings import SettingsError


def test_the_console_is_the_default_place():
    assert mail_of("console://")["backend"].endswith("console.EmailBackend")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail.example", ("mail.example", 25, "", "", False)),
        ("smtp://me:p%40ss@mail.example:587", ("mail.example", 587, "me", "p@ss", False)),
        ("smtps://me:secret@mail.example", ("mail.example", 465, "me", "secret", True)),
    ],
)
def test_a_mail_server(url, expected):
    mail = mail_of(url)
    assert mail["backend"].endswith("smtp.EmailBackend")
    assert (mail["host"], mail["port"], mail["user"], mail["password"], mail["tls"]) == expected


@pytest.mark.parametrize(
    "url", ["", "mail.example", "smtp://", "imap://mail.example", "smtp+tls://mail.example"]
)
def test_anything_else_is_refused_with_the_remedy(url):
    with pytest.raises(SettingsError, match="ALPHEUS_MAIL_URL"):
        mail_of(url)

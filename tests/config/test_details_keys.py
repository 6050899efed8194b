"""Keys of details: made once, the newest first, rotated and forgotten by command."""

import stat

from typer.testing import CliRunner

from alpheus.cli import app
from alpheus.config import secrets
from alpheus.config.settings import Settings


def test_made_once_added_before_and_dropped(tmp_path):
    settings = Settings(data=tmp_path)
    (first,) = secrets.details_keys(settings)
    assert secrets.details_keys(settings) == (first,)
    second, old = secrets.add_details_key(settings)
    assert old == first != second
    assert secrets.details_keys(settings) == (second, first)
    assert secrets.drop_old_details_keys(settings) == 1
    assert secrets.details_keys(settings) == (second,)
    assert stat.S_IMODE((tmp_path / "secrets" / "details.keys").stat().st_mode) == 0o600
    assert [it.name for it in (tmp_path / "secrets").iterdir()] == ["details.keys"]


def test_the_command_is_there():
    told = CliRunner().invoke(app, ["rotate-details-key", "--help"])
    assert "--drop-old" in told.output

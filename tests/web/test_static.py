"""The app's own files: as small as they get, and kept for ever where their name says what is in them."""

import gzip
import re

import pytest
from django.core.management import call_command
from django.http import HttpResponse
from django.test import RequestFactory
from whitenoise.middleware import WhiteNoiseMiddleware

from alpheus.config.django import STORAGES

TINY = 500
"""Bytes that gzip makes no smaller."""
IN_MAIN = re.compile(r"chunks/[\w-]+\.js")


@pytest.fixture
def served(settings, tmp_path):
    """What answers for static files once they were collected, as `alpheus migrate` does."""
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = STORAGES  # as it is served, which other tests of pages do without
    call_command("collectstatic", interactive=False, verbosity=0)
    middleware = WhiteNoiseMiddleware(lambda _: HttpResponse(status=404))

    def ask(path):
        return middleware(RequestFactory().get(f"/static/{path}", headers={"Accept-Encoding": "gzip"}))

    return ask, tmp_path


def test_every_script_that_a_page_loads_travels_small_and_is_kept(served):
    ask, root = served
    main = next((root / "built").glob("main.*.js"))
    loaded = sorted(set(IN_MAIN.findall(main.read_text())))
    assert loaded, "main.js loads what is only needed now and then"
    for name in (main.name, *loaded):
        answer, content = ask(f"built/{name}"), (root / "built" / name).read_bytes()
        body = b"".join(answer.streaming_content)
        assert "immutable" in answer.headers["Cache-Control"], name
        if len(content) > TINY:
            assert answer.headers["Content-Encoding"] == "gzip", name
            assert gzip.decompress(body) == content


def test_what_may_change_under_its_name_is_not_kept(served):
    ask, _ = served
    assert "immutable" not in ask("built/main.js").headers["Cache-Control"]
    assert ask("built/nothing.js").status_code == 404
